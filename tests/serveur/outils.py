"""Lancer et attendre de vrais processus."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]


def wait_until(condition: Callable[[], object], delai: float = 10.0) -> bool:
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


def run_socle(*arguments: str, env: dict[str, str] | None = None, delai: float = 60):
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
