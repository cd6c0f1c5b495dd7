"""Mesures que l’installation fait d’elle-même ; le pilotage les date et les garde."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from socle.fondations.commun.registre import Registre


@dataclass(frozen=True, slots=True)
class Mesure:
    """Un nombre que l’installation sait compter elle-même.

    Attributes:
        libelle: « Démarches publiées ».
        unite: « démarches », au pluriel ; vide pour un nombre nu.
        definition: ce qui est compté, et ce qui ne l’est pas.
        compute: valeur à la fin de ce jour, None si elle n’est pas connue pour lui.
    """

    libelle: str
    unite: str
    definition: str
    compute: Callable[[date], Decimal | None]


mesures: Registre[Mesure] = Registre("mesures")
