"""Appliquer l’expression régulière d’un inconnu sans y rester : il en est qui ne finissent pas.

« (a+)+ » devant trente « a » et un « ! » essaie un milliard de chemins. Le temps est compté en
processeur, pour tout le fichier : un motif honnête n’en prend presque pas.
"""

import re
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from socle.normes.scdl.errors import FichierInutilisable

SECONDES_MAX = 2.0  # de processeur, par motif et par fichier


class _Interrompu(Exception):
    """Le motif a pris tout son temps."""


def compile_motif(motif: str) -> Callable[[str], bool]:
    """Rend ce qui dit si une cellule suit le motif, comme frictionless.

    Hors du fil principal, le temps n’est pas compté : c’est au processus d’être borné.

    Raises:
        FichierInutilisable: à l’appel, si le motif a pris plus de `SECONDES_MAX`.
    """
    exact, reste = re.compile(f"^{motif}$"), SECONDES_MAX

    def is_suivi(cellule: str) -> bool:
        nonlocal reste
        try:
            ancien = signal.signal(signal.SIGVTALRM, _interrupt)
        except ValueError:
            return exact.match(cellule) is not None
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, reste)
            suivi = exact.match(cellule) is not None
            reste = signal.setitimer(signal.ITIMER_VIRTUAL, 0)[0] or 1e-6
        except _Interrompu as cause:
            raise FichierInutilisable(
                f"Le motif « {motif[:80]} » du schéma demande trop de temps sur ce fichier : "
                "simplifiez-le.",
                code="schema-error",
            ) from cause
        finally:
            with suppress(_Interrompu):
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, ancien)
        return suivi

    return is_suivi


def _interrupt(*_: Any) -> None:
    raise _Interrompu
