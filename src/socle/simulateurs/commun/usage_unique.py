"""Mémoire bornée de ce qui ne doit servir qu’une fois (codes, assertions, jetons de reprise)."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock


class UsageUnique:
    """Ensemble d’identifiants vus, oubliés à leur échéance.

    La table ne dépasse jamais `capacite` : au-delà, la plus ancienne entrée est oubliée. Un rejeu
    deviendrait alors possible, mais les jetons expirent en quelques minutes : il faudrait plus de
    `capacite` connexions dans ce délai.
    """

    def __init__(self, horloge: Callable[[], float], capacite: int = 20_000) -> None:
        self._horloge = horloge
        self._capacite = capacite
        self._vus: OrderedDict[str, float] = OrderedDict()
        self._verrou = Lock()

    def consume(self, identifiant: str, echeance: float) -> bool:
        """Marque l’identifiant comme utilisé jusqu’à `echeance` ; faux s’il l’était déjà."""
        with self._verrou:
            self._purge()
            if identifiant in self._vus:
                return False
            self._vus[identifiant] = echeance
            return True

    def __contains__(self, identifiant: object) -> bool:
        with self._verrou:
            echeance = self._vus.get(str(identifiant))
            return echeance is not None and echeance > self._horloge()

    def __len__(self) -> int:
        return len(self._vus)

    def _purge(self) -> None:
        maintenant = self._horloge()
        for cle in [cle for cle, echeance in self._vus.items() if echeance <= maintenant]:
            del self._vus[cle]
        while len(self._vus) >= self._capacite:
            self._vus.popitem(last=False)
