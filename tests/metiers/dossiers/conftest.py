"""L’horloge du produit est arrêtée : ces essais disent la même chose à toute heure, tout jour."""

import pytest
from django.utils import timezone

from tests.metiers.conftest import MAINTENANT


@pytest.fixture
def horloge_vraie() -> None:
    """À demander quand un autre programme, ou la base, lit aussi l’heure."""


@pytest.fixture(autouse=True)
def _horloge_arretee(request, monkeypatch):
    """Les pages et les tâches lisent l’heure elles-mêmes : elle est celle de `MAINTENANT`."""
    if "horloge_vraie" not in request.fixturenames:
        monkeypatch.setattr(timezone, "now", lambda: MAINTENANT)
