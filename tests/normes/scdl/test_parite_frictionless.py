"""Deux cents fichiers aux fautes semées : mêmes (ligne, champ, code) que frictionless 5.21.

frictionless vit dans son propre environnement, fait par l’essai ; `SOCLE_TESTS_FRICTIONLESS` donne
un Python où il est déjà.
"""

# ruff: noqa: E501  un cas par ligne

import io
import json
import random
import subprocess
from pathlib import Path

import pytest

from socle.normes.scdl.schema import read_table_schema
from socle.normes.scdl.validation import validate_fichier
from tests.environnement import make_python
from tests.normes.scdl.outils import write_csv

pytestmark = pytest.mark.lent
FICHIERS, LIGNES = 200, 60
CHAMPS = [
    {"name": "code", "type": "string", "constraints": {"required": True, "pattern": r"^[A-Z]\d{3}$|XX"}},
    {"name": "texte", "type": "string", "constraints": {"minLength": 2, "maxLength": 6}},
    {"name": "sorte", "type": "string", "constraints": {"enum": ["eau", "terre", "feu"]}},
    {"name": "entier", "type": "integer", "constraints": {"minimum": -5, "maximum": 90}},
    {"name": "nombre", "type": "number", "constraints": {"required": True, "minimum": 0.01, "maximum": 1}},
    {"name": "jour", "type": "date", "constraints": {"minimum": "2000-01-01"}},
    {"name": "mois", "type": "yearmonth"},
    {"name": "instant", "type": "datetime"},
    {"name": "an", "type": "year", "constraints": {"required": True, "minimum": 1900}},
    {"name": "vrai", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
    {"name": "url", "type": "string", "format": "uri"},
    {"name": "courriel", "type": "string", "format": "email"},
    {"name": "uuid", "type": "string", "format": "uuid"},
    {"name": "liste", "type": "array", "arrayItem": {"type": "string", "constraints": {"enum": ["a", "b"]}}},
    {"name": "point", "type": "geopoint", "format": "array"},
    {"name": "heure", "type": "time"},
    {"name": "jma", "type": "date", "format": "%d/%m/%Y"},
    {"name": "cle", "type": "string", "constraints": {"unique": True}},
    {"name": "virgule", "type": "number", "decimalChar": ",", "groupChar": " ", "constraints": {"maximum": 2000}},
    {"name": "nu", "type": "integer", "bareNumber": False, "constraints": {"minimum": 1}},
    {"name": "siret", "type": "string"},
    {"name": "siren", "type": "string"},
    {"name": "annees", "type": "string"},
    {"name": "matiere", "type": "string"},
]  # fmt: skip
VALEURS = {
    "code": ["A123", "B000", "XX", "XXX", "a123", "A12", "A123\n", "ÀA123", "Ａ123", "A١٢٣"],
    "texte": ["abc", "é", "trop long", "œuvre", "a,b", 'a"b', "l1\nl2", "NA", " ", "1234567"],
    "sorte": ["eau", "Eau", "feu ", "terre"],
    "entier": ["1", " 12 ", "1_0", "+5", "1.0", "91", "-6", "٣", "1e3", "99999999999999999999", "-0", "007", "--1"],
    "nombre": ["0.5", "0,5", ".5", "1.", "1e-1", "NaN", "inf", "0.01", "0.009", "1_0", " 1 ", "0x1", "+0.5", "1 000"],
    "jour": ["2017-01-05", "2017-1-5", "1999-12-31", "2017-02-29", "05/01/2017", "2017-01-05 ", "0000-01-01", "20170105"],
    "mois": ["2017-01", "2017-13", "2017", "2017-1", "x-1"],
    "instant": ["2017-01-05T10:00:00", "2017-01-05T10:00:00Z", "2017-01-05", "2017-01-05T10:00", "2017-01-05T25:00:00"],
    "an": ["2017", "17", "1899", " 201", "+201", "-201", "20a7", "٢٠١٧"],
    "vrai": ["oui", "non", "OUI", "true", "1"],
    "url": ["https://a.fr", "a.fr", "mailto:x@y.fr", "http://u:p@a.fr", "http://a b", "1http://a", "é:x", "urn:x"],
    "courriel": ["a@b.fr", "a.b@c", "a@b@c.fr", "A.B+c@d-e.fr", "@b.fr", "a@-b.fr", "a b@c.fr", "a@b.f"],
    "uuid": ["2bc1c94f-0deb-43e9-92a1-4775189ec9f8", "2BC1C94F0DEB43E992A14775189EC9F8", "2bc1", "{2bc1c94f-0deb-43e9-92a1-4775189ec9f8}"],
    "liste": ['["a"]', '["a","b"]', '["c"]', "[]", "a", "{}", "[1]", '["c", 1]', "[null]", '[""]'],
    "point": ["[2.25, 48.8]", "[200, 3]", "2,3", "[1]", '["1","2"]', "[1,2,3]", "[true, 2]"],
    "heure": ["10:00:00", "10:00", "25:00:00", "10:00:00Z", "1:00:00"],
    "jma": ["05/01/2017", "5/1/2017", "2017-01-05", "31/02/2017"],
    "cle": [str(n) for n in range(3)],
    "virgule": ["1 000,5", "1.5", "2 000,01", "12", ",5", "1,2,3"],
    "nu": ["12 €", "12", "€ 0", "-3 ans", "x", "1.5"],
    "siret": ["21920023500014", "2192002350001", "21920023500015", "35600000000048", "35600000049837", "35600000049838", "219 200 235 00014"],
    "siren": ["219200235", "219200236", "21920023", "x"],
    "annees": ["2017/2018", "2018", "2018/2017", "2017/2017", "2017-2018", "17/18"],
    "matiere": ["Urbanisme/Documents", "URBANISME/x", "Domaines de competences par themes/x", "Urbanisme", "Urbanisme / x", "Urbanisme/ x", "Cuisine/x", "Finances locales/a/b"],
}  # fmt: skip
CONTROLES = [
    ("french-siret-value", {"column": "siret"}),
    ("french-siren-value", {"column": "siren"}),
    ("nomenclature-actes-value", {"column": "matiere"}),
    ("year-interval-value", {"column": "annees"}),
    ("year-interval-value", {"column": "annees", "allow-year-only": "yes"}),
    ("cohesive-columns-value", {"column": "code", "othercolumns": ["texte", "entier"]}),
    ("compare-columns-value", {"column": "entier", "op": ">=", "column2": "virgule"}),
    ("compare-columns-value", {"column": "jour", "op": "<", "column2": "jma"}),
    ("compare-columns-value", {"column": "texte", "op": ">", "column2": "sorte"}),
    ("compare-columns-value", {"column": "an", "op": "==", "column2": "texte"}),
    ("sum-columns-value", {"column": "entier", "columns": ["nu", "virgule"]}),
    ("one-of-required", {"column1": "code", "column2": "texte"}),
]
BONNES = {nom: valeurs[0] for nom, valeurs in VALEURS.items()}


def build_fichier(hasard: random.Random) -> tuple[dict, bytes]:
    champs = hasard.sample(CHAMPS, hasard.randint(2, len(CHAMPS)))
    noms = [champ["name"] for champ in champs]
    schema = {"fields": champs}
    if hasard.random() < 0.3:
        possibles = [nom for nom in noms if nom != "liste"]  # frictionless s’arrête sur une liste
        schema["primaryKey"] = hasard.sample(possibles, min(len(possibles), hasard.randint(1, 2)))
    if hasard.random() < 0.3:
        schema["missingValues"] = ["", "NA", " "]
    if hasard.random() < 0.7:
        choisis = hasard.sample(CONTROLES, hasard.randint(1, 6))
        schema["custom_checks"] = [
            {"name": nom, "params": params}
            for nom, params in choisis
            if {params["column2" if nom == "one-of-required" else "column"]} <= set(noms)
        ]
    lignes = [build_ligne(hasard, noms) for _ in range(hasard.randint(0, LIGNES))]
    return schema, write_csv(noms, lignes, fin=hasard.choice(["\n", "\r\n"]))


def build_ligne(hasard: random.Random, noms: list[str]) -> list[str]:
    if hasard.random() < 0.03:
        return [""] * hasard.randint(0, len(noms))
    ligne = [
        "" if hasard.random() < 0.1
        else hasard.choice(VALEURS[nom]) if hasard.random() < 0.3
        else BONNES[nom] if nom != "cle" else str(hasard.random())
        for nom in noms
    ]  # fmt: skip
    if hasard.random() < 0.04:
        ligne += ["x"] * hasard.randint(1, 3)
    elif hasard.random() < 0.04:
        del ligne[hasard.randint(1, len(ligne)) :]
    return ligne


@pytest.fixture(scope="module")
def python_frictionless(tmp_path_factory) -> str:
    dossier = tmp_path_factory.mktemp("frictionless")
    return make_python(
        dossier, variable="SOCLE_TESTS_FRICTIONLESS", paquets=["frictionless==5.21.0"]
    )


def test_verdicts_equal_those_of_frictionless(python_frictionless, tmp_path):
    hasard = random.Random(20260822)
    for rang in range(FICHIERS):
        schema, contenu = build_fichier(hasard)
        (tmp_path / f"{rang}.csv").write_bytes(contenu)
        (tmp_path / f"{rang}.json").write_text(json.dumps(schema))
    juge = Path(__file__).with_name("juge_frictionless.py")
    essai = subprocess.run(
        [python_frictionless, str(juge), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert essai.returncode == 0, essai.stderr[-2000:]
    attendus = json.loads((tmp_path / "verdicts.json").read_text())

    ecarts = [compare(tmp_path, nom, fautes) for nom, fautes in attendus.items()]
    assert [ecart for ecart in ecarts if ecart] == []


def compare(dossier: Path, nom: str, fautes: list[list]) -> str:
    schema = read_table_schema((dossier / f"{nom}.json").read_bytes())
    contenu = (dossier / f"{nom}.csv").read_bytes()
    rapport = validate_fichier(io.BytesIO(contenu), schema)
    # « Cellule en trop » n’a pas de champ ; la clé porte sur la ligne.
    notres = sorted([str(e.ligne), str(e.champ), e.code] for e in rapport.erreurs)
    leurs = sorted([str(ligne), str(champ), code] for ligne, champ, code in fautes)
    trop = [f for f in notres if f not in leurs]
    manque = [f for f in leurs if f not in notres]
    if notres == leurs:
        return ""
    return f"{nom} : trop {trop[:4]}, manque {manque[:4]}"
