"""Mêmes verdicts que les rapports de référence, et mêmes définitions que le registre."""

import json

import pytest

from socle.normes.scdl.definitions import CODES, get_schema
from socle.normes.scdl.schema import Schema, read_table_schema
from socle.normes.scdl.validation import validate_fichier
from tests.normes.scdl.outils import EXEMPLES, SCHEMAS, sans_donnees

ATTENDUS = sorted(EXEMPLES.glob("*.attendu.json"))


def find_officiel(schema: Schema):
    version = schema.version.removeprefix("v")
    dossiers = (SCHEMAS / schema.nom / version, SCHEMAS / schema.nom / "latest")
    return next(d / "schema.json" for d in dossiers if (d / "schema.json").exists())


@sans_donnees
@pytest.mark.parametrize("attendu", ATTENDUS, ids=lambda chemin: chemin.name.split(".")[0])
def test_verdict_equals_the_golden_report(attendu):
    reference = json.loads(attendu.read_text())
    rapport = validate_fichier(
        EXEMPLES / reference["fichier"], get_schema(reference["schema"])
    ).to_json()

    cles = ("ligne", "champ", "code", "cellule")
    assert rapport["valide"] == reference["valid"]
    assert [[e[cle] for cle in cles] for e in rapport["erreurs"]] == [
        [e[cle] for cle in cles] for e in reference["erreurs"]
    ]
    assert [(a["code"], a["field_name"]) for a in rapport["avertissements"]] == [
        (a["code"], a["field_name"]) for a in reference["avertissements"]
    ]
    assert all(e["nom"] and e["message"].endswith((".", "?")) for e in rapport["erreurs"])


@sans_donnees
@pytest.mark.parametrize("code", CODES)
def test_our_definition_equals_the_official_one(code):
    notre = get_schema(code)
    officiel = read_table_schema(find_officiel(notre).read_bytes())

    assert notre.version == officiel.version
    assert [c.nom for c in notre.champs] == [c.nom for c in officiel.champs]
    for ici, la in zip(notre.champs, officiel.champs, strict=True):
        assert (ici.type, ici.format, ici.vrais, ici.faux) == (
            la.type,
            la.format,
            la.vrais,
            la.faux,
        )
        assert dict(ici.contraintes) == {"required": False} | dict(la.contraintes), ici.nom
        element = la.element and {cle: la.element[cle] for cle in ("type", "constraints")}
        assert ici.element == element
        assert ici.titre
    assert [(c.nom, dict(c.parametres)) for c in notre.controles] == [
        (c.nom, dict(c.parametres)) for c in officiel.controles
    ]
    assert (notre.cle, notre.manquants) == (officiel.cle, officiel.manquants)


@sans_donnees
def test_every_table_schema_of_the_registry_is_read():
    lus = 0
    for chemin in sorted(SCHEMAS.rglob("*.json")):
        if isinstance(json.loads(chemin.read_text()).get("fields"), list):
            assert read_table_schema(chemin.read_bytes()).champs
            lus += 1
    assert lus > 80
