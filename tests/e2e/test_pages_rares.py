"""Les pages qu’aucun lien n’ouvre sans un état : axe et débordement, comme pour le tour.

Elles sont jouées par de vraies requêtes de test, puis montrées à Chromium telles que servies.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles.finders import find
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Route

from tests.architecture.adresses import COLLECTIVITE, INSTALLATION
from tests.e2e.parcours import LENT
from tests.e2e.rares import GABARITS, SCENES
from tests.e2e.rares.monde import Monde, Scene
from tests.e2e.regard import look
from tests.e2e.test_toutes_pages import list_pages
from tests.factories import CompteFactory
from tests.fondations.comptes.conftest import courriels
from tests.metiers.archivage.conftest import archiviste, contrat, demande, regle, versement
from tests.metiers.conftest import administrateur, agent, brouillon, demarche, depose, usager

__all__ = [
    "administrateur", "agent", "archiviste", "brouillon", "contrat", "courriels", "demande",
    "demarche", "depose", "regle", "usager", "versement",
]  # fmt: skip
pytestmark = [
    pytest.mark.e2e, pytest.mark.lent, pytest.mark.django_db, pytest.mark.timeout(180),
]  # fmt: skip
SITE = "http://localhost:8000"
BASES = {COLLECTIVITE: "/c/clamart/", INSTALLATION: "/"}
ROUTES = sorted((urlconf, route) for urlconf, route in list_pages() if route in SCENES)


@pytest.fixture
def agent_seul(db):
    """Un agent sans rôle ici."""
    return CompteFactory(agent=True, courriel="nina@exemple.fr")


@pytest.fixture
def jouer(collectivite, request) -> Callable[[Scene, str], list[HttpResponse]]:
    """Joue une scène jusqu’au bout et rend ce qu’elle a montré."""
    return lambda scene, base: list(scene(Monde(base, request.getfixturevalue)))


@pytest.fixture
def montrer(moteur) -> Iterator[Callable[[HttpResponse], list[str]]]:
    """Montre une page déjà servie à Chromium, et rend ses fautes."""
    contexte = moteur.new_context()
    contexte.set_default_timeout(LENT)
    page = contexte.new_page()

    def show(reponse: HttpResponse) -> list[str]:
        assert reponse.text, f"{reponse.status_code} : rien à voir"
        adresse = SITE + reponse.wsgi_request.get_full_path()
        page.unroute_all()
        page.route("**/*", lambda route: answer(route, adresse, reponse))
        page.goto(adresse)
        return [f"{reponse.status_code} {adresse} : {faute}" for faute in look(page)]

    yield show
    contexte.close()


def answer(route: Route, adresse: str, reponse: HttpResponse) -> None:
    """Sert la page, ses fichiers statiques et la couleur de la collectivité ; rien d’autre."""
    chemin = urlsplit(route.request.url).path
    if route.request.url == adresse:
        route.fulfill(status=reponse.status_code, headers=dict(reponse.items()), body=reponse.text)
    elif chemin.startswith("/static/") and (trouve := find(chemin.removeprefix("/static/"))):
        route.fulfill(path=Path(trouve))
    elif "/theme/" in chemin:
        feuille = Client().get(chemin)
        route.fulfill(content_type="text/css", body=feuille.text)
    else:
        route.abort()


def test_every_scene_leads_to_a_page_that_exists():
    assert set(SCENES) - {route for _, route in ROUTES} == set()


@pytest.mark.parametrize(("urlconf", "route"), ROUTES)
def test_rare_page_passes_axe_and_never_overflows(jouer, montrer, urlconf, route):
    vues = jouer(SCENES[route], BASES[urlconf])

    premiere = vues[0]
    assert (premiere.status_code, premiere.wsgi_request.resolver_match.route) == (200, route)
    fautes = [faute for vue in vues for faute in montrer(vue)]
    assert not fautes, "\n".join(fautes)


@pytest.mark.parametrize("gabarit", sorted(GABARITS))
def test_page_without_an_address_passes_axe_and_never_overflows(jouer, montrer, gabarit):
    vues = jouer(GABARITS[gabarit], BASES[COLLECTIVITE])

    for vue in vues:
        assert gabarit in [rendu.name for rendu in vue.templates]
    fautes = [faute for vue in vues for faute in montrer(vue)]
    assert not fautes, "\n".join(fautes)
