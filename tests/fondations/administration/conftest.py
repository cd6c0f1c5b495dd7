"""Simulateurs et personnes, partagés avec les essais des comptes."""

import socket
import threading
from collections.abc import Iterator

import pytest

from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import MembreOperateur
from tests.factories import AdhesionFactory, CompteFactory
from tests.fondations.comptes.conftest import adresse_simulateurs, branche, clamart, simulateurs

__all__ = ["adresse_simulateurs", "branche", "clamart", "simulateurs"]


@pytest.fixture
def operatrice(db):
    compte = CompteFactory(agent=True)
    MembreOperateur.objects.create(compte=compte)
    return compte


@pytest.fixture
def administratrice(collectivite):
    return AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR).compte


@pytest.fixture
def dpo(collectivite):
    return AdhesionFactory(collectivite=collectivite, role=Role.DPO).compte


@pytest.fixture
def muet(settings) -> Iterator[str]:
    """Adresse d’un service qui accepte la liaison et ne répond jamais."""
    with socket.create_server(("127.0.0.1", 0)) as ecoute:
        adresse = f"http://127.0.0.1:{ecoute.getsockname()[1]}"
        settings.BAC_A_SABLE, settings.SIMULATEURS_URL = True, f"{adresse}/simulateurs"
        gardees: list[socket.socket] = []
        ecoute.settimeout(0.2)
        fini = threading.Event()

        def accept() -> None:
            while not fini.is_set():
                try:
                    gardees.append(ecoute.accept()[0])
                except TimeoutError:
                    continue

        fil = threading.Thread(target=accept, daemon=True)
        fil.start()
        yield f"{adresse}/simulateurs"
        fini.set()
        fil.join(30)
        for prise in gardees:
            prise.close()


@pytest.fixture
def ferme(settings) -> str:
    """Adresse d’un port où rien n’écoute."""
    settings.BAC_A_SABLE, settings.SIMULATEURS_URL = True, "http://127.0.0.1:9/simulateurs"
    return settings.SIMULATEURS_URL
