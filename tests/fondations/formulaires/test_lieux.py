"""Adresse, commune, département, pays, contre le vrai code officiel géographique."""

import pytest
from bs4 import BeautifulSoup

from socle.fondations.formulaires.rendu import render_page
from socle.fondations.formulaires.types import get_type
from socle.fondations.formulaires.types.lieu import guess_departement
from socle.fondations.formulaires.valeurs import Lieu
from tests.fondations.formulaires.outils import (
    JOUR,
    MAINTENANT,
    make_champ,
    make_formulaire,
    plat,
    read_champ,
)
from tests.fondations.formulaires.test_rendu import check_accessible
from tests.fondations.formulaires.test_types import HOSTILES

pytestmark = pytest.mark.django_db
CLAMART = {
    "code": "92023", "nom": "Clamart", "code_postal": "92140", "departement": "92", "region": "11",
}  # fmt: skip


@pytest.mark.parametrize(
    "saisie", ["Clamart", "clamart", "CLAMART (92140)", "92140 Clamart", "92140"]
)
def test_commune_is_found_by_name_or_postcode(saisie):
    champ = make_champ("commune")
    lecture = read_champ(champ, {"c": saisie})
    assert (lecture.valeur, lecture.erreur) == (CLAMART, "")
    assert get_type(champ).show(champ, lecture.valeur) == "Clamart (92140)"
    assert get_type(champ).read(champ, lecture.valeur) == Lieu("92023", "92", "11")


def test_postcode_wins_over_an_insee_code():
    lecture = read_champ(make_champ("commune"), {"c": "69001"})
    assert lecture.valeur["nom"] == "Lyon"
    assert lecture.valeur["code_postal"] == "69001"


def test_homonyms_are_offered_and_chosen_without_javascript():
    champ = make_champ("commune")
    lecture = read_champ(champ, {"c": "Saint-Denis"})
    assert lecture.valeur is None
    assert plat(lecture.erreur) == "Plusieurs communes correspondent : choisissez la vôtre."
    codes = [code for code, _ in lecture.brut["choix"]]
    assert {"93066", "97411"} <= set(codes)

    choisie = read_champ(champ, {"c": "Saint-Denis", "c-code": "97411"})
    assert choisie.valeur["departement"] == "974"
    assert read_champ(champ, {"c": "Saint-Denis 93200"}).valeur["code"] == "93066"


def test_typing_error_is_answered_with_a_proposal():
    lecture = read_champ(make_champ("commune"), {"c": "Clamrt"})
    assert "Clamart (92140)" in [nom for _, nom in lecture.brut["choix"]]
    assert plat(lecture.erreur).startswith("Aucune commune ne s’appelle « Clamrt ».")
    inconnue = read_champ(make_champ("commune"), {"c": "Zzzyx"})
    assert (inconnue.valeur, inconnue.brut["choix"]) == (None, [])


def test_chosen_code_must_match_what_was_typed():
    lecture = read_champ(make_champ("commune"), {"c": "Clamart", "c-code": "75056"})
    assert lecture.valeur["code"] == "92023"


def test_ambiguous_commune_is_rendered_as_radios():
    formulaire = make_formulaire({"type": "commune", "id": "ville", "libelle": "Votre commune"})
    saisie = formulaire.read_page("page", {"ville": "Saint-Denis"}, {}, {}, maintenant=MAINTENANT)
    page = render_page(formulaire, "page", saisie.valeurs, maintenant=MAINTENANT, saisie=saisie)
    soupe = BeautifulSoup(page.zone, "html.parser")
    assert soupe.select_one("#champ-ville")["value"] == "Saint-Denis"
    assert len(soupe.select("input[type=radio][name=ville-code]")) > 1
    check_accessible(page.zone)


def test_departement_and_country_are_lists():
    departement, pays = make_champ("departement"), make_champ("pays")
    assert read_champ(departement, {"c": "2A"}).valeur == {
        "code": "2A", "nom": "Corse-du-Sud", "departement": "2A", "region": "94",
    }  # fmt: skip
    assert read_champ(departement, {"c": "hauts de seine"}).valeur["code"] == "92"
    assert read_champ(departement, {"c": "99"}).erreur == "Choisissez une réponse de la liste."
    assert read_champ(pays, {"c": "BE"}).valeur == {"code": "BE", "nom": "Belgique"}
    assert get_type(pays).make_contexte(pays, None, None, "c")["options"][0][0] == "FR"


ADRESSE = {"c-voie": "12 rue des Rochers", "c-code_postal": "92140", "c-commune": "clamart"}


def test_address_is_located_when_the_commune_is_known():
    champ = make_champ("adresse")
    lecture = read_champ(champ, ADRESSE)
    assert lecture.erreur == ""
    assert get_type(champ).show(champ, lecture.valeur) == "12 rue des Rochers, 92140 Clamart"
    assert get_type(champ).read(champ, lecture.valeur) == Lieu("92023", "92", "11")


