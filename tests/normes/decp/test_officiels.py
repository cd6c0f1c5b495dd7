"""Mêmes verdicts que les schémas officiels : exemples, mutants JSON, mutants XML, grammaire."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from lxml import etree

from socle.normes.decp import grammaire as g
from socle.normes.decp.ecriture import write_json, write_xml
from socle.normes.decp.lecture import read_decp
from socle.normes.decp.validation import validate_decp
from tests.normes.bornes import FUZZ
from tests.normes.decp.fabrique import CONTRATS, build_mutant_json, build_mutant_xml

MOTIF_DATE = r"\d{4}-\d{2}-\d{2}"


@pytest.fixture(scope="module")
def dossier(donnees_officielles: Path) -> Path:
    return donnees_officielles / "decp"


@pytest.fixture(scope="module")
def schema(dossier: Path) -> dict[str, Any]:
    lu: dict[str, Any] = json.loads((dossier / "schema_decp_v2.0.4.json").read_bytes())
    return lu


@pytest.fixture(scope="module")
def xsd(dossier: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(dossier / "schema_decp_v2.0.2.xsd"))


def test_official_examples_have_no_error_and_survive_both_formats(
    dossier: Path, schema: dict[str, Any], xsd: etree.XMLSchema
) -> None:
    exemples = sorted((dossier / "exemples/json").glob("*.json"))
    assert len(exemples) == 3
    for exemple in exemples:
        octets = exemple.read_bytes()
        rapport = validate_decp(octets)
        assert (rapport.valide, rapport.conforme, rapport.erreurs) == (True, True, []), exemple.name

        contrats = read_decp(octets)
        en_json, en_xml = write_json(contrats), write_xml(contrats)
        assert json.loads(en_json) == json.loads(octets), exemple.name
        assert not list(Draft7Validator(schema).iter_errors(json.loads(en_json)))
        assert xsd.validate(etree.fromstring(en_xml)), xsd.error_log
        assert validate_decp(en_xml).valide
        assert read_decp(en_xml) == read_decp(en_json) == contrats


def test_our_grammar_equals_the_official_schema(schema: dict[str, Any]) -> None:
    """Champs, exigences, listes, bornes et motifs : rien ne manque, rien n’est en trop."""
    officiel = schema["definitions"]
    for nom, noeud in g.CONTRATS.items():
        attendu = simplify(officiel[nom], schema)
        assert describe(noeud) == attendu, nom


def simplify(noeud: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Le schéma officiel sans renvois, titres ni descriptions ; l’ordre n’y compte pas."""
    while "$ref" in noeud:
        cible: Any = schema
        for pas in noeud["$ref"].removeprefix("#/").split("/"):
            cible = cible[pas]
        noeud = cible
    simple = {
        cle: valeur
        for cle, valeur in noeud.items()
        if cle not in {"title", "description", "definitions", "properties", "items", "$id"}
    }
    if "properties" in noeud:
        simple["properties"] = {c: simplify(v, schema) for c, v in noeud["properties"].items()}
    if "items" in noeud:
        simple["items"] = simplify(noeud["items"], schema)
    if "required" in simple:
        simple["required"] = sorted(simple["required"])
    return simple


def describe(noeud: g.Noeud) -> dict[str, Any]:
    """Notre grammaire, dite en schéma JSON."""
    if isinstance(noeud, g.Objet):
        return _describe_objet(noeud)
    if isinstance(noeud, g.Liste):
        liste = {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": describe(noeud.noeud),
        }
        return {"type": "object", "properties": {noeud.nom: liste}, "required": [noeud.nom]}
    if isinstance(noeud, g.Suite):
        return _describe_suite(noeud)
    if isinstance(noeud, g.Texte):
        return _describe_texte(noeud)
    if isinstance(noeud, g.Jour):
        return {"type": "string", "pattern": MOTIF_DATE}
    if isinstance(noeud, g.Booleen):
        return {"type": "boolean"}
    sorte = "integer" if isinstance(noeud, g.Entier) else "number"
    maximum = {} if isinstance(noeud, g.Entier) or noeud.maximum is None else {"maximum": 1}
    return {"type": sorte, "minimum": noeud.minimum} | maximum


def _describe_objet(noeud: g.Objet) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {champ.nom: describe(champ.noeud) for champ in noeud.champs},
        "required": sorted(champ.nom for champ in noeud.champs if champ.requis),
    } | ({"additionalProperties": False} if noeud.ferme else {})


def _describe_suite(noeud: g.Suite) -> dict[str, Any]:
    element = {"properties": {noeud.nom: describe(noeud.noeud)}, "required": [noeud.nom]}
    if noeud.type_dit:
        element["type"] = "object"
    suite: dict[str, Any] = {"type": "array", "minItems": noeud.minimum, "items": element}
    return suite | ({"uniqueItems": True} if noeud.uniques else {})


