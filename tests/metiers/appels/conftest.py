"""Les personnes des essais des appels."""

import pytest

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from tests.factories import CompteFactory
from tests.metiers.conftest import administrateur, agent, usager

__all__ = ["administrateur", "agent", "usager"]


@pytest.fixture
def equipier(db):
    """Un agent de l’équipe du programme."""
    compte = CompteFactory(agent=True)
    MembreProgramme.objects.create(compte=compte, role=RoleProgramme.EQUIPE)
    return compte


@pytest.fixture
def partenaire(db):
    """Un partenaire du programme."""
    compte = CompteFactory(agent=True)
    MembreProgramme.objects.create(compte=compte, role=RoleProgramme.PARTENAIRE)
    return compte
