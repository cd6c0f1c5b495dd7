"""Chromium du système et serveur d’essai, pour les pages qui n’ont pas besoin de la base."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Serveur(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Muet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  nom de la bibliothèque
        """Les traces de Socle suffisent."""


def read_slowly(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Reçoit un fichier comme le ferait une ligne lente : un mégaoctet par seconde."""
    reste = int(environ["CONTENT_LENGTH"])
    while reste > 0 and (lu := environ["wsgi.input"].read(min(reste, 1_000_000))):
        reste -= len(lu)
        time.sleep(1)
    start_response("204 No Content", [])
    return []


@contextmanager
def serve() -> Iterator[str]:
    """Sert l’application sur un port libre, et une réception lente à /envoi-lent/."""
    application = get_wsgi_application()

    def route(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        choisie = read_slowly if environ["PATH_INFO"] == "/envoi-lent/" else application
        return choisie(environ, start_response)

    serveur = make_server("127.0.0.1", 0, route, server_class=Serveur, handler_class=Muet)
    fil = threading.Thread(target=serveur.serve_forever, daemon=True)
    fil.start()
    try:
        yield f"http://127.0.0.1:{serveur.server_port}"
    finally:
        serveur.shutdown()
        serveur.server_close()
        fil.join(timeout=5)
