from pathlib import Path

import pytest
from lxml import etree

from socle.normes.seda.controles import load_schema
from tests.normes.seda.fabrique import write_paquet

SCHEMAS = {
    "2.1": "2.1-siaf/seda-2.1-main.xsd",
    "2.2": "2.2-siaf/seda-2.2-main.xsd",
}


@pytest.fixture(scope="session")
def schemas(donnees_officielles: Path) -> dict[str, etree.XMLSchema]:
    """Schémas officiels par version."""
    seda = donnees_officielles / "seda"
    return {version: load_schema(seda / chemin) for version, chemin in SCHEMAS.items()}


@pytest.fixture
def schema(schemas: dict[str, etree.XMLSchema]) -> etree.XMLSchema:
    """Schéma officiel de SEDA 2.2."""
    return schemas["2.2"]


@pytest.fixture
def paquet(tmp_path: Path) -> Path:
    """Un paquet sans défaut."""
    chemin = tmp_path / "sip.zip"
    write_paquet(chemin)
    return chemin
