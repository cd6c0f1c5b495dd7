"""Le postmaster vit-il encore, et qui travaille dans son dossier ?

Un `kill -9` laisse derrière lui un `postmaster.pid`, une socket et, un instant, des processus
enfants. Un numéro de processus peut avoir été repris par un autre programme : seuls l’état et la
ligne de commande lus dans `/proc` font foi.
"""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from socle.serveur.errors import ErreurServeur

ARRETS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))
PROC = Path("/proc")


def find_postmaster(donnees: Path) -> int | None:
    """Numéro du postmaster vivant de cette grappe ; None s’il est mort, zombie ou remplacé."""
    try:
        pid = int((donnees / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if pid > 0 and _is_postmaster(pid, donnees) else None


def _is_postmaster(pid: int, donnees: Path) -> bool:
    if not (PROC / "self").exists():
        return _is_postmaster_ps(pid, donnees)
    try:
        etat = (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0]
        arguments = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except (OSError, IndexError):
        return False
    return etat not in "ZX" and os.fsencode(donnees) in arguments and b"-D" in arguments


def _is_postmaster_ps(pid: int, donnees: Path) -> bool:
    """Variante pour les systèmes sans `/proc` (macOS)."""
    sortie = subprocess.run(
        ["/bin/ps", "-o", "stat=,command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return bool(sortie) and not sortie.startswith("Z") and f"-D {donnees}" in sortie


def list_orphelins(donnees: Path) -> list[int]:
    """Processus dont le dossier courant est la grappe : postmaster et enfants."""
    trouves = []
    for lien in PROC.glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if lien.readlink() == donnees:
                trouves.append(int(lien.parent.name))
    return trouves


def wait_orphelins(donnees: Path, delai: float = 20.0) -> None:
    """Attend la fin des enfants d’un postmaster tué : ôter ses verrous avant perdrait des données.

    Raises:
        ErreurServeur: des processus y travaillent toujours après `delai` secondes.
    """
    limite = time.monotonic() + delai
    while restants := list_orphelins(donnees):
        if time.monotonic() > limite:
            raise ErreurServeur(
                f"Des processus utilisent encore {donnees} : {', '.join(map(str, restants))}.",
                "Terminez-les, puis relancez.",
            )
        time.sleep(0.05)


def stop_postmaster(donnees: Path, enfant: "subprocess.Popen[bytes] | None") -> bool:
    """Arrête le postmaster, de plus en plus fermement ; dit s’il est bien arrêté.

    Args:
        enfant: le processus s’il est le nôtre, pour le recueillir.
    """
    pid = find_postmaster(donnees)
    if pid is None:
        return True
    for ordre, delai in ARRETS:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, ordre)
        limite = time.monotonic() + delai
        while time.monotonic() < limite:
            if enfant is not None:
                enfant.poll()
            if find_postmaster(donnees) is None:
                return True
            time.sleep(0.02)
    return False
