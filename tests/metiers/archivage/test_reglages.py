"""Réglages de l’archivage : ce que le service d’archives a donné, écrit dans chaque paquet."""

import pytest
from bs4 import BeautifulSoup

from socle.fondations.collectivites.queries import get_reglage
from socle.fondations.collectivites.services import set_reglage
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from socle.metiers.archivage import services
from socle.metiers.archivage.permissions import REGLEURS
from tests.deux_pages import check_deux_pages
from tests.factories import AdhesionFactory, CollectiviteFactory

pytestmark = pytest.mark.django_db
PAGE = "/c/clamart/agent/reglages/archivage/"
SAISIE = {
    "contrat": "IC-000001",
    "service_archives": " FRAD092 ",
    "service_versant": "",
    "producteur": "CLAMART-ECOLES",
}


@pytest.fixture
def visite(client, archiviste):
    client.force_login(archiviste)
    return client


@pytest.mark.parametrize("role", list(Role))
def test_only_its_roles_set_the_archive(client, collectivite, role):
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)

    attendu = 302 if role in REGLEURS else 403
    assert client.post(PAGE, SAISIE).status_code == attendu
    assert (get_reglage(collectivite, "archivage") is not None) == (role in REGLEURS)


def test_values_are_kept_cleaned_and_journaled(visite, collectivite, archiviste):
    assert "Il manque de quoi verser" in visite.get(PAGE).text

    visite.post(PAGE, SAISIE)

    assert get_reglage(collectivite, "archivage") == {
        "contrat": "IC-000001",
        "service_archives": "FRAD092",
        "service_versant": "",
        "producteur": "CLAMART-ECOLES",
    }
    entree = Entree.objects.get(action="archivage.regle")
    assert (entree.acteur, entree.donnees["avant"]) == (archiviste.acteur, {})
    texte = visite.get(PAGE).text
    assert "Il manque de quoi verser" not in texte
    assert 'value="FRAD092"' in texte


def test_saving_the_same_writes_nothing(visite, collectivite):
    visite.post(PAGE, SAISIE)
    visite.post(PAGE, SAISIE)

    assert Entree.objects.filter(action="archivage.regle").count() == 1


def test_other_keys_of_the_setting_survive(visite, collectivite):
    set_reglage(collectivite=collectivite, cle="archivage", valeur={"autre": "gardé"})

    visite.post(PAGE, SAISIE)

    assert get_reglage(collectivite, "archivage")["autre"] == "gardé"


@pytest.mark.parametrize("valeur", ["<contrat>", "a&b", 'a"b', "a\x07b", "x" * 101])
def test_impossible_identifier_is_refused_and_kept_on_screen(visite, collectivite, valeur):
    reponse = visite.post(PAGE, SAISIE | {"contrat": valeur})

    page = BeautifulSoup(reponse.text, "html.parser")
    assert page.select_one(".resume-erreurs")
    assert page.select_one("[name=producteur]")["value"] == "CLAMART-ECOLES"
    assert get_reglage(collectivite, "archivage") is None


def test_next_package_carries_them(visite, demande, collectivite):
    visite.post(PAGE, SAISIE)

    versement = services.create_versement(**demande)

    codes = [controle["code"] for controle in versement.defauts]
    assert "SOCLE.CONTRAT" not in codes


def test_another_authority_keeps_its_own(visite, collectivite):
    autre = CollectiviteFactory()
    with locataire(autre.pk):
        set_reglage(collectivite=autre, cle="archivage", valeur={"contrat": "LE-SIEN"})

    assert "LE-SIEN" not in visite.get(PAGE).text
    visite.post(PAGE, SAISIE)
    with locataire(autre.pk):
        assert get_reglage(autre, "archivage") == {"contrat": "LE-SIEN"}


def test_two_pages_never_overwrite_in_silence(visite, collectivite):
    check_deux_pages(visite, PAGE, "contrat", autre="IC-000001", mienne="IC-000002")
