"""Par quelle porte on dépose : sans compte si la démarche le permet, ou par un compte local."""

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.services import create_compte_local
from socle.metiers.demarches.models import Demarche
from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.models import Dossier
from tests.metiers.dossiers.test_parcours import BASE, ETAPE_1, ETAPE_2, post_etape

ESPACE = f"{BASE}/espace/"
PHRASE = "des vagues et du sel"


def read_page(client, adresse: str) -> BeautifulSoup:
    reponse = client.get(adresse)
    assert reponse.status_code == 200, adresse
    return BeautifulSoup(reponse.text, "html.parser")


def read_avis(client, adresse: str) -> str:
    """La phrase de la page qui dit si la demande est déposée ; vide sans elle."""
    avis = [p.get_text() for p in read_page(client, adresse).select("main p b") if p]
    return next((texte for texte in avis if "déposée" in texte), "")


def test_procedure_that_wants_an_account_takes_no_guest(client, demarche, collectivite):
    commencer = f"{BASE}/demarches/{demarche.chemin}/commencer/"
    with locataire(collectivite.pk):
        Demarche.objects.update(invites_autorises=False)

    page = read_page(client, commencer)
    assert "sans compte" not in page.get_text()
    portes = [lien["href"] for lien in page.select("main a.btn")]
    assert portes == [f"{BASE}/connexion/?{urlencode({'suite': commencer}, safe='/')}"]
    assert client.post(commencer).status_code == 200  # la même page, aucun dossier
    assert not Dossier.objects.exists()

    with locataire(collectivite.pk):
        Demarche.objects.update(invites_autorises=True)
    assert "Continuer sans compte" in read_page(client, commencer).get_text()


@pytest.fixture
def inscrit(collectivite):
    return create_compte_local(
        genre=GenreCompte.USAGER, courriel="yanis@exemple.fr", mot_de_passe=PHRASE, verifie=True,
        maintenant=timezone.now(),
    )  # fmt: skip


def test_local_account_files_to_the_end_and_a_draft_is_never_a_request(client, demarche, inscrit):
    """Se connecter, remplir, relire, déposer ; tant que ce n’est pas fait, chaque page le dit."""
    commencer = f"{BASE}/demarches/{demarche.chemin}/commencer/"
    entree = {"login": inscrit.courriel, "password": PHRASE, "suite": commencer}
    assert client.post(f"{BASE}/connexion/", entree)["Location"] == commencer

    etape = client.post(commencer)["Location"]
    deux = post_etape(client, etape, ETAPE_1)["Location"]
    resume = post_etape(client, deux, ETAPE_2)["Location"]
    pages = [etape, deux, resume]
    assert [read_avis(client, page) for page in pages] == ["n’est pas encore déposée"] * 3
    [ligne] = read_page(client, ESPACE).select("ul.actes > li")
    assert "Pas encore déposé." in ligne.get_text()
    assert "n’est pas encore déposée" in read_page(client, commencer).get_text()

    suivi = client.post(resume.replace("resume", "deposer"), {"accord_portail": "oui"})["Location"]
    dossier = Dossier.objects.get()
    assert (dossier.etat, dossier.usager) == (EtatDossier.EN_CONSTRUCTION, inscrit)
    page = read_page(client, suivi)
    assert page.h1.get_text() == "C’est déposé."
    assert dossier.reference in page.get_text()
    [ligne] = read_page(client, ESPACE).select("ul.actes > li")
    assert "Pas encore déposé" not in ligne.get_text()
    assert ligne.a["href"].endswith(f"{BASE}/dossiers/{dossier.numero}/")
