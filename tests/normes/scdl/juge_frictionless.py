"""Se lance dans l’environnement de frictionless : lit des couples (schéma, CSV), rend ses verdicts.

Usage : python juge_frictionless.py DOSSIER ; chaque `N.csv` y a son `N.json`.
"""

import json
import sys
from pathlib import Path

from frictionless import Checklist, Dialect, Resource, Schema, validate
from frictionless.formats import CsvControl


def judge(fichier: Path) -> list[list[object]]:
    schema = Schema.from_descriptor(json.loads(fichier.with_suffix(".json").read_text()))
    ressource = Resource(
        path=fichier.name,
        basepath=str(fichier.parent),
        schema=schema,
        encoding="utf-8",
        dialect=Dialect(controls=[CsvControl(delimiter=",")]),
    )
    rapport = validate(ressource, checklist=Checklist(), limit_errors=100_000)
    fautes = rapport.flatten(["rowNumber", "fieldName", "type"])
    return [[ligne, champ or None, code] for ligne, champ, code in fautes]


dossier = Path(sys.argv[1])
verdicts = {f.stem: judge(f) for f in sorted(dossier.glob("*.csv"))}
(dossier / "verdicts.json").write_text(json.dumps(verdicts))