def test_cedex_address_is_accepted_and_placed_in_its_department():
    champ = make_champ("adresse")
    lecture = read_champ(champ, ADRESSE | {"c-code_postal": "92141", "c-commune": "Clamart Cedex"})
    assert lecture.erreur == ""
    assert get_type(champ).read(champ, lecture.valeur) == Lieu("", "92", "11")


def test_address_condition_works_by_department():
    formulaire = make_formulaire(
        {"type": "adresse", "id": "c", "libelle": "Adresse"},
        {"type": "texte_court", "id": "t", "libelle": "T",
         "condition": ["in-departement", ["champ", "c"], "92"]},
    )  # fmt: skip
    saisie = formulaire.read_page("page", ADRESSE | {"t": "x"}, {}, {}, maintenant=MAINTENANT)
    assert "t" in formulaire.evaluate(saisie.valeurs, maintenant=MAINTENANT).visibles


@pytest.mark.parametrize(
    ("change", "erreur"),
    [
        ({"c-voie": ""}, "Il manque le numéro et la voie."),
        ({"c-commune": ""}, "Il manque la commune."),
        ({"c-code_postal": "9214"}, "Le code postal a 5 chiffres, par exemple 92140."),
        ({"c-code_postal": "٩٢١٤٠"}, "Le code postal a 5 chiffres, par exemple 92140."),
    ],
)
def test_incomplete_address_is_refused_and_kept(change, erreur):
    lecture = read_champ(make_champ("adresse"), ADRESSE | change)
    assert lecture.erreur == erreur
    attendues = {cle.removeprefix("c-"): v for cle, v in (ADRESSE | change).items()}
    assert attendues.items() <= lecture.brut.items()


def test_foreign_address_only_when_allowed():
    belge = {"c-voie": "1 Grand-Place", "c-code_postal": "1000", "c-commune": "Bruxelles",
             "c-pays": "BE"}  # fmt: skip
    champ = make_champ("adresse", etranger=True)
    lecture = read_champ(champ, belge)
    assert get_type(champ).show(champ, lecture.valeur) == "1 Grand-Place, 1000 Bruxelles, Belgique"
    ferme = make_champ("adresse")
    assert read_champ(ferme, belge).erreur.startswith("Le code postal a 5 chiffres")
    assert get_type(ferme).check(ferme, lecture.valeur, JOUR) == "Donnez une adresse en France."


@pytest.mark.parametrize("code", ["adresse", "commune", "pays", "departement"])
@pytest.mark.parametrize("saisie", HOSTILES)
def test_place_survives_hostile_input(code, saisie):
    champ = make_champ(code)
    noms = ("c", "c-code", "c-voie", "c-complement", "c-code_postal", "c-commune", "c-pays")
    lecture = read_champ(champ, dict.fromkeys(noms, saisie))
    assert lecture.valeur is None or not lecture.erreur
    assert len(lecture.erreur) < 300


@pytest.mark.parametrize("code", ["adresse", "commune", "pays", "departement"])
def test_place_is_rendered_accessibly(code):
    formulaire = make_formulaire(
        {"type": code, "id": "c", "libelle": "Le lieu", "autocomplete": "street-address"}
        | ({"etranger": True} if code == "adresse" else {})
    )
    saisie = formulaire.read_page("page", {}, {}, {}, maintenant=MAINTENANT)
    page = render_page(formulaire, "page", {}, maintenant=MAINTENANT, saisie=saisie)
    check_accessible(page.resume + page.zone)
    assert BeautifulSoup(page.zone, "html.parser").select_one("#champ-c").name in (
        "input", "select",
    )  # fmt: skip


def test_code_received_from_a_source_designates_the_commune():
    champ = make_champ("commune")
    lecture = get_type(champ).import_donnee(champ, "92023", JOUR)
    assert lecture.valeur["nom"] == "Clamart"


@pytest.mark.parametrize(
    ("code_postal", "departement"),
    [("92140", "92"), ("20000", "2A"), ("20200", "2B"), ("97411", "974"), ("01000", "01")],
)
def test_department_is_guessed_from_the_postcode(code_postal, departement):
    assert guess_departement(code_postal) == departement


def test_form_with_lists_costs_no_query_after_the_first(count_sql):
    formulaire = make_formulaire(
        {"type": "pays", "id": "p", "libelle": "Pays"},
        {"type": "departement", "id": "d", "libelle": "Département"},
    )
    render_page(formulaire, "page", {}, maintenant=MAINTENANT)
    with count_sql() as compte:
        render_page(formulaire, "page", {}, maintenant=MAINTENANT)
        formulaire.read_page("page", {"p": "BE", "d": "92"}, {}, {}, maintenant=MAINTENANT)
    assert compte.instructions == []