def _describe_texte(noeud: g.Texte) -> dict[str, Any]:
    dit: dict[str, Any] = {"type": "string"} if noeud.type_dit else {}
    if noeud.valeurs:
        dit["enum"] = list(noeud.valeurs)
    if noeud.motif:
        dit["pattern"] = f"^{noeud.motif.pattern}$"
    if noeud.minimum:
        dit["minLength"] = noeud.minimum
    if noeud.maximum:
        dit["maxLength"] = noeud.maximum
    return dit


def compare_json(graine: int, base: dict[str, Any], juge: Draft7Validator) -> bool:
    """Mêmes endroits, et notre code parmi les mots-clés du juge ; rend son verdict."""
    octets = build_mutant_json(graine, base)
    attendues: dict[tuple[str | int, ...], set[str]] = {}
    for erreur in juge.iter_errors(json.loads(octets)):
        attendues.setdefault(tuple(erreur.absolute_path), set()).add(str(erreur.validator))
    rapport = validate_decp(octets)
    notres = [(a.chemin, a.code) for a in rapport.erreurs if a.officiel]
    assert rapport.lisible
    assert {chemin for chemin, _ in notres} == attendues.keys(), (graine, octets)
    assert all(code in attendues[chemin] for chemin, code in notres), (graine, notres, attendues)
    assert rapport.conforme == (not attendues)
    assert all(a.ligne and a.message.endswith(".") for a in rapport.erreurs), rapport.erreurs
    return not attendues


def list_bases(dossier: Path) -> list[dict[str, Any]]:
    exemples = sorted((dossier / "exemples/json").glob("*.json"))
    return [json.loads(write_json(CONTRATS)), *(json.loads(e.read_bytes()) for e in exemples)]


def run_json(dossier: Path, schema: dict[str, Any], nombre: int) -> list[bool]:
    juge, bases = Draft7Validator(schema), list_bases(dossier)
    return [compare_json(graine, bases[graine % 4], juge) for graine in range(nombre)]


def test_mutants_json_are_refused_like_the_official_schema_does(
    dossier: Path, schema: dict[str, Any]
) -> None:
    verdicts = run_json(dossier, schema, 50)
    assert verdicts.count(False) > 30


def test_rare_values_are_judged_like_the_official_schemas_do(
    schema: dict[str, Any], xsd: etree.XMLSchema
) -> None:
    """12.0 est entier ; 1 et 1.0 sont égaux, 1 et true non ; `acheteur` admet du texte en XML."""
    juge = Draft7Validator(schema)
    for champ, valeur, codes in (
        ("dureeMois", 12.0, set()),
        ("techniques", {"technique": [1, True]}, {"enum"}),
        ("techniques", {"technique": [1, 1.0]}, {"enum", "uniqueItems"}),
        ("titulaires", ["x"], set()),
        ("titulaires", ["x", "x"], {"uniqueItems"}),
    ):
        arbre = json.loads(write_json(CONTRATS))
        arbre["marches"]["marche"][0][champ] = valeur
        rapport = validate_decp(json.dumps(arbre).encode())
        assert {e.validator for e in juge.iter_errors(arbre)} == codes, (champ, valeur)
        assert {a.code for a in rapport.erreurs if a.officiel} == codes, (champ, valeur)

    for balise, conforme in ((b"<acheteur>", True), (b"<lieuExecution>", False)):
        octets = write_xml(CONTRATS).replace(balise, balise + b"texte")
        assert xsd.validate(etree.fromstring(octets)) == conforme, balise
        assert validate_decp(octets).conforme == conforme, balise


@pytest.mark.lent
def test_two_thousand_mutants_json(dossier: Path, schema: dict[str, Any]) -> None:
    assert run_json(dossier, schema, FUZZ).count(False) > FUZZ // 2


def run_xml(xsd: etree.XMLSchema, nombre: int) -> list[bool]:
    base = write_xml(CONTRATS)
    verdicts = []
    for graine in range(nombre):
        octets = build_mutant_xml(graine, base)
        attendu = xsd.validate(etree.fromstring(octets))
        rapport = validate_decp(octets)
        assert (rapport.lisible, rapport.conforme) == (True, attendu), (
            graine, octets, xsd.error_log, rapport.erreurs,
        )  # fmt: skip
        assert all(a.ligne and a.message.endswith(".") for a in rapport.erreurs)
        verdicts.append(attendu)
    return verdicts


def test_mutants_xml_are_refused_like_the_official_xsd_does(xsd: etree.XMLSchema) -> None:
    verdicts = run_xml(xsd, 100)
    assert verdicts.count(False) > 50
    assert verdicts.count(True) > 5


@pytest.mark.lent
def test_two_thousand_mutants_xml(xsd: etree.XMLSchema) -> None:
    assert run_xml(xsd, FUZZ).count(False) > FUZZ // 2
