"""Qui décide, avec quel motif, et ce que rouvrir défait. La table : `test_transitions`."""

import pytest

from socle.fondations.commun.errors import AccesRefuse
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from socle.metiers.dossiers.enums import Transition
from socle.metiers.dossiers.errors import MotifObligatoire, ReouvertureSansMotif
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.services import instruction
from tests.factories import AdhesionFactory, CollectiviteFactory
from tests.metiers.conftest import MAINTENANT


def apply(dossier: Dossier, transition: Transition, agent, motif: str = "Motif") -> Dossier:
    return instruction.apply_transition(
        dossier=dossier, transition=transition, agent=agent, motif=motif, maintenant=MAINTENANT
    )


@pytest.mark.parametrize("transition", [Transition.REFUSER, Transition.CLASSER_SANS_SUITE])
def test_refusal_needs_a_reason(depose, agent, transition):
    apply(depose, Transition.PASSER_EN_INSTRUCTION, agent)
    with pytest.raises(MotifObligatoire):
        apply(depose, transition, agent, motif="  ")


def test_agent_of_another_authority_is_refused(depose):
    autre = CollectiviteFactory()
    from socle.fondations.commun.locataire import locataire

    with locataire(autre.pk):
        etranger = AdhesionFactory(collectivite=autre, role=Role.VALIDEUR).compte
    with pytest.raises(AccesRefuse):
        apply(depose, Transition.PASSER_EN_INSTRUCTION, etranger)


@pytest.mark.parametrize("role", [Role.ADMINISTRATEUR, Role.DPO, Role.ARCHIVISTE])
def test_readers_do_not_decide(depose, collectivite, role):
    lecteur = AdhesionFactory(collectivite=collectivite, role=role).compte
    with pytest.raises(AccesRefuse):
        apply(depose, Transition.PASSER_EN_INSTRUCTION, lecteur)


def test_reopening_clears_the_decision_and_keeps_its_trace(depose, agent):
    apply(depose, Transition.PASSER_EN_INSTRUCTION, agent)
    apply(depose, Transition.REFUSER, agent, motif="Dossier vide")
    with pytest.raises(ReouvertureSansMotif):
        apply(depose, Transition.REPASSER_EN_INSTRUCTION, agent, motif="  ")
    rouvert = apply(depose, Transition.REPASSER_EN_INSTRUCTION, agent, motif="Pièce oubliée")

    assert (rouvert.decide_le, rouvert.motif) == (None, "")
    details = depose.evenements.order_by("pk").values_list("detail", flat=True)
    assert {"Dossier vide", "Pièce oubliée"} <= set(details)
    entree = Entree.objects.get(objet=depose.objet, action="dossier.repasser_en_instruction")
    assert entree.donnees["motive"] is True
    assert "oubliée" not in str(entree.donnees)
