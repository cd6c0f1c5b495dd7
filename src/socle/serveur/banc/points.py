"""Ce que l’on mesure, et les données qu’il faut pour cela."""

from socle.serveur.banc.client import Navigateur
from socle.serveur.banc.mesure import Point
from socle.serveur.banc.serveur import ServeurMesure
from socle.serveur.errors import ErreurServeur


def prepare(serveur: ServeurMesure) -> None:
    """Crée les données du banc ; sans effet si elles y sont."""


def list_points() -> list[Point]:
    """Points mesurés, dans l’ordre du tableau."""
    return [Point("accueil", open_accueil)]


def open_accueil(navigateur: Navigateur, _rang: int) -> None:
    """Page d’accueil de l’installation."""
    page = navigateur.get("/")
    if page.statut != 200:
        raise ErreurServeur(f"L’accueil répond {page.statut}.")
