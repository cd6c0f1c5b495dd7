"""Simulateurs dont l’essai règle l’heure, les clients et la lenteur."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from werkzeug.serving import BaseWSGIServer

from socle.simulateurs.application import Application, create_application
from socle.simulateurs.configuration import create_configuration
from socle.simulateurs.serveur import create_serveur
from tests.simulateurs.parcours import SCOPES_PC, Horloge, Service

BASE = "http://localhost:8000/simulateurs"


@pytest.fixture
def horloge() -> Horloge:
    return Horloge()


@pytest.fixture
def create_simulateurs(horloge, tmp_path) -> Callable[..., Application]:
    """Fabrique d’applications ; `donnees` est le contenu du fichier de configuration."""

    def create(**donnees) -> Application:
        fichier = None
        if donnees:
            fichier = tmp_path / "simulateurs.json"
            fichier.write_text(json.dumps(donnees), "utf-8")
        configuration = create_configuration(BASE, fichier=fichier)
        return create_application(configuration, horloge=horloge, dormir=horloge.sleep)

    return create


@pytest.fixture
def simulateurs(create_simulateurs) -> Application:
    return create_simulateurs()


@pytest.fixture
def franceconnect(simulateurs) -> Service:
    return Service(simulateurs)


@pytest.fixture
def proconnect(simulateurs) -> Service:
    return Service(simulateurs, "proconnect", scope=SCOPES_PC)


def create_sur_port_libre(fichier: Path | None, lenteur: float) -> tuple[str, BaseWSGIServer]:
    """L’adresse s’annonce avant d’écouter : un port pris entre-temps, et l’on en change."""
    for _ in range(20):
        with socket.create_server(("127.0.0.1", 0)) as essai:
            port = essai.getsockname()[1]
        adresse = f"http://127.0.0.1:{port}"
        configuration = create_configuration(adresse, fichier=fichier, lenteur=lenteur)
        with suppress(SystemExit):  # ce que fait werkzeug d’un port pris
            return adresse, create_serveur(configuration, hote="127.0.0.1", port=port)
    pytest.fail("aucun port libre")


@contextmanager
def open_serveur(fichier: Path | None = None, lenteur: float = 8.0) -> Iterator[str]:
    """Sert de vrais simulateurs sur un port libre ; rend leur adresse."""
    adresse, serveur = create_sur_port_libre(fichier, lenteur)
    fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.05})
    fil.start()
    try:
        yield adresse
    finally:
        serveur.shutdown()
        fil.join(5)
        serveur.server_close()
