"""Lancer et attendre de vrais processus."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from socle.serveur.banc.processus import list_arbre
from socle.serveur.ports import ask_sante, find_port_libre

RACINE = Path(__file__).resolve().parents[2]


def wait_until(condition: Callable[[], object], delai: float = 60.0) -> bool:
    """Attend qu’une condition soit vraie ; dit si elle l’est devenue."""
    limite = time.monotonic() + delai
    while time.monotonic() < limite:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


def run_python(code: str, *arguments: str, **options) -> subprocess.Popen[str]:
    """Lance un bout de Python dans un processus à part."""
    chemins = os.pathsep.join([str(RACINE), str(RACINE / "src")])
    return subprocess.Popen(
        [options.pop("python", sys.executable), "-c", code, *arguments],
        env=os.environ | {"PYTHONPATH": chemins} | options.pop("env", {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def run_socle(*arguments: str, env: dict[str, str] | None = None, delai: float = 280):
    """Lance `./socle` (déjà installé) et attend sa fin."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "socle.serveur", *arguments],
        cwd=RACINE,
        env=os.environ | (env or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=delai,
        check=False,
    )


def is_running(pid: int) -> bool:
    """Dit si un processus vit ; un zombie est mort."""
    try:
        etat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return etat not in "ZX"


class ServeurLance:
    """Un vrai `./socle servir`, son port et son journal."""

    def __init__(self, donnees: Path, port: int = 0, **env: str) -> None:
        self.donnees, self.port = donnees, port or find_port_libre()
        self.journal = donnees.parent / f"{donnees.name}.log"
        with self.journal.open("w") as sortie:
            self.processus = subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", "socle.serveur", "servir"),
                    *("--donnees", str(donnees), "--port", str(self.port)),
                ],
                cwd=RACINE,
                env=os.environ | env,
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=sortie,
            )

    def is_pret(self) -> bool:
        """Dit si `/sante/` répond 200."""
        return ask_sante(self.port).get("statut") == 200

    def wait(self, delai: float = 180) -> "ServeurLance":
        """Attend que le service soit prêt, et que le superviseur l’ait dit."""
        assert wait_until(
            lambda: "Socle est prêt" in self.read_journal() or self.processus.poll() is not None,
            delai,
        ), self.read_journal()
        assert self.processus.poll() is None, self.read_journal()
        return self

    def read_journal(self) -> str:
        """Ce que le service a écrit."""
        return self.journal.read_text(errors="replace")

    def list_processus(self) -> list[int]:
        """Superviseur et tous ses descendants."""
        return list_arbre(self.processus.pid)

    def find_processus(self, nom: str) -> list[int]:
        """Processus vivants de ce nom, le plus ancien d’abord."""
        return [
            pid
            for pid in self.list_processus()
            if is_running(pid) and Path(f"/proc/{pid}/comm").read_text().strip() == nom
        ]

    def stop(self, signal_: int = signal.SIGTERM) -> int:
        """Demande l’arrêt et rend le code de sortie."""
        if self.processus.poll() is None:
            self.processus.send_signal(signal_)
        return self.processus.wait(120)
