"""Obligations d’essai, et les personnes qui les tiennent."""

from datetime import date

import pytest

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.echeancier.services.semence import seed
from tests.factories import CompteFactory
from tests.metiers.conftest import administrateur, agent, usager
from tests.metiers.echeancier.fabrique import create

__all__ = ["administrateur", "agent", "usager"]
AUJOURDHUI = date(2026, 11, 21)


@pytest.fixture
def semee(db, maintenant):
    """Les obligations d’exemple."""
    return seed(maintenant)


@pytest.fixture
def obligation(db):
    """Une obligation publiée, connue, dans quinze mois."""
    return create(slug="seuil-demo", titre="Un seuil change", jour=date(2028, 2, 28))


@pytest.fixture
def equipier(db):
    """Un agent de l’équipe du programme."""
    compte = CompteFactory(agent=True)
    MembreProgramme.objects.create(compte=compte, role=RoleProgramme.EQUIPE)
    return compte
