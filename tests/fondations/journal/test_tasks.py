"""La tâche de chaque minute : sceller, et faire horodater par une vraie autorité locale."""

import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from socle.fondations.journal import services, tasks
from socle.fondations.journal.models import Jeton, Lot
from socle.fondations.journal.ports import horodateurs
from socle.normes.preuve.horodatage import load_autorites
from socle.normes.preuve.rapport import Etat
from socle.normes.preuve.verification import verify_dossier_de_preuve
from tests.fondations.journal.conftest import CLAMART, MAINTENANT, wait_borne, write
from tests.normes.preuve.autorite import Autorite


class ServeurHorodatage(HTTPServer):
    """Autorité d’horodatage HTTP ; `panne` choisit comment elle répond mal."""

    def __init__(self, autorite: Autorite) -> None:
        super().__init__(("127.0.0.1", 0), Reponse)
        self.autorite, self.panne, self.recues = autorite, "", 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Reponse(BaseHTTPRequestHandler):
    server: ServeurHorodatage

    def do_POST(self):
        self.server.recues += 1
        requete = self.rfile.read(int(self.headers["Content-Length"]))
        assert (self.path, self.headers["Content-Type"]) == (
            "/tsr?n=1",
            "application/timestamp-query",
        )
        if self.server.panne == "500":
            self.send_error(500)
            return
        corps = b"n'importe quoi" if self.server.panne else self.server.autorite.stamp(requete)
        self.send_response(200)
        self.send_header("Content-Length", str(len(corps)))
        self.end_headers()
        self.wfile.write(corps)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def horodatage(tmp_path, settings):
    (tmp_path / "tsa").mkdir()
    serveur = ServeurHorodatage(Autorite(tmp_path / "tsa"))
    fil = threading.Thread(target=serveur.serve_forever)
    fil.start()
    # Le garde d’adresses ne laisse joindre la machine elle-même que pour un simulateur.
    settings.BAC_A_SABLE, settings.SIMULATEURS_URL = True, serveur.url
    settings.HORODATAGE_URL = f"{serveur.url}/tsr?n=1"
    yield serveur
    serveur.shutdown()
    fil.join()
    serveur.server_close()


def _run() -> None:
    services.load_signataire(maintenant=MAINTENANT)
    wait_borne()
    tasks.sceller(timestamp=0)


def test_lot_is_sealed_then_stamped(base_vive, horodatage):
    write(2)
    _run()
    _run()

    [jeton] = Jeton.objects.all()
    assert jeton.lot == Lot.objects.get()
    assert horodatage.recues == 1
    octets = services.build_preuve(
        objets=["dossier:44171"],
        documents=[],
        collectivite_id=CLAMART,
        sels={},
        maintenant=MAINTENANT,
    )
    rapport = verify_dossier_de_preuve(
        octets, services.list_cles(), autorites=load_autorites(horodatage.autorite.pem)
    )
    assert {etape.etat for etape in rapport.etapes} == {Etat.CONFORME}
    assert "1 jeton(s)" in rapport.etapes[-1].message


@pytest.mark.parametrize("panne", ["500", "illisible"])
def test_autorite_down_stops_nothing_and_is_retried(base_vive, horodatage, panne, caplog):
    horodatage.panne = panne
    write(1)
    with caplog.at_level(logging.WARNING, logger="socle.journal"):
        _run()
    assert "journal.horodatage_reporte" in caplog.text
    assert (Lot.objects.count(), Jeton.objects.count()) == (1, 0)
    horodatage.panne = ""
    _run()
    assert Jeton.objects.count() == 1


def test_without_autorite_nothing_is_asked(base_vive, settings):
    settings.HORODATAGE_URL = ""
    write(1)
    _run()
    assert (Lot.objects.count(), Jeton.objects.count()) == (1, 0)
    assert tasks.choose_horodateur() is None


def test_connecteur_replaces_the_simple_call(settings, monkeypatch):
    settings.HORODATAGE_URL = "https://horodatage.exemple.fr"
    assert isinstance(tasks.choose_horodateur(), tasks.HorodateurHttp)
    monkeypatch.setitem(horodateurs._par_code, "tiers", "un connecteur")
    assert tasks.choose_horodateur() == "un connecteur"
