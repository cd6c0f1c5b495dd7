"""Les liaisons se jouent sur de vrais dossiers : la démarche et les personnes des métiers."""

import pytest
from django.utils import timezone

from socle.fondations.comptes.enums import Role
from socle.metiers.archivage.models import Versement
from socle.metiers.dossiers.enums import Transition
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.services import instruction
from tests.factories import AdhesionFactory
from tests.metiers.conftest import (  # noqa: F401  fixtures
    administrateur,
    agent,
    brouillon,
    demarche,
    depose,
    usager,
)
from tests.metiers.dossiers.conftest import (  # noqa: F401  fixtures
    _horloge_arretee,
    horloge_vraie,
)
from tests.taches import run_taches


@pytest.fixture
def archiviste(collectivite):
    return AdhesionFactory(collectivite=collectivite, role=Role.ARCHIVISTE).compte


class Chaine:
    """Un dossier et ce qu’on lui fait ; chaque geste exécute les travaux qu’il met en file."""

    def __init__(self, dossier: Dossier, instructeur) -> None:
        self.numero, self.agent = dossier.numero, instructeur

    @property
    def dossier(self) -> Dossier:
        return Dossier.objects.get(pk=self.numero)

    @property
    def versements(self) -> list[Versement]:
        return list(Versement.objects.order_by("pk"))

    def apply(self, *transitions: Transition) -> None:
        for transition in transitions:
            instruction.apply_transition(
                dossier=self.dossier,
                transition=transition,
                agent=self.agent,
                motif="Motif d’essai",
                maintenant=timezone.now(),
            )
            run_taches()


@pytest.fixture
def chaine(depose, agent):  # noqa: F811
    run_taches()
    return Chaine(depose, agent)
