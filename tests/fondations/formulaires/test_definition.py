"""La définition : figée, bornée, échangeable."""

import json

import pytest
from pydantic import ValidationError

from socle.fondations.formulaires.definition import (
    Formulaire,
    Option,
    TexteCourt,
    export_json_schema,
)
from tests.fondations.formulaires.exemples import CANTINE
from tests.fondations.formulaires.outils import make_definition


def test_definition_survives_json():
    formulaire = Formulaire.model_validate(CANTINE)
    texte = json.dumps(formulaire.model_dump(mode="json"))
    assert Formulaire.model_validate_json(texte) == formulaire
    assert hash(formulaire) == hash(Formulaire.model_validate_json(texte))


def test_definition_cannot_be_changed():
    formulaire = Formulaire.model_validate(CANTINE)
    with pytest.raises(ValidationError):
        formulaire.pages = ()
    with pytest.raises(TypeError):
        formulaire.pages[0] = None
    assert isinstance(formulaire.pages[2].condition, tuple)


def test_option_written_as_text_gets_a_stable_identifier():
    assert Option.model_validate("Sans viande") == Option(id="sans_viande", libelle="Sans viande")


def test_control_characters_never_enter_a_definition():
    champ = TexteCourt.model_validate(
        {"type": "texte_court", "id": "a", "libelle": "Un\x00 \u202enom", "aide": "a\x1bb"}
    )
    assert (champ.libelle, champ.aide) == ("Un nom", "ab")


REFUSES = [
    {"id": "Majuscule"}, {"id": "1a"}, {"id": "a-b"}, {"id": "a" * 64}, {"id": ""},
    {"libelle": "x" * 301}, {"inconnu": 1}, {"longueur_max": 0}, {"longueur_max": "beaucoup"},
    {"condition": {"=": 1}}, {"condition": ["=", float("nan"), 1]},
    {"condition": ["=", 10**20, 1]}, {"condition": ["=", "x" * 501, 1]},
    {"condition": ["or", *[["=", 1, 1]] * 500]},
]  # fmt: skip


@pytest.mark.parametrize("attributs", REFUSES)
def test_malformed_field_is_refused(attributs):
    champ = {"type": "texte_court", "id": "a", "libelle": "A"} | attributs
    with pytest.raises(ValidationError):
        Formulaire.model_validate(make_definition(champ))


def test_blocks_do_not_nest():
    bloc = {"type": "bloc_repetable", "id": "a", "libelle": "A", "champs": []}
    with pytest.raises(ValidationError):
        Formulaire.model_validate(make_definition(bloc | {"id": "b", "champs": [bloc]}))


def test_json_schema_describes_each_type():
    schema = export_json_schema()
    assert "TexteCourt" in schema["$defs"]
    assert schema["$defs"]["Page"]["properties"]["champs"]["items"]["discriminator"]["mapping"][
        "siret"
    ].endswith("/Siret")
    json.dumps(schema)
