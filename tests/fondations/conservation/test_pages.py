"""Pages des règles de conservation : créer, corriger en sachant, ne rien écraser."""

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.conservation.models import RegleDeConservation
from socle.fondations.conservation.permissions import REGLEURS
from socle.fondations.conservation.services import load_regles_par_defaut
from socle.fondations.journal.models import Entree
from tests.factories import AdhesionFactory, CollectiviteFactory, RegleFactory
from tests.metiers.conftest import administrateur, demarche

__all__ = ["administrateur", "demarche"]
pytestmark = pytest.mark.django_db
LISTE = "/c/clamart/agent/reglages/conservation/"
SAISIE = {
    "intitule": "Cantine",
    "code": "SCO-CANTINE",
    "duree_annees": "10",
    "point_de_depart": "fin_exercice",
    "sort_final": "detruire",
    "source_juridique": "Tableau de gestion visé le 3 mars 2026",
    "communicabilite": "AR048",
}


@pytest.fixture
def archiviste(collectivite):
    return AdhesionFactory(collectivite=collectivite, role=Role.ARCHIVISTE).compte


@pytest.fixture
def visite(client, archiviste):
    client.force_login(archiviste)
    return client


def read(reponse) -> BeautifulSoup:
    assert reponse.status_code == 200
    return BeautifulSoup(reponse.text, "html.parser")


def read_saisie(page: BeautifulSoup) -> dict[str, str]:
    """Ce qu’un navigateur renverrait sans rien toucher."""
    saisie = {}
    for champ in page.select("form.formulaire [name]"):
        if champ.name == "select":
            choisi = champ.select_one("option[selected]")
            saisie[champ["name"]] = choisi["value"] if choisi else ""
        elif champ.get("type") not in ("radio", "checkbox") or champ.has_attr("checked"):
            saisie[champ["name"]] = champ.get("value", "on")
    return saisie


@pytest.mark.parametrize("role", REGLEURS)
def test_three_roles_set_the_rules(client, collectivite, role):
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)

    assert client.get(LISTE).status_code == 200
    assert client.post(f"{LISTE}nouvelle/", SAISIE).status_code == 302
    assert RegleDeConservation.objects.get().code == "SCO-CANTINE"


@pytest.mark.parametrize("role", [r for r in Role if r not in REGLEURS])
def test_others_do_not(client, collectivite, role):
    regle = RegleFactory(collectivite=collectivite)
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)

    codes = {
        client.get(LISTE).status_code,
        client.post(f"{LISTE}nouvelle/", SAISIE).status_code,
        client.post(f"{LISTE}{regle.pk}/", SAISIE).status_code,
        client.post(f"{LISTE}proposees/").status_code,
    }

    assert codes == {403}
    assert RegleDeConservation.objects.count() == 1


def test_rule_of_another_authority_does_not_exist_here(visite):
    autre = CollectiviteFactory()
    with locataire(autre.pk):
        regle = RegleFactory(collectivite=autre)

    assert visite.get(f"{LISTE}{regle.pk}/").status_code == 404
    assert visite.post(f"{LISTE}{regle.pk}/", SAISIE).status_code == 404
    texte = visite.get(f"{LISTE}nouvelle/?depuis={regle.pk}").text
    assert regle.intitule not in texte


@pytest.mark.parametrize("nombre", [1, 3])
def test_list_costs_the_same_for_one_and_three(visite, collectivite, count_sql, nombre):
    for _ in range(nombre):
        RegleFactory(collectivite=collectivite, a_confirmer=True)

    with count_sql() as compte:
        page = read(visite.get(LISTE))

    assert len(page.select("tr[data-ligne]")) == nombre
    assert len(compte.instructions) <= 7
    assert "Des durées ne sont pas confirmées" in page.text


def test_list_says_which_rules_are_followed(visite, demarche):
    RegleFactory(collectivite=demarche.collectivite, code="Z-SEULE")

    lignes = read(visite.get(LISTE)).select("tr[data-ligne]")

    suivies = {
        tr.select_one("small").text: tr.select_one("[data-nom=Démarches]").text for tr in lignes
    }
    assert suivies == {demarche.regle.code: "1", "Z-SEULE": "Aucune"}


def test_new_rule_keeps_everything_and_is_journaled(visite, collectivite, archiviste):
    visite.post(f"{LISTE}nouvelle/", SAISIE | {"a_confirmer": "on"})

    regle = RegleDeConservation.objects.get()
    assert (regle.duree_annees, regle.a_confirmer, regle.communicabilite_annees) == (10, True, 50)
    assert regle.communicabilite_source == "Code du patrimoine, art. L. 213-2, I, 3°"
    entree = Entree.objects.get(action="regle.creee")
    assert (entree.acteur, entree.objet) == (archiviste.acteur, f"regle:{regle.pk}")


@pytest.mark.parametrize(
    ("champ", "valeur", "mots"),
    [
        ("code", "avec espace", "sans accent"),
        ("code", "PRIS", "porte déjà ce code"),
        ("duree_annees", "-1", "au moins 0"),
        ("duree_annees", "1000", "ne dépasse pas 200"),
        ("duree_annees", "x", "nombre entier"),
        ("source_juridique", " ", "Remplissez"),
        ("sort_final", "bruler", "de la liste"),
        ("communicabilite", "AR999", "de la liste"),
    ],
)
def test_wrong_rule_is_explained_and_kept_on_screen(visite, collectivite, champ, valeur, mots):
    RegleFactory(collectivite=collectivite, code="PRIS")

    page = read(visite.post(f"{LISTE}nouvelle/", SAISIE | {champ: valeur}))

    assert mots in page.select_one(".resume-erreurs").text
    assert page.select_one("[name=intitule]")["value"] == "Cantine"
    assert RegleDeConservation.objects.count() == 1


