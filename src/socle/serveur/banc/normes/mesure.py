"""Mesurer un processus entier : médiane du temps, plus haute mémoire."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from socle.serveur.errors import ErreurServeur

LONG = 10.0  # secondes au-delà desquelles un pair n’est mesuré qu’une fois
FAUTIF = 1  # code de sortie de `./socle normes` : le fichier mesuré a des fautes, c’est voulu


@dataclass(frozen=True, slots=True)
class Mesure:
    """Médianes en secondes ; mémoire résidente la plus haute, en Mio ; nombre de courses.

    Attributes:
        processeur: temps de processeur du processus entier, que la charge de la machine change peu.
    """

    secondes: float
    processeur: float
    memoire: float
    fois: int


def measure(
    commande: Sequence[str],
    *,
    fois: int,
    dossier: Path,
    lit_le_temps: bool = False,
    permis: tuple[int, ...] = (0,),
) -> Mesure:
    """Lance une commande plusieurs fois.

    Args:
        lit_le_temps: le temps est celui que la commande écrit (`{"secondes": …}`), et non le sien.
        permis: codes de sortie d’une course réussie.

    Raises:
        ErreurServeur: elle a échoué.
    """
    courses: list[tuple[float, float, float]] = []
    while len(courses) < fois:
        courses.append(_run(commande, dossier, permis, lit_le_temps=lit_le_temps))
        if courses[-1][0] > LONG:
            break
    temps, processeurs, memoires = zip(*courses, strict=True)
    return Mesure(
        statistics.median(temps), statistics.median(processeurs), max(memoires), len(courses)
    )


def _run(
    commande: Sequence[str], dossier: Path, permis: tuple[int, ...], *, lit_le_temps: bool
) -> tuple[float, float, float]:
    sortie, erreurs = dossier / "sortie.txt", dossier / "erreurs.txt"
    with sortie.open("wb") as flux, erreurs.open("wb") as journal:
        debut = time.perf_counter()
        enfant = subprocess.Popen(commande, stdout=flux, stderr=journal, cwd=dossier)
        _, etat, usage = os.wait4(enfant.pid, 0)
        secondes = time.perf_counter() - debut
        enfant.returncode = os.waitstatus_to_exitcode(etat)
    if enfant.returncode not in permis:
        fin = erreurs.read_text(errors="replace").strip()[-400:]
        raise ErreurServeur(f"« {' '.join(commande)[:120]} » a échoué.", fin)
    if lit_le_temps:
        secondes = float(json.loads(sortie.read_text().splitlines()[-1])["secondes"])
    unite = 1024 if sys.platform == "linux" else 1024 * 1024
    return secondes, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unite
