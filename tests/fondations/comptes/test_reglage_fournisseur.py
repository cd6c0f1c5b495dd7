"""`gerer fournisseur ajouter` : adresse de base ou chaque adresse, hôte du retour ; un lent."""

import threading
from collections.abc import Iterator
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.messages import get_messages
from django.core.management import CommandError

from socle.fondations.commun.locataire import operateur
from socle.fondations.commun.oidc.cles import clear_cles
from socle.fondations.commun.oidc.fournisseur import Fournisseur
from socle.fondations.comptes.models import FournisseurIdentite
from socle.fondations.comptes.queries import find_fournisseur
from socle.fondations.comptes.services import fournisseurs
from socle.simulateurs.application import create_application
from socle.simulateurs.configuration import create_configuration
from tests.fondations.comptes.conftest import Differee
from tests.fondations.comptes.test_fournisseurs import manage
from tests.fondations.comptes.test_sources import DEMANDE, recues
from tests.navigateur import PRODUIT
from tests.oidc_faux import serve_application

__all__ = ["recues"]
pytestmark = pytest.mark.django_db
OPSN = "http://clamart.example:8000"
PATIENCE = 0.2  # secondes


@pytest.fixture
def une_par_une(simulateurs, clamart, monkeypatch) -> list[str]:
    """Les mots de la commande, sans adresse de base ni découverte."""
    monkeypatch.setenv("UN_SECRET", "secret-de-demonstration")
    base = f"{simulateurs}/franceconnect/api/v2"
    return [
        "--client-id", "socle-demo", "--secret-env", "UN_SECRET", "--emetteur", base,
        "--autorisation", f"{base}/authorize", "--jeton", f"{base}/token", "--jwks", f"{base}/jwks",
        "--userinfo", f"{base}/userinfo", "--fin-session", f"{base}/session/end",
    ]  # fmt: skip


def test_each_endpoint_given_one_by_one_makes_a_working_login(une_par_une, navigateur):
    manage("ajouter", "--profil", "franceconnect", *une_par_une)
    navigateur.connecte("belkacem")
    assert "_auth_user_id" in navigateur.client.session

    reglages = ("--code", "a-part", "--genre", "usager", "--informations", "signees")
    manage("ajouter", "--profil", "oidc", *une_par_une, *reglages)
    ligne = find_fournisseur(None, "a-part")
    assert ligne.jwks == une_par_une[une_par_une.index("--jwks") + 1]


def test_forgotten_endpoints_are_named_and_nothing_is_written(une_par_une):
    oubli = une_par_une.index("--jwks")
    mots = une_par_une[:oubli] + une_par_une[oubli + 2 :]
    with pytest.raises(CommandError, match=r"--base-url, ou chaque adresse : --jwks\."):
        manage("ajouter", "--profil", "oidc", *mots)
    assert find_fournisseur(None, "oidc") is None


def test_return_host_is_the_one_registered_and_asked(une_par_une, navigateur):
    sortie = manage("ajouter", "--profil", "franceconnect", *une_par_une, "--hote-retour", OPSN)
    retour = f"{OPSN}/connexion/franceconnect/retour/"
    assert f"adresse de retour : {retour}" in sortie
    assert f"{OPSN}/deconnexion/retour/" in sortie

    depart = navigateur.part("/c/clamart/connexion/franceconnect/")
    assert parse_qs(urlsplit(depart).query)["redirect_uri"] == [retour]
    arrivee = navigateur.choisit(depart, "belkacem")
    assert arrivee.startswith(f"{retour}?")
    assert navigateur.revient(arrivee)["Location"] == "/c/clamart/espace/"


# Un fournisseur lent ----------------------------------------------------------------------------
class Muette(Differee):
    """Les simulateurs, et une adresse qui prend la demande sans jamais répondre à temps."""

    def __init__(self) -> None:
        self.fin = threading.Event()

    def __call__(self, environ, start_response):
        if not environ["PATH_INFO"].endswith("/muet"):
            return super().__call__(environ, start_response)
        self.fin.wait(60)
        start_response("503 Service Unavailable", [])
        return []


@pytest.fixture(scope="module")
def adresse_simulateurs() -> Iterator[str]:
    muette = Muette()
    with serve_application(muette) as origine:
        adresse = f"{origine}/simulateurs"
        prefixes = (f"{PRODUIT}/", f"{OPSN}/")
        muette.application = create_application(create_configuration(adresse, prefixes=prefixes))
        yield adresse
        muette.fin.set()


@pytest.fixture
def muet(simulateurs, monkeypatch) -> Iterator[str]:
    """L’adresse qui ne répond pas ; notre patience est raccourcie."""
    monkeypatch.setattr(fournisseurs, "Fournisseur", partial(Fournisseur, delai=PATIENCE))
    yield f"{simulateurs}/muet"
    clear_cles()


def slow_down(adresse: str, muet: str) -> None:
    clear_cles()
    with operateur():
        assert FournisseurIdentite.objects.update(**{adresse: muet}) == 1


@pytest.mark.timeout(20)
@pytest.mark.parametrize("adresse", ["jwks", "jeton", "userinfo"])
def test_slow_provider_gives_a_clear_page_and_another_way(navigateur, franceconnect, muet, adresse):
    slow_down(adresse, muet)
    page = navigateur.connecte("belkacem")

    assert page.status_code == 503
    assert "FranceConnect ne répond pas en ce moment." in page.text
    assert 'href="/c/clamart/connexion/">Essayer de nouveau, ou choisir un autre' in page.text
    assert "_auth_user_id" not in navigateur.client.session


@pytest.mark.timeout(20)
@pytest.mark.parametrize("adresse", ["jwks", "jeton", "userinfo"])
@pytest.mark.usefixtures("recues")
def test_slow_provider_leaves_the_form_to_the_hand(navigateur, franceconnect, muet, adresse):
    """Connectée, la personne revient à sa page : elle peut donner ces réponses elle-même."""
    navigateur.connecte("belkacem")
    slow_down(adresse, muet)
    reponse = navigateur.connecte("belkacem", depart=DEMANDE)

    assert reponse["Location"] == DEMANDE["suite"]
    [avis] = [str(avis) for avis in get_messages(reponse.wsgi_request)]
    assert "donnez ces réponses vous-même" in avis
    assert "_auth_user_id" in navigateur.client.session
