"""Deux façons d’avoir un processus enfant : lancer un programme, ou se copier soi-même.

Une copie (`fork`) partage la mémoire de ce qui est déjà chargé : Django n’est importé qu’une fois
pour le web et le travailleur.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Protocol

from socle.serveur.dossier import RACINE

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
ERREUR = 2  # sortie d’erreur : la sortie normale ne porte que le résultat de la commande
SIGNAUX = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Processus(Protocol):
    """Ce que le superviseur attend d’un enfant : l’interface de `subprocess.Popen`."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def terminate(self) -> None: ...


class Copie:
    """Copie de ce processus, qui exécute une fonction puis finit.

    Le processus courant ne doit avoir qu’un fil et aucune connexion ouverte.
    """

    def __init__(self, nom: str, fonction: Callable[[], object]) -> None:
        self.returncode: int | None = None
        sys.stdout.flush()
        sys.stderr.flush()
        # Un ordre d’arrêt venu avant que la copie ait ses propres réactions serait avalé par les
        # nôtres : il attend qu’elle les ait.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNAUX)
        self.pid = os.fork()
        if self.pid == 0:
            _run_copie(nom, fonction)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNAUX)

    def poll(self) -> int | None:
        """Code de sortie, ou None si elle vit."""
        if self.returncode is None:
            with contextlib.suppress(ChildProcessError):
                pid, etat = os.waitpid(self.pid, os.WNOHANG)
                if pid:
                    self.returncode = os.waitstatus_to_exitcode(etat)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Attend la fin.

        Raises:
            subprocess.TimeoutExpired: elle vit encore.
        """
        limite = time.monotonic() + (timeout if timeout is not None else float("inf"))
        while (code := self.poll()) is None:
            if time.monotonic() >= limite:
                raise subprocess.TimeoutExpired("copie", timeout or 0.0)
            time.sleep(0.01)
        return code

    def terminate(self) -> None:
        """Demande la fin."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)


def launch(
    commande: Sequence[str], environnement: dict[str, str], *, retenu: bool = False
) -> "subprocess.Popen[bytes]":
    """Lance un programme dans sa propre session ; le noyau l’arrêtera si nous sommes tués.

    Args:
        retenu: son entrée reste ouverte ; il se prépare et attend qu’elle se ferme.
    """
    return subprocess.Popen(
        commande,
        env=environnement,
        cwd=RACINE,
        stdin=subprocess.PIPE if retenu else subprocess.DEVNULL,
        stdout=ERREUR,
        start_new_session=True,
        preexec_fn=follow_parent,  # noqa: PLW1509  un seul fil ici
    )


def set_name(nom: str) -> None:
    """Nomme ce processus pour `ps` et `top` (15 caractères)."""
    if _libc is not None:
        _libc.prctl(PR_SET_NAME, nom.encode()[:15], 0, 0, 0)


def follow_parent() -> None:
    """Dans l’enfant : recevoir SIGTERM si le parent meurt, même par `kill -9`."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _run_copie(nom: str, fonction: Callable[[], object]) -> None:
    """Dans la copie : sa session, son nom, ses signaux ; ne revient jamais."""
    code = 1
    try:
        os.setsid()
        follow_parent()
        set_name(nom)
        for ordre in SIGNAUX:
            signal.signal(ordre, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNAUX)
        fonction()
        code = 0
    except SystemExit as fin:
        code = fin.code if isinstance(fin.code, int) else int(fin.code is not None)
    except BaseException:  # noqa: BLE001  il n’y a personne au-dessus pour la voir
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
