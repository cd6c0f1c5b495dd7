"""Se lance dans l’environnement de frictionless : lit des couples (schéma, CSV), rend ses verdicts.

Les contrôles de Validata (« custom_checks ») sont écrits ici une seconde fois, ligne par ligne,
d’après leur description : ce ne sont pas ceux de Socle.

Usage : python juge_frictionless.py DOSSIER ; chaque `N.csv` y a son `N.json`.
"""

import json
import operator
import re
import sys
import unicodedata
from numbers import Number
from pathlib import Path

from frictionless import Check, Checklist, Dialect, Resource, Schema, errors, validate
from frictionless.formats import CsvControl

MATIERES = [
    "commande publique", "urbanisme", "domaine et patrimoine", "fonction publique",
    "institutions et vie politique", "libertes publiques et pouvoirs de police",
    "finances locales", "domaines de competences par themes", "autres domaines de competences",
]  # fmt: skip
OPERATEURS = {
    ">": operator.gt, ">=": operator.ge, "==": operator.eq, "<=": operator.le, "<": operator.lt,
}  # fmt: skip


def is_luhn(numero):
    total = 0
    for rang, chiffre in enumerate(reversed(numero)):
        double = int(chiffre) * (1 + rang % 2)
        total += double - 9 if double > 9 else double
    return total % 10 == 0


def is_siren(valeur):
    numero = re.sub("[ .]", "", valeur)
    return bool(re.fullmatch("[0-9]{9}", numero)) and is_luhn(numero)


def is_siret(valeur):
    numero = re.sub("[ .]", "", valeur)
    if not re.fullmatch("[0-9]{14}", numero) or not is_luhn(numero[:9]):
        return False
    if numero.startswith("356000000") and numero != "35600000000048":
        return sum(int(chiffre) for chiffre in numero) % 5 == 0
    return is_luhn(numero)


def is_matiere(valeur):
    debut = unicodedata.normalize("NFD", valeur.split("/")[0].lower())
    debut = "".join(signe for signe in debut if not unicodedata.combining(signe))
    return "/" in valeur and "/ " not in valeur and debut in MATIERES


def is_intervalle(valeur, params):
    if re.fullmatch("[0-9]{4}", valeur):
        return str(params.get("allow-year-only", "")).lower() in {"true", "yes"}
    annees = re.fullmatch("([0-9]{4})/([0-9]{4})", valeur)
    return bool(annees) and int(annees[1]) < int(annees[2])


def is_comparaison(row, params):
    a, b = row[params["column"]], row[params["column2"]]
    if a is None or b is None:
        return True
    if isinstance(a, Number) and isinstance(b, Number):
        return OPERATEURS[params["op"]](a, b)
    if type(a) is not type(b):
        return False
    return OPERATEURS[params["op"]](str(a), str(b))


def is_somme(row, params):
    termes = [row[nom] for nom in params["columns"]]
    total = row[params["column"]]
    return total is None or None in termes or total == sum(termes)


def is_ensemble(row, params):
    noms = [params["column"], *params["othercolumns"]]
    return len({row[nom] is None for nom in noms}) == 1


VALEURS = {
    "french-siret-value": lambda valeur, _: is_siret(valeur),
    "french-siren-value": lambda valeur, _: is_siren(valeur),
    "nomenclature-actes-value": lambda valeur, _: is_matiere(valeur),
    "year-interval-value": is_intervalle,
}
LIGNES = {
    "compare-columns-value": is_comparaison,
    "sum-columns-value": is_somme,
    "cohesive-columns-value": is_ensemble,
}


def build_erreur(base, nom):
    return type(nom, (base,), {"type": nom, "title": nom, "description": nom, "template": "x"})


ERREURS = {nom: build_erreur(errors.CellError, nom) for nom in (*VALEURS, *LIGNES)} | {
    "one-of-required": build_erreur(errors.RowError, "one-of-required")
}


class Controle(Check):
    """Un contrôle de Validata ; muet si une de ses colonnes est absente."""

    type = "controle"
    Errors = list(ERREURS.values())

    def __init__(self, nom, params):
        super().__init__()
        self.nom, self.params = nom, params

    def validate_row(self, row):
        champ = self.params.get("column")
        if self.nom == "one-of-required":
            noms = [
                n for n in (self.params["column1"], self.params["column2"]) if n in row.field_names
            ]
            if noms and all(row[nom] is None for nom in noms):
                yield ERREURS[self.nom].from_row(row, note="")
            return
        autres = [self.params.get("column2") or champ, *self.params.get("columns", ()),
                  *self.params.get("othercolumns", ())]  # fmt: skip
        if any(nom not in row.field_names for nom in (champ, *autres)):
            return
        if self.nom in VALEURS:
            bon = row[champ] is None or VALEURS[self.nom](row[champ], self.params)
        else:
            bon = LIGNES[self.nom](row, self.params)
        if not bon:
            yield ERREURS[self.nom].from_row(row, note="", field_name=champ)


def judge(fichier: Path) -> list[list[object]]:
    descripteur = json.loads(fichier.with_suffix(".json").read_text())
    controles = descripteur.pop("custom_checks", [])
    ressource = Resource(
        path=fichier.name,
        basepath=str(fichier.parent),
        schema=Schema.from_descriptor(descripteur),
        encoding="utf-8",
        dialect=Dialect(controls=[CsvControl(delimiter=",")]),
    )
    liste = Checklist(checks=[Controle(c["name"], c["params"]) for c in controles])
    rapport = validate(ressource, checklist=liste, limit_errors=100_000)
    fautes = rapport.flatten(["rowNumber", "fieldName", "type"])
    return [[ligne, champ or None, code] for ligne, champ, code in fautes]


dossier = Path(sys.argv[1])
verdicts = {f.stem: judge(f) for f in sorted(dossier.glob("*.csv"))}
(dossier / "verdicts.json").write_text(json.dumps(verdicts))
