"""Petites listes qui ne viennent pas de la base : pays, jours fériés."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Pays:
    """Un pays. `code` : ISO 3166-1 à deux lettres ; `cog` : code de l’Insee (« 99352 »)."""

    code: str
    nom: str
    cog: str


@dataclass(frozen=True, slots=True)
class JourFerie:
    jour: date
    nom: str
