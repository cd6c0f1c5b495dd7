"""Valeurs typées : la forme sous laquelle conditions, formules et tris lisent une réponse.

Une réponse est stockée en JSON (`reponses[id]`) ; chaque type de champ sait en tirer une valeur
typée : `str`, `Decimal`, `date`, `bool`, `frozenset[str]` (choix multiple), `Lieu`, ou None
quand le champ est vide ou masqué. Un nombre n’est jamais un `float`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

AUTRE = "autre"  # identifiant de la réponse « Autre » d’un choix simple


@dataclass(frozen=True, slots=True)
class Lieu:
    """Commune, département ou pays : son code, et où il se trouve en France."""

    code: str
    departement: str = ""
    region: str = ""


Valeur: TypeAlias = str | Decimal | date | bool | frozenset[str] | Lieu | None
Valeurs: TypeAlias = Mapping[str, Valeur]
Json: TypeAlias = Any
Reponses: TypeAlias = Mapping[str, Json]


def read_decimal(texte: str) -> Decimal | None:
    """Lit un nombre écrit à la française ou non ; None s’il n’est pas lisible ou démesuré."""
    propre = "".join(texte.split()).replace("−", "-").replace(",", ".")
    if not propre or len(propre) > 40 or not propre.isascii():
        return None
    if any(c not in "+-.0123456789" for c in propre):
        return None
    try:
        return Decimal(propre)
    except InvalidOperation:
        return None


def read_date_iso(texte: str) -> date | None:
    """Lit AAAA-MM-JJ ; None sinon."""
    if len(texte) != 10 or not texte.isascii():
        return None
    try:
        return date.fromisoformat(texte)
    except ValueError:
        return None


def compute_age(naissance: date, jour: date) -> int | None:
    """Rend l’âge en années révolues ; None si la naissance est après le jour."""
    if naissance > jour:
        return None
    return jour.year - naissance.year - ((jour.month, jour.day) < (naissance.month, naissance.day))
