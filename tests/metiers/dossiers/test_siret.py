"""Un SIRET reçoit son nom et son adresse de l’annuaire ; une panne n’arrête personne."""

import pytest
from bs4 import BeautifulSoup

from socle.metiers.demarches import services as demarches
from socle.metiers.dossiers.models import Dossier
from tests.factories import RegleFactory, ServiceFactory
from tests.metiers.conftest import MAINTENANT
from tests.metiers.dossiers.test_parcours import BASE, post_etape
from tests.simulateurs.conftest import open_serveur

ACTIF, FERME, MASQUE = "00000100800010", "00000300400017", "00000400200010"
INCONNU, EN_PANNE, TROP = "21350238800019", "00000700500010", "00000600700017"
DEFINITION = {
    "pages": [
        {
            "id": "entreprise",
            "titre": "Votre entreprise",
            "champs": [{"type": "siret", "id": "siret", "libelle": "SIRET"}],
        },
        {
            "id": "besoin",
            "titre": "Votre besoin",
            "champs": [{"type": "texte_court", "id": "besoin", "libelle": "Besoin"}],
        },
    ]
}


@pytest.fixture
def etape(client, collectivite, administrateur, settings):
    """Première page d’un invité, l’annuaire étant le vrai simulateur."""
    demarche = demarches.create_demarche(
        collectivite=collectivite,
        titre="Terrasse",
        agent=administrateur,
        maintenant=MAINTENANT,
        definition=DEFINITION,
        resume="Installer une terrasse.",
        cadre_juridique="Code général de la propriété des personnes publiques, art. L. 2122-1",
        service=ServiceFactory(collectivite=collectivite, nom="Commerce"),
        regle=RegleFactory(collectivite=collectivite),
        invites_autorises=True,
    )
    demarches.publish_version(demarche=demarche, agent=administrateur, maintenant=MAINTENANT)
    settings.BAC_A_SABLE = True
    with open_serveur() as settings.SIMULATEURS_URL:
        yield client.post(f"{BASE}/demarches/{demarche.chemin}/commencer/")["Location"]


def read_siret() -> dict:
    return Dossier.objects.get().reponses["siret"]


def read_champ(client, adresse: str) -> BeautifulSoup:
    soupe = BeautifulSoup(client.get(adresse.partition("#")[0]).text, "html.parser")
    return soupe.select_one("input[name=siret]").find_parent("div", class_="champ")


def test_known_siret_gets_its_name_and_goes_on(client, etape):
    suite = post_etape(client, etape, {"siret": "000 001 008 00010"})["Location"]

    assert suite == etape.replace("etape/1", "etape/2")
    assert read_siret()["nom"] == "BOULANGERIE DU PUITS"
    assert "12 RUE DU PUITS 92140 CLAMART" in read_champ(client, etape).text
    assert "BOULANGERIE DU PUITS" in client.get(etape.replace("etape/1", "resume")).text


def test_chercher_stays_on_the_page_without_asking_for_the_rest(client, etape):
    assert read_champ(client, etape).select_one("button[name=_action]")

    suite = post_etape(client, etape, {"siret": ACTIF}, action="chercher:siret")["Location"]

    assert suite == f"{etape}#champ-siret"
    champ = read_champ(client, etape)
    assert "BOULANGERIE DU PUITS" in champ.text
    assert champ.select_one("button") is None


@pytest.mark.parametrize("siret", ["", "123", "12345678901234", "36252187A"])
def test_chercher_says_the_same_error_as_continuer(client, etape, siret):
    refus = [
        post_etape(client, etape, {"siret": siret}, action=action)
        for action in ("continuer", "chercher:siret")
    ]

    assert [reponse.status_code for reponse in refus] == [422, 422]
    champs = [
        BeautifulSoup(reponse.text, "html.parser").select_one("#champ-siret") for reponse in refus
    ]
    phrases = [
        BeautifulSoup(reponse.text, "html.parser").select_one(".invalid-feedback").get_text()
        for reponse in refus
    ]
    assert phrases[0] == phrases[1] != ""
    assert champs[1]["value"] == siret


@pytest.mark.parametrize(
    ("siret", "etat", "phrase"),
    [
        (INCONNU, "introuvable", "ne connaît pas ce numéro"),
        (FERME, "ferme", "Cet établissement est fermé"),
    ],
)
def test_doubtful_siret_is_read_again_once_then_kept(client, etape, siret, etat, phrase):
    premiere = post_etape(client, etape, {"siret": siret})["Location"]

    assert premiere == f"{etape}#champ-siret"
    assert phrase in read_champ(client, etape).text
    assert read_siret()["etat"] == etat
    assert post_etape(client, etape, {"siret": siret})["Location"].endswith("/etape/2/")


def test_hidden_name_is_said_and_not_asked_again(client, etape):
    assert post_etape(client, etape, {"siret": MASQUE})["Location"].endswith("/etape/2/")

    assert "ne publie pas son nom" in read_champ(client, etape).text
    assert "nom" not in read_siret()


@pytest.mark.parametrize("siret", [EN_PANNE, TROP])
def test_panne_keeps_the_number_and_lets_go_on(client, etape, siret):
    suite = post_etape(client, etape, {"siret": siret})["Location"]

    assert suite.endswith("/etape/2/")
    assert read_siret() == {"siret": siret}
    assert "ne répond pas" in client.get(suite).text


def test_other_number_forgets_the_name(client, etape):
    post_etape(client, etape, {"siret": ACTIF})
    post_etape(client, etape, {"siret": EN_PANNE})

    assert read_siret() == {"siret": EN_PANNE}


def test_autosave_never_calls_the_network(client, etape):
    post_etape(client, f"{etape}?auto=1", {"siret": ACTIF})

    assert read_siret() == {"siret": ACTIF}


def test_no_annuaire_no_button_no_call(client, etape, settings):
    settings.ANNUAIRE_ETABLISSEMENTS = ""

    assert read_champ(client, etape).select_one("button") is None
    assert post_etape(client, etape, {"siret": ACTIF})["Location"].endswith("/etape/2/")
    assert read_siret() == {"siret": ACTIF}
