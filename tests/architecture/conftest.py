"""Les tests d’architecture se servent d’un vrai dossier, celui des tests des métiers."""

import pytest

from tests.metiers.conftest import (
    administrateur,
    agent,
    brouillon,
    demarche,
    depose,
    usager,
)

__all__ = ["administrateur", "agent", "brouillon", "demarche", "depose", "usager"]


@pytest.fixture(autouse=True)
def _annuaire_ferme(monkeypatch) -> None:
    """Ouvrir l’état des connecteurs appellerait le vrai annuaire des entreprises."""
    from socle.connecteurs.recherche_entreprises import connecteur

    monkeypatch.setattr(connecteur, "URL", "https://localhost:9")
