"""Ce que l’appelant donne d’un dossier à verser. Des tuples simples : aucun modèle d’un métier."""

from collections.abc import Callable
from datetime import date, datetime
from typing import BinaryIO, NamedTuple


class Dates(NamedTuple):
    """Jours d’un dossier, à l’heure de Paris."""

    depot: date
    cloture: date
    decision: date | None = None


class Piece(NamedTuple):
    """Pièce à verser. `ouvrir` rend un flux binaire neuf ; `role` est une valeur de `RolePiece`."""

    nom: str
    ouvrir: Callable[[], BinaryIO]
    type_mime: str
    role: str


class Trace(NamedTuple):
    """Événement de la vie du dossier. `acteur` comme au journal (« agent:12 »), jamais un nom."""

    quand: datetime
    code: str
    libelle: str
    acteur: str = ""
