"""Le web et le travailleur démarrent légers : ce qui est lourd se charge où il sert."""

import json

from tests.serveur.outils import run_python

# PDF, tableurs, S3, XML, formats, images, calendriers… : chacun pèse des dizaines de mégaoctets.
LOURDS = {
    "PIL", "boto3", "botocore", "fastexcel", "holidays", "icalendar", "jsonschema", "lxml",
    "markdown_it", "numpy", "openpyxl", "pandas", "phonenumbers", "pikepdf", "polars", "pygfried",
    "rfc3161_client", "segno", "storages", "typst", "xlsxwriter", "zipstream",
}  # fmt: skip
DEMARRER = """
import json, sys
from socle.serveur.atelier import load_django
load_django()
import socle.fondations.commun.management.commands.travailler
print(json.dumps(sorted({nom.partition(".")[0] for nom in sys.modules})))
print(json.dumps("socle.metiers.dossiers.views" in sys.modules))
"""


def test_web_and_worker_start_without_any_heavy_library():
    """Les deux sont des copies de l’atelier : un seul chargement à regarder."""
    reglages = {"DJANGO_SETTINGS_MODULE": "config.settings", "SOCLE_SECRET_KEY": "x" * 50}
    processus = run_python(DEMARRER, env=reglages)
    sortie, erreurs = processus.communicate(timeout=120)

    assert processus.returncode == 0, erreurs
    modules, vues = map(json.loads, sortie.splitlines())
    assert LOURDS & set(modules) == set()
    assert {"django", "procrastinate"} <= set(modules)
    assert vues
