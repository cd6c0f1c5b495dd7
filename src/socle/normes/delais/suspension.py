"""Un délai qui s’arrête puis reprend (suspension), ou qui repart de zéro (interruption)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Suspension:
    """Période pendant laquelle un délai ne court pas.

    Attributes:
        debut: jour où le délai s’arrête.
        fin: jour où il reprend ; la période dure `fin - debut` jours.
    """

    debut: date
    fin: date


def merge(suspensions: Iterable[Suspension]) -> list[Suspension]:
    """Réunit les périodes qui se touchent ou se recouvrent : un jour ne se compte qu’une fois.

    Une période qui finit avant de commencer ne suspend rien.
    """
    unies: list[Suspension] = []
    for periode in sorted((s for s in suspensions if s.fin > s.debut), key=lambda s: s.debut):
        if unies and periode.debut <= unies[-1].fin:
            unies[-1] = Suspension(unies[-1].debut, max(unies[-1].fin, periode.fin))
        else:
            unies.append(periode)
    return unies


def count_jours(depart: date, fin: date, suspensions: Iterable[Suspension]) -> int:
    """Compte les jours de suspension d’un délai qui court de `depart` à `fin`.

    Ce qui précède le départ ne compte pas. Une suspension compte si elle commence avant que le
    délai, déjà prolongé par les précédentes, soit fini.

    Args:
        fin: dernier jour du délai, sans suspension.
    """
    ajoutes = 0
    for periode in merge(suspensions):
        if periode.debut > fin + timedelta(ajoutes):
            break
        ajoutes += max((periode.fin - max(periode.debut, depart)).days, 0)
    return ajoutes


def find_depart(depart: date, evenements: Iterable[date], fin: Callable[[date], date]) -> date:
    """Donne le jour d’où court un délai que des événements font repartir de zéro.

    Un événement venu après la fin du délai ne le fait pas renaître.

    Args:
        evenements: jours des interruptions (recours gracieux, pièces reçues…).
        fin: donne le dernier jour du délai parti un jour donné.
    """
    for jour in sorted(evenements):
        if depart <= jour <= fin(depart):
            depart = jour
    return depart
