"""Ce que l’on mesure, et les données qu’il faut pour cela."""

from socle.serveur.banc.client import Navigateur
from socle.serveur.banc.mesure import Point
from socle.serveur.banc.serveur import ServeurMesure
from socle.serveur.errors import ErreurServeur


def prepare(serveur: ServeurMesure) -> None:
    """Crée les données du banc ; sans effet si elles y sont."""


def list_points() -> list[Point]:
    """Points mesurés, dans l’ordre du tableau."""
    return [Point("sante", ask_sante)]


def ask_sante(navigateur: Navigateur, _rang: int) -> None:
    """La plus petite requête possible : ce que coûte le cadre lui-même."""
    page = navigateur.get("/sante/")
    if page.statut != 200:
        raise ErreurServeur(f"La page de santé répond {page.statut}.")
