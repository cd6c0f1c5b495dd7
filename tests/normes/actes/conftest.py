from pathlib import Path

import pytest

from socle.normes.actes.conformite import Schema, find_schema, load_schema
from socle.normes.actes.transmission import Depot
from tests.normes.actes.fabrique import build_depot


@pytest.fixture(scope="session")
def schema(donnees_officielles: Path) -> Schema:
    """Schéma officiel du ministère."""
    chemin = find_schema(donnees_officielles)
    assert chemin
    return load_schema(chemin)


@pytest.fixture(scope="session")
def depot() -> Depot:
    """Un envoi sans défaut."""
    return build_depot()
