"""Un catalogue semé, et les personnes qui le tiennent."""

from datetime import UTC, datetime

import pytest

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.catalogue.models import Editeur, Representant, Solution
from socle.metiers.catalogue.services.semence import seed
from tests.factories import CompteFactory

MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def catalogue(db) -> None:
    """Le catalogue de départ."""
    seed(MAINTENANT)


def create_membre(role: RoleProgramme):
    compte = CompteFactory(agent=True)
    MembreProgramme.objects.create(compte=compte, role=role)
    return compte


@pytest.fixture
def equipe(db):
    return create_membre(RoleProgramme.EQUIPE)


@pytest.fixture
def partenaire(db):
    return create_membre(RoleProgramme.PARTENAIRE)


@pytest.fixture
def representant(catalogue):
    """Représente Entr’ouvert, donc Publik."""
    compte = create_membre(RoleProgramme.EDITEUR)
    Representant.objects.create(editeur=Editeur.objects.get(slug="entrouvert"), compte=compte)
    return compte


@pytest.fixture
def publik(catalogue) -> Solution:
    return Solution.objects.get(slug="publik")
