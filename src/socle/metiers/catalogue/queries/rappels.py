"""Ce qui cite ailleurs une page du catalogue : gardé cinq minutes, en une instruction."""

from dataclasses import asdict
from typing import Any

from django.core.cache import cache

from socle.fondations.commun.fiches import Fiche, Groupe, list_rappels

DUREE = 300  # secondes


def list_rappels_gardes(cle: str) -> list[Groupe]:
    """Rend les rappels d’une clé, à cinq minutes près."""
    nom = f"catalogue.rappels:{cle}"
    gardes: list[dict[str, Any]] | None = cache.get(nom)
    if gardes is None:
        gardes = [asdict(groupe) for groupe in list_rappels(cle)]
        cache.set(nom, gardes, DUREE)
    return [
        Groupe(groupe["titre"], tuple(Fiche(**fiche) for fiche in groupe["fiches"]))
        for groupe in gardes
    ]