def test_free_rule_is_changed_at_once(visite, collectivite):
    regle = RegleFactory(collectivite=collectivite)
    page = read(visite.get(f"{LISTE}{regle.pk}/"))

    visite.post(f"{LISTE}{regle.pk}/", read_saisie(page) | {"duree_annees": "7"})

    regle.refresh_from_db()
    assert regle.duree_annees == 7
    assert not page.select("[name=confirme]")
    assert "de 5 à 7 ans" in visite.get(f"{LISTE}{regle.pk}/").text


def test_published_rule_asks_to_confirm_what_people_were_told(visite, demarche):
    adresse = f"{LISTE}{demarche.regle_id}/"
    page = read(visite.get(adresse))
    saisie = read_saisie(page) | {"duree_annees": "7"}
    assert "Cantine scolaire" in page.select_one("#t-suivie").parent.text

    refusee = read(visite.post(adresse, saisie))
    assert "Lisez les conséquences" in refusee.select_one(".resume-erreurs").text
    demarche.regle.refresh_from_db()
    assert demarche.regle.duree_annees == 5

    assert visite.post(adresse, saisie | {"confirme": "on"}).status_code == 302
    demarche.regle.refresh_from_db()
    assert demarche.regle.duree_annees == 7


def test_changing_only_the_source_needs_no_confirmation(visite, demarche):
    adresse = f"{LISTE}{demarche.regle_id}/"
    saisie = read_saisie(read(visite.get(adresse))) | {"source_juridique": "Visa du 3 mars 2026"}

    assert visite.post(adresse, saisie).status_code == 302


def test_only_an_administrator_is_led_to_the_procedure(client, archiviste, demarche):
    adresse, lien = f"{LISTE}{demarche.regle_id}/", f"agent/demarches/{demarche.pk}/publication/"
    client.force_login(archiviste)
    assert lien not in client.get(adresse).text
    client.force_login(
        AdhesionFactory(collectivite=demarche.collectivite, role=Role.ADMINISTRATEUR).compte
    )
    texte = client.get(adresse).text
    assert lien in texte
    assert client.get(f"/c/clamart/{lien}").status_code == 200


def test_two_agents_never_overwrite_in_silence(visite, collectivite):
    regle = RegleFactory(collectivite=collectivite)
    adresse = f"{LISTE}{regle.pk}/"
    premiere = read_saisie(read(visite.get(adresse)))
    visite.post(adresse, premiere | {"duree_annees": "7"})

    reponse = visite.post(adresse, premiere | {"duree_annees": "9"})

    page = BeautifulSoup(reponse.text, "html.parser")
    assert (reponse.status_code, "Cette règle a été changée" in page.text) == (
        409, True,
    )  # fmt: skip
    [ligne] = page.select(".conflit tbody tr")
    cellules = [cellule.get_text() for cellule in ligne.select("th, td")]
    assert cellules == ["Durée, en années", "7", "9"]
    assert page.select_one("[name=duree_annees]")["value"] == "9"
    assert visite.post(adresse, read_saisie(page)).status_code == 302
    regle.refresh_from_db()
    assert regle.duree_annees == 9


def test_own_access_delay_is_kept(visite, collectivite):
    regle = RegleFactory(
        collectivite=collectivite, communicabilite_code="AR061", communicabilite_annees=120,
        communicabilite_source="Code du patrimoine, art. L. 213-2, I, 2°",
    )  # fmt: skip
    adresse = f"{LISTE}{regle.pk}/"

    visite.post(adresse, read_saisie(read(visite.get(adresse))) | {"duree_annees": "3"})

    regle.refresh_from_db()
    assert (regle.communicabilite_code, regle.communicabilite_annees) == ("AR061", 120)
    assert regle.communicabilite_source == "Code du patrimoine, art. L. 213-2, I, 2°"


def test_copy_starts_from_a_rule_without_its_code(visite, collectivite):
    regle = RegleFactory(collectivite=collectivite, intitule="Ancienne", duree_annees=12)

    page = read(visite.get(f"{LISTE}nouvelle/?depuis={regle.pk}"))

    assert page.select_one("[name=duree_annees]")["value"] == "12"
    assert page.select_one("[name=code]").get("value", "") == ""


def test_proposed_rules_are_added_once(visite, collectivite, archiviste):
    RegleFactory(collectivite=collectivite, code="SCO-SORTIE", duree_annees=3)
    assert "Ajouter les règles proposées" in visite.get(LISTE).text

    visite.post(f"{LISTE}proposees/")

    assert RegleDeConservation.objects.get(code="SCO-SORTIE").duree_annees == 3
    assert Entree.objects.filter(action="regle.proposees_ajoutees").count() == 1
    assert load_regles_par_defaut(collectivite) == 0
    assert "Ajouter les règles proposées" not in visite.get(LISTE).text
