"""Ce que deviennent des réponses quand le formulaire change, et ce que montre un conflit."""

import pytest

from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.moteur import FormulaireCompile
from socle.metiers.dossiers.services.reponses import (
    convert_reponses,
    list_ecarts,
    list_perdues,
    read_bruts,
)
from tests.metiers.conftest import MAINTENANT

ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
A, B = {"id": "a", "libelle": "Rouge"}, {"id": "b", "libelle": "Vert"}


def compile_champs(*champs: dict) -> FormulaireCompile:
    pages = [{"id": "page", "titre": "Page", "champs": list(champs)}]
    return FormulaireCompile(Formulaire.model_validate({"pages": pages}))


def champ(type_: str, **autres) -> dict:
    return {"type": type_, "id": "q", "libelle": "Question", **autres}


def convert(avant: dict, apres: dict, valeur):
    return convert_reponses(
        compile_champs(avant), compile_champs(apres), {"q": valeur}, maintenant=MAINTENANT
    ).get("q")


@pytest.mark.parametrize(
    ("avant", "apres", "valeur", "attendue"),
    [
        (champ("texte_court"), champ("texte_court", libelle="Autre"), "Yanis", "Yanis"),
        (champ("texte_court"), champ("texte_long"), "Yanis", "Yanis"),
        (champ("texte_court"), champ("nombre_entier"), "12", 12),
        (champ("texte_court"), champ("nombre_entier"), "douze", None),
        (champ("nombre_entier"), champ("nombre_entier", maximum=5), 12, 12),
        (champ("oui_non"), champ("texte_court"), True, "Oui"),
        (
            champ("choix_simple", options=[A, B]),
            champ("choix_simple", options=[B, {"id": "c", "libelle": "Bleu"}]),
            "a",
            None,
        ),
        (
            champ("choix_multiple", options=[A, B]),
            champ("choix_multiple", options=[B]),
            ["a", "b"],
            ["b"],
        ),
        (champ("piece_justificative"), champ("texte_court"), [{"document": "x"}], None),
        (
            champ("piece_justificative"),
            champ("piece_justificative", nombre=3),
            [{"document": "x", "nom": "x.pdf", "taille": 3, "type_mime": "application/pdf"}],
            [{"document": "x", "nom": "x.pdf", "taille": 3, "type_mime": "application/pdf"}],
        ),
    ],
)
def test_answer_stays_when_its_question_can_still_hold_it(avant, apres, valeur, attendue):
    assert convert(avant, apres, valeur) == attendue


def bloc(*enfants: dict) -> dict:
    return {
        "type": "bloc_repetable", "id": "enfants", "libelle": "Enfants",
        "libelle_ligne": "Enfant", "champs": list(enfants),
    }  # fmt: skip


def test_rows_keep_their_identity_and_lose_only_removed_questions():
    prenom = {"type": "texte_court", "id": "prenom", "libelle": "Prénom"}
    age = {"type": "nombre_entier", "id": "age", "libelle": "Âge"}
    avant, apres = compile_champs(bloc(prenom, age)), compile_champs(bloc(prenom))
    reponses = {"enfants": [{"ligne": ULID, "valeurs": {"prenom": "Maëlle", "age": "8"}}]}

    converties = convert_reponses(avant, apres, reponses, maintenant=MAINTENANT)
    perdues = list_perdues(avant, apres, reponses, converties, maintenant=MAINTENANT)

    assert converties == {"enfants": [{"ligne": ULID, "valeurs": {"prenom": "Maëlle"}}]}
    assert [(p.libelle, p.avant, p.apres) for p in perdues] == [("Enfant 1, Âge", "8", "")]


def test_unreadable_text_typed_in_a_removed_question_is_shown_as_lost():
    jour, nom = champ("date"), {"type": "texte_court", "id": "nom", "libelle": "Nom"}
    avant, apres = compile_champs(jour, nom), compile_champs(nom)
    reponses = {"nom": "Orbellec", "_bruts": {"q": "le premier mai"}}

    converties = convert_reponses(avant, apres, reponses, maintenant=MAINTENANT)
    perdues = list_perdues(avant, apres, reponses, converties, maintenant=MAINTENANT)

    assert converties == {"nom": "Orbellec"}
    assert [(p.libelle, p.avant) for p in perdues] == [("Question", "le premier mai")]


def test_box_never_seen_is_not_a_lost_answer():
    avant, apres = compile_champs(champ("case_a_cocher")), compile_champs(champ("oui_non", id="r"))
    assert list_perdues(avant, apres, {}, {}, maintenant=MAINTENANT) == []


def test_conflict_shows_what_was_typed_even_unreadable():
    formulaire = compile_champs(champ("courriel"))
    stockees, postees = {"q": "yanis@exemple.fr"}, {"_bruts": {"q": "yanis chez exemple"}}

    [ecart] = list_ecarts(formulaire, stockees, postees, maintenant=MAINTENANT)

    assert (ecart.libelle, ecart.avant, ecart.apres) == (
        "Question",
        "yanis@exemple.fr",
        "yanis chez exemple",
    )


def test_conflict_between_nothing_and_an_unreadable_text_is_a_conflict():
    formulaire = compile_champs(champ("courriel"))
    [ecart] = list_ecarts(formulaire, {}, {"_bruts": {"q": "faux"}}, maintenant=MAINTENANT)
    assert (ecart.avant, ecart.apres) == ("", "faux")
    memes = {"_bruts": {"q": "faux"}}
    assert list_ecarts(formulaire, memes, dict(memes), maintenant=MAINTENANT) == []


@pytest.mark.parametrize(
    ("brut", "texte"),
    [("  12 mai ", "12 mai"), ({"voie": "1 rue", "commune": ""}, "1 rue"), (["a", "b"], "a, b")],
)
def test_typed_text_is_read_whatever_its_form(brut, texte):
    assert read_bruts({"_bruts": {"q": brut}}) == {"q": texte}
