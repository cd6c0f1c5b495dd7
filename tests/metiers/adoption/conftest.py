"""Clamart, une voisine dans l’installation, et les personnes de l’adoption."""

import pytest

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.adoption.views.publiques import clear_taux
from tests.factories import CollectiviteFactory, CompteFactory


@pytest.fixture(autouse=True)
def _taux_oublies():
    """Les comptes d’un essai ne se lisent pas dans le suivant."""
    clear_taux()


@pytest.fixture
def antony(db):
    """Antony, dans la même installation."""
    return CollectiviteFactory(
        nom="Antony", slug="antony", siren="219200029", code_cog="92002",
        courriel="accueil@antony.exemple.fr",
    )  # fmt: skip


@pytest.fixture
def equipe(db):
    compte = CompteFactory(agent=True)
    MembreProgramme.objects.create(compte=compte, role=RoleProgramme.EQUIPE)
    return compte
