"""Les gestes de l’éditeur sont des fonctions pures : l’original ne bouge jamais."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.formulaires import edition
from socle.fondations.formulaires.definition import TYPES_MODELES, Formulaire
from tests.metiers.demarches.conftest import build_definition

LIBELLES = st.sampled_from(["", "Prénom", "Été", "123", "Champ", "é" * 300, "  ", "été !"])
GESTES = st.lists(
    st.tuples(
        st.sampled_from(
            ["page", "champ", "monter", "descendre", "copier", "supprimer", "deposer",
             "supprimer_page", "monter_page", "bareme"]
        ),
        st.integers(0, 30),
        st.integers(0, 30),
        st.sampled_from(sorted(TYPES_MODELES)),
        LIBELLES,
    ),
    max_size=25,
)  # fmt: skip


def list_ids(definition) -> list[str]:
    ids = [champ["id"] for champs in edition.iter_listes(definition) for champ in champs]
    pages = [page["id"] for page in definition.get("pages", [])]
    return ids + pages + [bareme["id"] for bareme in definition.get("baremes", [])]


def pick(elements, rang):
    return elements[rang % len(elements)] if elements else "absent"


def play(definition, geste):
    """Joue un geste tiré au hasard ; un refus prévu laisse la définition comme elle est."""
    nom, a, b, type_, libelle = geste
    champs = [champ["id"] for liste in edition.iter_listes(definition) for champ in liste]
    pages = [page["id"] for page in definition.get("pages", [])]
    blocs = [c["id"] for liste in edition.iter_listes(definition) for c in liste if "champs" in c]
    actions = {
        "page": lambda: edition.add_page(definition, libelle)[0],
        "champ": lambda: edition.add_champ(
            definition, dans=pick(pages + blocs, a), type_=type_, libelle=libelle
        )[0],
        "monter": lambda: edition.move_champ(definition, pick(champs, a), -1),
        "descendre": lambda: edition.move_champ(definition, pick(champs, a), 1),
        "copier": lambda: edition.duplicate_champ(definition, pick(champs, a))[0],
        "supprimer": lambda: edition.delete_champ(definition, pick(champs, a)),
        "deposer": lambda: edition.place_champ(
            definition, pick(champs, a), dans=pick(pages + blocs, b), rang=b
        ),
        "supprimer_page": lambda: edition.delete_page(definition, pick(pages, a)),
        "monter_page": lambda: edition.move_page(definition, pick(pages, a), 1 - b % 3),
        "bareme": lambda: edition.set_bareme(
            definition, {"id": edition.make_id(definition, libelle), "libelle": libelle}
        ),
    }
    try:
        return actions[nom]()
    except ErreurMetier:
        return definition


@settings(max_examples=150, deadline=None)
@given(GESTES)
def test_any_sequence_keeps_a_valid_formulaire_with_unique_ids(gestes):
    definition = {"pages": [{"id": "vous", "titre": "Vous", "champs": []}]}
    for geste in gestes:
        avant = deepcopy(definition)
        suivante = play(definition, geste)
        # `champs` absent et vide sont le même formulaire : seul le sens compte pour l’original.
        assert Formulaire.model_validate(definition) == Formulaire.model_validate(avant)
        definition = suivante
        Formulaire.model_validate(definition)
        assert len(list_ids(definition)) == len(set(list_ids(definition)))


@pytest.fixture
def deux_pages():
    definition = build_definition(2)
    definition["pages"].append({"id": "suite", "titre": "Suite", "champs": []})
    return edition.add_champ(definition, dans="suite", type_="bloc_repetable", libelle="Enfants")[0]


def test_move_champ_goes_to_the_next_page_at_the_edge(deux_pages):
    bougee = edition.move_champ(deux_pages, "champ_1", 1)

    assert [[c["id"] for c in p["champs"]] for p in bougee["pages"]] == [
        ["champ_0"], ["champ_1", "enfants"],
    ]  # fmt: skip
    assert edition.move_champ(bougee, "champ_1", -1) == deux_pages


def test_place_champ_refuses_a_bloc_in_a_bloc(deux_pages):
    with pytest.raises(ErreurMetier, match="bloc répétable"):
        edition.place_champ(deux_pages, "enfants", dans="enfants", rang=0)


def test_place_champ_goes_into_a_bloc(deux_pages):
    bougee = edition.place_champ(deux_pages, "champ_0", dans="enfants", rang=99)

    assert [c["id"] for c in edition.find_champ(bougee, "enfants")["champs"]] == ["champ_0"]


def test_duplicate_bloc_gives_new_ids_to_its_champs(deux_pages):
    plein = edition.place_champ(deux_pages, "champ_0", dans="enfants", rang=0)

    copie, identifiant = edition.duplicate_champ(plein, "enfants")

    assert identifiant == "enfants_2"
    assert [c["id"] for c in edition.find_champ(copie, "enfants_2")["champs"]] == ["champ_0_2"]


@pytest.mark.parametrize(
    ("libelle", "attendu"),
    [("Revenu fiscal", "revenu_fiscal"), ("1er enfant", "champ_1er_enfant"), ("!!!", "champ")],
)
def test_make_id_is_readable(libelle, attendu):
    assert edition.make_id({}, libelle) == attendu


def test_make_id_never_takes_the_name_of_a_bareme():
    assert edition.make_id({"baremes": [{"id": "tarif"}]}, "Tarif") == "tarif_2"


def test_list_dependants_finds_conditions_and_formules():
    definition = build_definition(2)
    definition["pages"][0]["champs"] += [
        {"type": "champ_calcule", "id": "double", "libelle": "Double", "formule": "champ_0 * 2"},
        {"type": "texte_court", "id": "x", "libelle": "X",
         "condition": ["=", ["champ", "champ_0"], "oui"]},
    ]  # fmt: skip
    definition["pages"].append({"id": "p", "titre": "P", "condition": ["filled?", ["champ", "x"]]})

    assert sorted(edition.list_dependants(definition, "champ_0")) == ["Double", "X"]
    assert edition.list_dependants(definition, "x") == ["P"]


@pytest.mark.parametrize(
    "geste",
    [
        lambda d: edition.find_page(d, "absent"),
        lambda d: edition.move_champ(d, "absent", 1),
        lambda d: edition.add_champ(d, dans="champ_0", type_="date", libelle="D"),
        lambda d: edition.find_bareme(d, "absent"),
        lambda d: edition.add_champ(d, dans="page", type_="inconnu", libelle="D"),
    ],
)
def test_gestes_refuse_what_does_not_exist(geste):
    with pytest.raises(ErreurMetier):
        geste(build_definition(1))


def test_delete_bareme_and_set_bareme():
    definition = edition.set_bareme(build_definition(0), {"id": "tarif", "libelle": "A"})
    definition = edition.set_bareme(definition, {"id": "tarif", "libelle": "B"})

    assert definition["baremes"] == [{"id": "tarif", "libelle": "B"}]
    assert edition.delete_bareme(definition, "tarif")["baremes"] == []
