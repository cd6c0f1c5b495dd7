from datetime import UTC, datetime

import pytest

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.pilotage.services import seed_programmes
from tests.factories import CompteFactory
from tests.semis import keep_seme

MAINTENANT = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def programmes(django_db_setup, django_db_blocker):
    """Les deux programmes, semés une fois pour le fichier."""
    with keep_seme(django_db_blocker, lambda: seed_programmes(MAINTENANT)):
        yield


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
