"""Un vrai service par processus d’essais, un seul Chromium, et des pages surveillées."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    BrowserContext,
    Page,
    Request,
    Response,
)

from socle.serveur.demo.usager import PDF
from socle.serveur.ports import is_libre
from tests.e2e.navigateur import CHROMIUM
from tests.e2e.parcours import log_in_agent, log_in_usager

RACINE = Path(__file__).resolve().parents[2]
PORTS = range(8400, 8500)
DELAI = 300.0  # secondes, première installation comprise
LATENCE = int(os.environ.get("SOCLE_TESTS_LATENCE") or 0)  # ms ajoutées à chaque réponse
ATTENDUS = {"409", "422"}  # réponses de formulaire, que Chromium écrit aussi dans sa console


@dataclass
class Surveillance:
    """Ce qu’une page ne doit jamais faire, quel que soit le test."""

    fautes: list[str] = field(default_factory=list)
    reponses: list[Response] = field(default_factory=list)
    hote: str = ""

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda erreur: self.fautes.append(f"script : {erreur}"))
        page.on("console", lambda m: self._note_console(page, m.type, m.text))
        page.on("request", self._note_requete)
        page.on("response", self._note_reponse)

    def _note_console(self, page: Page, genre: str, texte: str) -> None:
        attendu = any(f"status of {code}" in texte for code in ATTENDUS)
        simule = "/simulateurs/" in page.url  # pages des simulateurs : pas le produit
        if genre == "error" and not attendu and not simule:
            self.fautes.append(f"console : {texte} ({page.url})")

    def _note_reponse(self, reponse: Response) -> None:
        self.reponses.append(reponse)
        if reponse.status >= 400 and str(reponse.status) not in ATTENDUS:
            self.fautes.append(f"{reponse.status} : {reponse.url}")

    def _note_requete(self, requete: Request) -> None:
        if urlsplit(requete.url).netloc not in ("", self.hote):
            self.fautes.append(f"requête vers un tiers : {requete.url}")


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Adresse du service semé ; tout est arrêté et effacé à la fin."""
    if not CHROMIUM:
        pytest.skip("Chromium n’est pas installé")
    dossier = Path(tempfile.mkdtemp(prefix="socle-e2e-"))
    dossier.chmod(0o755)  # le compte de PostgreSQL, sous root, doit traverser
    port = find_port()
    journal = (dossier / "journal.txt").open("w")
    service = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.serveur", str(dossier), str(port)],
        cwd=RACINE,
        env={**os.environ, "PYTHONPATH": f"{RACINE / 'src'}:{RACINE}"},
        stdout=journal,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        wait_pret(dossier, service)
        yield f"http://localhost:{port}"
    finally:
        service.send_signal(signal.SIGINT)
        try:
            service.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(service.pid, signal.SIGKILL)
        journal.close()
        shutil.rmtree(dossier, ignore_errors=True)


def find_port() -> int:
    """Port libre ; chaque processus d’essais cherche dans sa dizaine."""
    rang = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) * 10
    return next(port for port in PORTS[rang:] if is_libre("127.0.0.1", port))


def wait_pret(dossier: Path, service: subprocess.Popen[bytes]) -> None:
    limite = time.monotonic() + DELAI
    while not (dossier / "pret").exists():
        if service.poll() is not None or time.monotonic() > limite:
            pytest.fail(
                "Le site ne démarre pas :\n" + (dossier / "journal.txt").read_text()[-3000:]
            )
        time.sleep(0.1)


@pytest.fixture(scope="session")
def sessions(moteur, site, tmp_path_factory) -> Callable[[str], Path]:
    """Rend le fichier des témoins d’une personne, connectée une seule fois pour tous les tests."""
    dossier = tmp_path_factory.mktemp("sessions")

    def get(identite: str) -> Path:
        fichier = dossier / f"{identite}.json"
        if not fichier.exists():
            contexte = moteur.new_context(base_url=site, java_script_enabled=False)
            page = contexte.new_page()
            genre, _, code = identite.partition(":")
            (log_in_agent if genre == "agent" else log_in_usager)(page, code)
            contexte.storage_state(path=fichier)
            contexte.close()
        return fichier

    return get


@pytest.fixture
def surveillance() -> Surveillance:
    return Surveillance()


@pytest.fixture
def ouvrir(moteur, site, sessions, surveillance) -> Iterator[Callable[..., Page]]:
    """Ouvre une page : `ouvrir("usager:belkacem", js=False, largeur=360)`. Aucune faute admise."""
    contextes: list[BrowserContext] = []
    surveillance.hote = urlsplit(site).netloc

    def open_page(identite: str = "", *, js: bool = True, largeur: int = 1280, mode: str = "light"):
        contexte = moteur.new_context(
            base_url=site,
            java_script_enabled=js,
            viewport={"width": largeur, "height": 900},
            color_scheme=mode,
            storage_state=sessions(identite) if identite else None,
        )
        contexte.set_default_timeout(45_000)
        contextes.append(contexte)
        page = contexte.new_page()
        slow_down(page)
        surveillance.watch(page)
        return page

    yield open_page
    for contexte in contextes:
        contexte.close()
    assert surveillance.fautes == []


def slow_down(page: Page) -> None:
    """Rend la ligne lente si on le demande : un essai qui lit trop tôt échoue alors à coup sûr."""
    if LATENCE:
        reglages = {"latency": LATENCE, "downloadThroughput": -1, "uploadThroughput": -1}
        page.context.new_cdp_session(page).send(
            "Network.emulateNetworkConditions", {"offline": False, **reglages}
        )


@pytest.fixture(scope="session")
def assurance(tmp_path_factory) -> Path:
    fichier = tmp_path_factory.mktemp("pieces") / "assurance.pdf"
    fichier.write_bytes(PDF)
    return fichier
