import pytest

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from tests.factories import CompteFactory


def create_membre(role: RoleProgramme, **champs):
    compte = CompteFactory(agent=True, **champs)
    MembreProgramme.objects.create(compte=compte, role=role)
    return compte


@pytest.fixture
def membre(db):
    """Une personne de l’équipe du programme."""
    return create_membre(RoleProgramme.EQUIPE, prenom="Claire", nom="Delmas")


@pytest.fixture
def partenaire(db):
    return create_membre(RoleProgramme.PARTENAIRE)
