"""Ce que l’on mesure, et les données qu’il faut pour cela."""

import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from socle.serveur.banc.client import Navigateur, Page
from socle.serveur.banc.formulaire import CHEMIN, OBJETS, SLUG, build_reponses
from socle.serveur.banc.mesure import Point
from socle.serveur.banc.serveur import ServeurMesure
from socle.serveur.errors import ErreurServeur

RACINE = f"/c/{SLUG}"
DOSSIERS = 10_400
NOMS = ("page_formulaire", "depot_complet", "liste_agents", "recherche", "accueil")
TAILLE_FICHIER = 60_000  # octets : un plan d’une page
ACTUALISER = 0.03  # secondes avant de relire la page de suivi ; deux fois plus à chaque essai
PATIENCE = 30.0
ACCUSE = re.compile(r'href="([^"]+)"[^>]*>Accusé de réception \(PDF\)')


@dataclass(frozen=True)
class Donnees:
    """Ce que les points ont besoin de savoir : la clé de session de l’agent."""

    session: str


def prepare(serveur: ServeurMesure, dossiers: int = DOSSIERS) -> Donnees:
    """Crée les données du banc ; ce qui y est déjà n’est pas refait."""
    essai = replace(serveur.installation, bac_a_sable=True)
    fini = essai.run_django("semer_banc", "--dossiers", str(dossiers))
    if fini.returncode:
        raise ErreurServeur(
            "Les données du banc n’ont pas pu être semées.",
            fini.stderr.decode(errors="replace").strip()[-600:],
        )
    # Ce que l’entretien automatique de PostgreSQL ferait dans la minute ; le rôle de l’application
    # n’en a pas le droit.
    serveur.connexion.execute("VACUUM (ANALYZE) dossiers_dossier, dossiers_mot")
    return Donnees(**json.loads(fini.stdout.splitlines()[-1]))


def list_points(donnees: Donnees) -> list[Point]:
    """Points mesurés, dans l’ordre du tableau."""

    def connect(navigateur: Navigateur) -> None:
        navigateur.cookies["session"] = donnees.session

    return [
        Point("page_formulaire", read_etape, ouvre=open_brouillon),
        Point("depot_complet", file_demande),
        Point("liste_agents", read_page(f"{RACINE}/agent/dossiers/?taille=100"), ouvre=connect),
        Point("recherche", search_dossiers, ouvre=connect),
        Point("accueil", read_page(f"{RACINE}/")),
    ]


def read_page(chemin: str) -> Callable[[Navigateur, int], None]:
    """Opération qui lit une page."""

    def read(navigateur: Navigateur, _rang: int) -> None:
        check_page(navigateur.get(chemin))

    return read


def search_dossiers(navigateur: Navigateur, rang: int) -> None:
    """Un agent cherche un mot que des milliers de dossiers portent, ou le nom d’une personne."""
    mot = OBJETS[rang % len(OBJETS)] if rang % 2 else build_reponses(rang)["nom"]
    page = navigateur.get_avec(f"{RACINE}/agent/dossiers/", {"q": mot})
    check_page(page)


def open_brouillon(navigateur: Navigateur) -> Page:
    """Un invité commence une demande ; rend la première étape."""
    navigateur.cookies.clear()
    navigateur.adresse = pick_adresse()  # chaque invité a la sienne : la limite est par adresse
    chemin = f"{RACINE}/demarches/{CHEMIN}/commencer/"
    depart = check_page(navigateur.get(chemin))
    etape = check_page(navigateur.post(chemin, depart.read_caches()))
    navigateur.marque = etape.adresse
    return etape


def read_etape(navigateur: Navigateur, _rang: int) -> None:
    """La page d’un formulaire de cinq textes et un fichier, par un invité."""
    check_page(navigateur.get(navigateur.marque))


def file_demande(navigateur: Navigateur, rang: int) -> None:
    """De la première page à l’accusé : tout ce qu’envoie un navigateur sans JavaScript."""
    etape = open_brouillon(navigateur)
    reponses = build_reponses(rang) | {"courriel": f"{secrets.token_hex(8)}@exemple.fr"}
    resume = check_page(
        navigateur.post_fichiers(
            etape.adresse,
            {**etape.read_caches("data-saisie"), **reponses, "_action": "continuer"},
            {"plan": ("plan.pdf", build_pdf(), "application/pdf")},
        )
    )
    if not resume.adresse.endswith("/resume/"):
        raise ErreurServeur(f"Les réponses du banc sont refusées ({resume.adresse}).")
    depot = resume.adresse.replace("/resume/", "/deposer/")
    suivi = check_page(navigateur.post(depot, resume.read_caches(depot)))
    accuse = navigateur.get(wait_accuse(navigateur, suivi))
    if accuse.statut != 200 or not accuse.corps.startswith(b"%PDF-"):
        raise ErreurServeur(f"L’accusé de réception répond {accuse.statut}.")


def wait_accuse(navigateur: Navigateur, suivi: Page) -> str:
    """Actualise la page de suivi jusqu’à ce qu’elle montre l’accusé ; rend son adresse."""
    limite, attente = time.perf_counter() + PATIENCE, ACTUALISER
    while not (trouve := ACCUSE.search(suivi.texte)):
        if time.perf_counter() > limite:
            raise ErreurServeur(f"L’accusé n’est pas prêt après {PATIENCE:.0f} secondes.")
        time.sleep(attente)
        attente = min(2 * attente, 1.0)
        suivi = check_page(navigateur.get(suivi.adresse))
    return trouve.group(1)


def build_pdf() -> bytes:
    """Un PDF jamais vu : chaque dépôt écrit son propre contenu."""
    return b"%PDF-1.7\n" + secrets.token_bytes(TAILLE_FICHIER) + b"\n%%EOF\n"


def pick_adresse() -> str:
    """Adresse IP d’un invité, dans un réseau qui n’appartient à personne (RFC 2544)."""
    return f"198.{18 + secrets.randbelow(2)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}"


def check_page(page: Page) -> Page:
    """Rend la page.

    Raises:
        ErreurServeur: ce n’est pas un 200.
    """
    if page.statut != 200:
        raise ErreurServeur(f"{page.adresse} répond {page.statut}.")
    return page
