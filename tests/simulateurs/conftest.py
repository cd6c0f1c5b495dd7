"""Simulateurs dont l’essai règle l’heure, les clients et la lenteur."""

import json
from collections.abc import Callable

import pytest

from socle.simulateurs.application import Application, create_application
from socle.simulateurs.configuration import create_configuration
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
