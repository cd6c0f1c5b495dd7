"""Un vrai processus de simulateurs : démarrage, parcours par le réseau, mémoire, arrêt."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

RACINE = Path(__file__).resolve().parents[2]


def start(*options: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "socle.simulateurs", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(RACINE / "src")},
    )


def read(adresse: str) -> httpx.Response:
    return httpx.get(adresse, timeout=60)


def read_port(processus: subprocess.Popen) -> int:
    ligne = processus.stdout.readline()
    [port] = re.findall(r"port (\d+)", ligne)
    return int(port)


@pytest.fixture
def processus() -> Iterator[subprocess.Popen]:
    enfant = start("--base-url", "http://localhost:8000/simulateurs")
    yield enfant
    enfant.kill()
    enfant.communicate(timeout=60)


def test_processus_serves_then_stops_cleanly(processus):
    adresse = f"http://127.0.0.1:{read_port(processus)}"
    pages = [
        read(f"{adresse}/sante"),
        read(f"{adresse}/simulateurs/"),
        read(f"{adresse}/franceconnect/api/v2/.well-known/openid-configuration"),
    ]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert pages[2].json()["issuer"].startswith("http://localhost:8000/simulateurs/")
    statut = Path(f"/proc/{processus.pid}/status")
    if statut.exists():
        [memoire] = re.findall(r"VmRSS:\s+(\d+) kB", statut.read_text())
        assert int(memoire) < 64_000, f"{memoire} ko au repos"

    processus.send_signal(signal.SIGTERM)
    assert processus.wait(timeout=60) == 0


def test_processus_writes_no_request(processus):
    adresse = f"http://127.0.0.1:{read_port(processus)}"
    read(f"{adresse}/franceconnect/api/v2/userinfo?jeton=secret")
    read(f"{adresse}/inconnu?code=secret")

    processus.send_signal(signal.SIGTERM)
    sortie, erreurs = processus.communicate(timeout=60)
    assert "secret" not in sortie + erreurs


def test_processus_follows_its_parent():
    """Sans superviseur, le processus ne doit pas survivre : il regarde son parent."""
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys; e = subprocess.Popen([sys.executable, '-m', "
            "'socle.simulateurs', '--port', '0', '--suivre-parent'], stdout=subprocess.PIPE); "
            "e.stdout.readline(); print(e.pid, flush=True); sys.stdin.read()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(RACINE / "src")},
    )
    enfant = int(parent.stdout.readline())
    parent.communicate("", timeout=60)

    limite = time.monotonic() + 60
    while time.monotonic() < limite and is_alive(enfant):
        time.sleep(0.1)
    vivant = is_alive(enfant)
    if vivant:
        os.kill(enfant, signal.SIGKILL)
    assert not vivant


def is_alive(pid: int) -> bool:
    etat = Path(f"/proc/{pid}/stat")
    try:
        return etat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("options", [("--base-url", "localhost"), ("--config", "/inexistant.json")])
def test_processus_refuses_false_settings(options):
    enfant = start(*options)
    _, erreurs = enfant.communicate(timeout=60)

    assert enfant.returncode == 2
    assert erreurs.startswith("Simulateurs : ")
