"""Temps processeur d’un geste, jugé à la vitesse de la machine qui le mesure."""

import time
from collections.abc import Callable

ETALON = 0.010  # secondes du geste témoin, là où les limites des essais ont été choisies
ESSAIS = 4


def check_cpu(geste: Callable[[], object], limite: float) -> None:
    """Vérifie qu’un geste tient dans `limite` secondes de processeur.

    La limite grandit avec la lenteur de la machine, mesurée juste avant, et une réussite suffit :
    un voisin bruyant ne fait pas échouer, un geste devenu trop cher échoue à chaque fois.
    """
    durees = []
    for _ in range(ESSAIS):
        lenteur = max(1.0, measure(_play_temoin) / ETALON)
        durees.append(measure(geste) / lenteur)
        if durees[-1] < limite:
            return
    raise AssertionError(f"{min(durees):.3f} s de processeur au mieux, pour {limite} s permises")


def measure(geste: Callable[[], object]) -> float:
    debut = time.process_time()
    geste()
    return time.process_time() - debut


def _play_temoin() -> None:
    textes: dict[int, str] = {}
    for rang in range(100_000):
        textes[rang % 100] = str(rang * rang % 7)
