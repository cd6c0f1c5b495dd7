"""Chaque page de chaque adresse, pour chaque rôle : axe et débordement, en large et en étroit.

Le tour suit les liens comme une personne, depuis l’accueil de chacun. Une page à laquelle aucun
lien ne mène a sa scène dans `tests.e2e.rares`, que joue `test_pages_rares` ; sinon, l’essai échoue.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.urls import Resolver404, get_resolver
from playwright.sync_api import Page

from tests.architecture.adresses import COLLECTIVITE, INSTALLATION, list_adresses
from tests.e2e.parcours import AGENT, CHEMIN, file_demande, fill_tout, press
from tests.e2e.rares import SCENES
from tests.e2e.regard import look

pytestmark = [pytest.mark.e2e, pytest.mark.lent, pytest.mark.timeout(1800)]
RACINES = ("/c/clamart/", "/c/vallee-sud/")
SOMBRE = 6  # une page sur six est aussi vue en sombre

# Qui fait le tour, et d’où il part en plus de ce que montrent les liens.
TOURS: dict[str, tuple[str, ...]] = {
    "": (
        "/",
        "/c/clamart/",
        f"{CHEMIN}commencer/",
        f"{CHEMIN}statistiques/",
        "/programme/echos/?cle=action:2018-2020-1-1",
        "/composants/",
        "/composants/agents/",
        "/c/clamart/composants/",
        "/c/clamart/composants/agents/",
        "/c/clamart/connexion/",
        "/c/clamart/agent/connexion/",
        "/c/clamart/connexion/mot-de-passe/envoye/",
        "/c/clamart/connexion/mot-de-passe/change/",
        "/c/clamart/connexion/mot-de-passe/1-faux/perime/",
        "/c/clamart/connexion/desactive/",
        "/c/clamart/inscription/courriel-envoye/",
        "/c/clamart/inscription/confirmer/faux/",
        "/c/clamart/agent/connexion/mot-de-passe/",
        "/agent/connexion/mot-de-passe/",
        "/connexion/",
        "/agent/connexion/",
        "/inscription/",
        "/inscription/courriel-envoye/",
        "/connexion/mot-de-passe/",
        "/connexion/mot-de-passe/envoye/",
        "/connexion/mot-de-passe/change/",
        "/connexion/desactive/",
    ),
    "usager:le_goff": (
        "/c/clamart/espace/",
        "/c/clamart/espace/compte/",
        "/c/clamart/espace/messages/",
        "/c/clamart/espace/messages/preferences/",
        "/c/clamart/compte/courriel/",
        "/c/clamart/compte/second-facteur/application/",
        "/c/clamart/compte/second-facteur/cles/",
        "/c/clamart/compte/second-facteur/cles/ajouter/",
        "/espace/compte/",
        "/espace/messages/",
        "/espace/messages/preferences/",
    ),
    "agent:instructrice": (f"{AGENT}/dossiers/", f"{AGENT}/guichet/", f"{AGENT}/phrases/"),
    "agent:administratrice": (
        f"{AGENT}/reglages/",
        f"{AGENT}/demarches/",
        f"{AGENT}/compte/",
        "/c/clamart/compte/second-facteur/",
    ),
    "agent:equipe": ("/equipe/",),
    "agent:archiviste": (f"{AGENT}/archives/", f"{AGENT}/"),
    "agent:valideur": (
        "/operateur/",
        "/operateur/etat/",
        "/operateur/chiffres/",
        "/operateur/nouvelle/",
        "/agent/?toutes=1",
    ),
}  # fmt: skip

# Adresses sans page à voir, et pourquoi.
SANS_PAGE = {
    r"\.(atom|css|csv|ics|json|pdf|txt|xml|yml|zip|xlsx)|csv\|xlsx|^sante/|^logo/|^theme|^simulateurs|"
    r"jwks|\.<slug:format_>$|^api/": "fichier",
    r"^documents/|telecharger/$|journal/preuve/$": "fichier, ou envoi",
    r"^deconnexion/|^connexion/passkey/": "passage",
    r"^connexion/<slug:code>/|^connexion/entree/|^connexion/sortie/|^session/": "passage",
    r"^consultations/reponses/.*/reprendre/": "passage",
    r"^dossiers/communes/": "fragment de la page d’une étape",
    r"formulaire/(gestes|annuler|pages)/$|/modele/$|/ajouter/<slug:dans>/$|"
    r"archives/<str:reference>/joindre/$": "geste",
}
# Adresses partagées par les deux niveaux, dont un seul a la page.
D_UN_SEUL_NIVEAU = {
    (COLLECTIVITE, "agent/"): "mène à la liste des dossiers",
    (INSTALLATION, "agent/invitation/<str:jeton>/"): "toute invitation est d’une collectivité",
}


@dataclass
class Tour:
    """Routes vues, par URLconf, et fautes relevées."""

    vues: set[tuple[str, str]] = field(default_factory=set)
    fautes: list[str] = field(default_factory=list)


def split_adresse(chemin: str) -> tuple[str, str]:
    """Rend l’URLconf qui sert ce chemin, et le chemin qu’elle voit."""
    for racine in RACINES:
        if chemin.startswith(racine):
            return COLLECTIVITE, "/" + chemin.removeprefix(racine)
    return INSTALLATION, chemin


def find_route(adresse: str) -> tuple[str, str] | None:
    urlconf, chemin = split_adresse(urlsplit(adresse).path)
    try:
        return urlconf, str(get_resolver(urlconf).resolve(chemin).route)
    except Resolver404:
        return None


def needs_page(urlconf: str, route: str) -> bool:
    """Faux pour ce qui n’est pas une page : fichier, fragment, geste, passage."""
    if (urlconf, route) in D_UN_SEUL_NIVEAU:
        return False
    return not any(re.search(motif, route.lstrip("^")) for motif in SANS_PAGE)


def list_pages() -> set[tuple[str, str]]:
    """Routes des deux URLconf qui répondent à GET par une page."""
    return {
        (urlconf, route)
        for urlconf in (COLLECTIVITE, INSTALLATION)
        for route, adresse in list_adresses(urlconf).items()
        if needs_page(urlconf, route) and not is_geste(adresse.vue)
    }


@pytest.fixture(scope="module")
def monde(moteur, site, sessions, assurance) -> dict[str, int]:
    """Un brouillon, un dossier déposé, un accepté et versé, et la démarche de la cantine."""
    with open_contexte(moteur, site, sessions("usager:le_goff")) as page:
        depose = fill_tout(page, assurance)
        file_demande(page)
        accepte = fill_tout(page, assurance)
        file_demande(page)
        brouillon = fill_tout(page, assurance)
    with open_contexte(moteur, site, sessions("agent:instructrice")) as page:
        page.goto(f"{AGENT}/dossiers/{accepte}/")
        press(page, "Passer en instruction")
        page.get_by_label("Accepter").check()
        press(page, "Relire avant de décider")
        press(page, "Accepter")
    with open_contexte(moteur, site, sessions("agent:administratrice")) as page:
        for _ in range(60):
            page.goto(f"{AGENT}/dossiers/{accepte}/")
            if page.get_by_text("Décision (PDF)").count():
                break
            page.wait_for_timeout(500)
        cantine = find_demarche(page, "Inscription à la cantine scolaire")
    return {"depose": depose, "accepte": accepte, "brouillon": brouillon, "cantine": cantine}


def find_demarche(page: Page, titre: str) -> int:
    """Numéro d’une démarche, lu dans la liste de qui la modifie."""
    page.goto(f"{AGENT}/demarches/")
    lien = page.get_by_role("link", name=f"Formulaire de {titre}").first
    return int(re.search(r"/demarches/(\d+)/", lien.get_attribute("href"))[1])


@contextmanager
def open_contexte(moteur, site, temoins=None, *, js: bool = False) -> Iterator[Page]:
    contexte = moteur.new_context(base_url=site, java_script_enabled=js, storage_state=temoins)
    contexte.set_default_timeout(20_000)
    yield contexte.new_page()
    contexte.close()


def list_liens(page: Page) -> list[str]:
    adresses: list[str] = page.eval_on_selector_all(
        "a[href]", "liens => liens.map(lien => lien.getAttribute('href'))"
    )
    return [urldefrag(urljoin(page.url, adresse))[0] for adresse in adresses]


def test_every_page_passes_axe_and_none_is_forgotten(moteur, site, sessions, monde):
    """Un seul essai : ce que personne n’a vu ne se sait qu’une fois tous les tours faits."""
    tour = Tour()
    for qui in TOURS:
        with open_contexte(moteur, site, sessions(qui) if qui else None, js=True) as page:
            if not qui:
                monde |= {"invite": open_invite(page)}
            chemins = (*TOURS[qui], *list_departs(qui, monde))
            visite = Tour()
            # Une page de l’installation est la même pour tous ceux à qui elle s’ouvre.
            deja = {route for route in tour.vues if route[0] == INSTALLATION}
            walk(page, [urljoin(site, chemin) for chemin in chemins], site, visite, deja)
        tour.vues |= visite.vues
        tour.fautes += [f"{qui} {faute}" for faute in visite.fautes]
    manques = tour.fautes + list_oubliees(tour)
    assert not manques, "\n".join(manques)


def walk(
    page: Page, a_voir: list[str], site: str, visite: Tour, deja: set[tuple[str, str]]
) -> None:
    """Suit les liens ; chaque route est ouverte une fois, puis regardée, sauf celles déjà vues."""
    essayees: set[tuple[str, str] | None] = {*deja}
    for perdue in (f"{site}{racine}nexiste-pas/" for racine in ("/", "/c/clamart/")):
        page.goto(perdue)
        visite.fautes += [f"404 {perdue} : {faute}" for faute in look(page, sombre=False)]
    while a_voir:
        adresse = a_voir.pop(0)
        route = find_route(adresse)
        if route is None or route in essayees or not needs_page(*route):
            continue
        reponse = page.goto(adresse)
        arrivee = find_route(page.url)
        essayees |= {route, arrivee}
        if arrivee in visite.vues:
            continue
        if arrivee and reponse.status < 400:
            visite.vues.add(arrivee)
        sombre = len(visite.vues) % SOMBRE == 0
        chemin = urlsplit(page.url).path
        visite.fautes += [f"{reponse.status} {chemin} : {f}" for f in look(page, sombre)]
        if reponse.status >= 500:
            visite.fautes.append(f"{reponse.status} : {chemin}")
        a_voir += [lien for lien in list_liens(page) if lien.startswith(site)]


def open_invite(page: Page) -> int:
    page.goto(f"{CHEMIN}commencer/")
    press(page, "Continuer sans compte")
    return int(re.search(r"/dossiers/(\d+)/", page.url)[1])


def list_departs(qui: str, monde: dict[str, int]) -> list[str]:
    """Pages qu’une personne connaît par ses courriels ou ses signets."""
    if qui == "":
        return [f"/c/clamart/dossiers/{monde['invite']}/{fin}" for fin in ("", "lien/", "acces/")]
    if qui.startswith("usager"):
        numeros = (monde["brouillon"], monde["depose"], monde["accepte"])
        return [
            f"/c/clamart/dossiers/{n}/{f}" for n in numeros for f in ("resume/", "supprimer/", "")
        ]
    a_elle = {
        "agent:instructrice": f"{AGENT}/dossiers/{monde['accepte']}/rouvrir/",
        # Cette démarche a un barème ; une autre, laissée par un essai d’avant, n’en a pas.
        "agent:administratrice": f"{AGENT}/demarches/{monde['cantine']}/formulaire/",
    }
    dossiers = [f"{AGENT}/dossiers/{monde[nom]}/" for nom in ("depose", "accepte")]
    return [*dossiers, *([a_elle[qui]] if qui in a_elle else [])]


def list_oubliees(tour: Tour) -> list[str]:
    """Pages que personne n’a vues ; celles de `SCENES` le sont par `test_pages_rares`."""
    toutes = {(urlconf, route) for urlconf, route in list_pages() if route not in SCENES}
    en_haut = {(u, r) for u, r in toutes if u == INSTALLATION and (COLLECTIVITE, r) in tour.vues}
    return sorted(
        f"jamais vue : {urlconf} {route}" for urlconf, route in toutes - tour.vues - en_haut
    )


def is_geste(vue: Callable[..., Any] | None) -> bool:
    """Vrai si la vue ne répond qu’à POST, d’après ses décorateurs."""
    while vue is not None:
        libres = dict(zip(vue.__code__.co_freevars, vue.__closure__ or (), strict=True))
        if "request_method_list" in libres:
            return "GET" not in libres["request_method_list"].cell_contents
        vue = getattr(vue, "__wrapped__", None)
    return False
