"""Ce que la gouvernance attend des autres métiers, qu’elle ne connaît pas."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from socle.fondations.commun.registre import Registre


@dataclass(frozen=True, slots=True)
class ChangementConstate:
    """Un objet d’ailleurs (une action, une échéance) qui a changé pendant le mois.

    Attributes:
        cle: « action:2018-2020-1-3 ».
        quoi: une phrase : « Passe de “à lancer” à “en cours” ».
    """

    cle: str
    titre: str
    quoi: str
    quand: datetime


@dataclass(frozen=True, slots=True)
class EffetDecide:
    """Un effet de décision, tel que les liaisons le reçoivent."""

    pk: int
    cle: str
    nature: str
    valeur: str
    date_visee: date | None
    texte: str


# Métier → ce qui a changé chez lui entre deux instants (fin exclue), pour le rapport du mois.
changements: Registre[Callable[[datetime, datetime], list[ChangementConstate]]] = Registre(
    "changements du mois"
)
