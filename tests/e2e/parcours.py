"""Gestes d’une personne sur le vrai site, dans un vrai navigateur, avec ou sans JavaScript."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as DelaiPasse

CHEMIN = "/c/clamart/demarches/cantine-scolaire/"
AGENT = "/c/clamart/agent"
PROGRAMME = ("equipe", "etat", "association")  # identités sans collectivité
LENT = 45_000  # ms, le temps qu’un appel à l’État revienne sur une machine chargée
# Vrai si le script envoie ce geste lui-même et ne remplace qu’une partie de la page.
PAR_HTMX = """e => !!window.htmx
  && [e, e.matches('button') ? e.form : null].some(o => o?.matches('[hx-get], [hx-post]'))"""
ESSAIS = 180  # lectures d’une page, une par demi-seconde, que le travailleur complète
MARQUE = "document.documentElement.dataset.avant = ''"
MARQUE_JUSQU_AU_FRAGMENT = f"""() => {{ {MARQUE};
  document.addEventListener('htmx:afterSettle',
    () => {{ delete document.documentElement.dataset.avant; }}, {{ once: true }}); }}"""


class Piece(NamedTuple):
    """Un fichier à joindre, en mémoire."""

    name: str
    mimeType: str  # noqa: N815  nom du pilote du navigateur
    buffer: bytes


@contextmanager
def reponse(page: Page, *, fragment: bool = False) -> Iterator[None]:
    """Attend que le geste fait ici ait reçu sa réponse, lue jusqu’au bout.

    La page d’avant est marquée : le geste suivant ne peut ni la viser, ni lire une page à demi
    reçue. Avec `fragment`, la réponse du script suffit ; sinon il faut une page nouvelle.
    """
    page.evaluate(MARQUE_JUSQU_AU_FRAGMENT if fragment else MARQUE)
    yield
    expect(page.locator("html:not([data-avant])")).to_be_attached(timeout=LENT)
    page.wait_for_load_state()


def click(cible: Locator) -> None:
    """Presse un bouton ou suit un lien, et attend la réponse du service."""
    with reponse(cible.page, fragment=cible.evaluate(PAR_HTMX)):
        cible.click()


def log_in_usager(page: Page, identite: str = "belkacem", suite: str = CHEMIN) -> None:
    """Se connecte par FranceConnect (simulé) et revient à `suite`."""
    page.goto(f"/c/clamart/connexion/?suite={suite}")
    page.locator(".fr-connect").first.click()
    choose_identite(page, identite)


def choose_identite(page: Page, identite: str, arrivee: str = "/c/clamart/") -> None:
    """Choisit une identité chez le simulateur et revient au site, sous `arrivee`."""
    wait_adresse(page, lambda chemin: chemin.startswith("/simulateurs/"))
    page.locator(f"label[for=identite-{identite}]").click()
    page.get_by_role("button", name="Se connecter").click()
    wait_adresse(page, lambda chemin: is_arrive(chemin, arrivee))


def wait_adresse(page: Page, vrai: Callable[[str], bool]) -> None:
    """Attend une page dont le chemin convient ; sinon, dit ce que montre celle où l’on est."""
    try:
        page.wait_for_url(lambda url: vrai(urlsplit(url).path), timeout=LENT)
    except DelaiPasse as cause:
        texte = page.locator("body").inner_text()[:2000]
        raise AssertionError(f"Resté sur {page.url} :\n{texte}") from cause


def is_arrive(chemin: str, arrivee: str) -> bool:
    """Vrai une fois revenu du simulateur, retour de connexion compris."""
    return chemin.startswith(arrivee) and not chemin.startswith(("/simulateurs/", "/connexion/"))


def log_in_agent(page: Page, identite: str = "instructrice") -> None:
    """Se connecte par ProConnect (simulé) et arrive à la liste des dossiers.

    Une personne du programme n’a pas de collectivité : elle entre par l’installation.
    """
    if identite in PROGRAMME:
        page.goto("/agent/connexion/?suite=/equipe/" if identite == "equipe" else
                  "/agent/connexion/?suite=/agent/?toutes=1")  # fmt: skip
        page.locator(".proconnect").first.click()
        choose_identite(page, identite, arrivee="/")
        return
    page.goto(f"{AGENT}/connexion/?suite={AGENT}/dossiers/")
    page.locator(".proconnect").first.click()
    choose_identite(page, identite)


def open_brouillon(page: Page) -> int:
    """Commence une demande et rend son numéro."""
    page.goto(f"{CHEMIN}commencer/")
    click(page.locator("main form button[type=submit]"))
    return read_numero(page)


def read_numero(page: Page) -> int:
    """Rend le numéro du dossier que montre l’adresse."""
    trouve = re.search(r"/dossiers/(\d+)/", page.url)
    assert trouve, f"Pas de dossier dans {page.url}"
    return int(trouve[1])


def press(page: Page, nom: str) -> None:
    """Presse un bouton ou suit un lien du contenu, par son nom, et attend la réponse."""
    contenu = page.locator("main")
    boutons = contenu.get_by_role("button", name=nom, exact=True)
    click(boutons.or_(contenu.get_by_role("link", name=nom, exact=True)).first)


def fill_vous(page: Page, *, invite: bool = False) -> None:
    """Remplit la première étape ; l’invité donne aussi son identité."""
    if invite:
        page.get_by_label("Prénom").fill("Odile")
        page.get_by_label("Nom", exact=True).fill("Carpentier")
        page.get_by_label("Date de naissance").fill("1984-05-06")
    page.get_by_label("Téléphone").fill("06 12 34 56 78")
    page.locator("[name=adresse-voie]").fill("14 rue des Châtaigniers")
    page.locator("[name=adresse-code_postal]").fill("92140")
    page.locator("[name=adresse-commune]").fill("Clamart")


def fill_foyer_a_la_main(page: Page) -> None:
    """Remplit le foyer sans l’État ; une personne connectée doit d’abord le demander."""
    expect(page.get_by_role("heading", name="Votre foyer")).to_be_visible()
    if page.get_by_role("button", name="Je préfère les donner moi-même").count():
        press(page, "Je préfère les donner moi-même")
    page.get_by_label("Revenu fiscal de référence").fill("24000")
    page.get_by_label("Nombre de parts").fill("2,5")
    answer_aides(page, "Non")


def answer_aides(page: Page, reponse: str) -> None:
    groupe = page.get_by_role("group", name=re.compile("aides de la Caf"))
    groupe.get_by_label(reponse).check()


def fill_enfant(page: Page, prenom: str = "Maëlle") -> None:
    """Remplit la dernière ligne du bloc des enfants."""
    ligne = page.locator(".bloc-repetable fieldset.card").last
    ligne.get_by_label("Prénom de l’enfant").fill(prenom)
    ligne.get_by_label("Nom de l’enfant", exact=True).fill("Belkacem")
    ligne.get_by_label("Date de naissance de l’enfant").fill("2018-02-02")
    ligne.get_by_label("École des Rochers").check()
    for jour in ("Lundi", "Jeudi"):
        ligne.get_by_label(jour).check()


def fill_garde(page: Page, assurance: Path) -> None:
    page.get_by_label("Les enfants vivent avec vous").check()
    page.locator("[name=assurance]").set_input_files(assurance)
    page.get_by_label("J’ai lu le règlement").check()


def fill_tout(page: Page, assurance: Path, *, invite: bool = False) -> int:
    """Remplit toute la demande à la main, jusqu’au résumé, et rend son numéro."""
    numero = open_brouillon(page)
    fill_vous(page, invite=invite)
    press(page, "Continuer")
    expect(page.get_by_role("heading", name="Votre foyer")).to_be_visible()
    fill_foyer_a_la_main(page)
    press(page, "Continuer")
    expect(page.get_by_role("heading", name="Vos enfants")).to_be_visible()
    fill_enfant(page)
    press(page, "Continuer")
    fill_garde(page, assurance)
    press(page, "Relire ma demande")
    expect(page.get_by_role("heading", name="Relisez votre demande")).to_be_visible()
    return numero


def file_demande(page: Page) -> None:
    """Dépose depuis le résumé."""
    page.get_by_label("J’accepte de recevoir la décision").check()
    press(page, "Déposer ma demande")
    page.wait_for_url(re.compile(r"/dossiers/\d+/$"))
