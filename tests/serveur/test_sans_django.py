"""Le superviseur n’importe pas Django : il tient quand l’application est cassée, et reste léger."""

import json

import pytest

from tests.serveur.outils import run_python

LOURDS = {"django", "granian", "procrastinate", "config", "allauth"}
LIRE = """
import importlib, json, sys
importlib.import_module(sys.argv[1])
print(json.dumps(sorted({nom.partition(".")[0] for nom in sys.modules})))
"""


@pytest.mark.parametrize(
    "module",
    [
        "socle.serveur.superviseur",
        "socle.serveur.enfants",
        "socle.serveur.service",
        "socle.serveur.servir",
        "socle.serveur.__main__",
        "socle.serveur.postgres.embarque",
    ],
)
def test_supervisor_imports_nothing_of_the_application(module):
    processus = run_python(LIRE, module)
    sortie, erreurs = processus.communicate(timeout=120)

    assert processus.returncode == 0, erreurs
    assert LOURDS & set(json.loads(sortie)) == set()
