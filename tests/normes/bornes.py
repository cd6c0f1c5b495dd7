"""Ce que tout lecteur tient devant un fichier hostile, et combien on lui en donne.

Dix secondes de processeur et 500 Mo par fichier, quel que soit le lecteur. Deux mille fichiers
abîmés au hasard par lecteur dans la part lente ; pour aller plus loin, pour toutes les normes à la
fois : `SOCLE_TESTS_FUZZ=200000 ./socle test --lents`.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

FUZZ = int(os.environ.get("SOCLE_TESTS_FUZZ", "2000"))
SECONDES_MAX = 10  # processeur
MEMOIRE_MAX = 500  # Mo, en plus de ce que tenait l’essai


@contextlib.contextmanager
def bornes(cas: object) -> Iterator[None]:
    """Vérifie le temps de processeur et la mémoire d’un geste, qu’il finisse ou qu’il refuse."""
    with contextlib.suppress(OSError):  # le pic des gestes d’avant cacherait celui-ci
        Path("/proc/self/clear_refs").write_text("5")
    avant, debut = read_pic(), time.process_time()
    try:
        yield
    finally:
        secondes, memoire = time.process_time() - debut, read_pic() - avant
        assert secondes < SECONDES_MAX, f"{secondes:.1f} s pour {str(cas)[:300]}"
        assert memoire < MEMOIRE_MAX, f"{memoire} Mo pour {str(cas)[:300]}"


def read_pic() -> int:
    """Plus haute mémoire de ce programme, en Mo."""
    etat = Path("/proc/self/status").read_text()
    return next(int(ligne.split()[1]) for ligne in etat.splitlines() if "VmHWM" in ligne) // 1024
