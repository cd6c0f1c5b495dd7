"""Serveur HTTP des simulateurs : un processus, un fil par requête, arrêt propre."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from socle.simulateurs.application import create_application
from socle.simulateurs.commun.cles import Trousseau
from socle.simulateurs.configuration import Configuration

DELAI_SOCKET = 20
PERIODE_SURVEILLANCE = 2.0


class Gestionnaire(WSGIRequestHandler):
    """N’écrit aucune ligne par requête : les adresses portent des codes et des jetons."""

    timeout = DELAI_SOCKET

    def make_environ(self) -> dict[str, Any]:
        """Garde `ID_Teleservice` : le serveur écarte les en-têtes qui ont un trait bas."""
        environ = super().make_environ()
        teleservice = self.headers.get("ID_Teleservice")
        if teleservice is not None:
            environ["HTTP_ID_TELESERVICE"] = teleservice
        return environ

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        sys.stderr.write(f"simulateurs : {type}\n")


def create_serveur(
    configuration: Configuration, *, hote: str, port: int, cles: Path | None = None
) -> BaseWSGIServer:
    """Ouvre l’écoute ; `port` 0 laisse le système choisir (`serveur.port` le dit)."""
    application = create_application(configuration, trousseau=Trousseau(cles))
    return make_server(hote, port, application, threaded=True, request_handler=Gestionnaire)


def serve(serveur: BaseWSGIServer, *, parent: int = 0) -> None:
    """Sert jusqu’à SIGTERM, Ctrl-C, ou la fin du processus `parent` si son numéro est donné."""

    def stop(signum: int, cadre: FrameType | None) -> None:
        threading.Thread(target=serveur.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if parent:
        threading.Thread(target=_watch, args=(serveur, parent), daemon=True).start()
    try:
        serveur.serve_forever(poll_interval=0.1)
    finally:
        serveur.server_close()


def _watch(serveur: BaseWSGIServer, parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PERIODE_SURVEILLANCE)
    serveur.shutdown()
