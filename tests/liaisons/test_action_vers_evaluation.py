"""Une action terminée attend son évaluation ; évaluée, elle n’est plus demandée."""

import pytest
from django.urls import reverse
from django.utils import timezone

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.gouvernance.queries.equipe import list_a_evaluer
from socle.metiers.gouvernance.services.evaluations import save_evaluation
from socle.metiers.pilotage.enums import EtatAction
from socle.metiers.pilotage.models import Action
from tests.factories import CompteFactory
from tests.liaisons.test_suites_de_decision import action

__all__ = ["action"]
pytestmark = pytest.mark.django_db


def test_finished_action_asks_for_its_evaluation(client, action):
    assert list_a_evaluer() == []
    Action.objects.update(etat=EtatAction.FAITE)
    equipier = CompteFactory(agent=True)
    MembreProgramme.objects.create(compte=equipier, role=RoleProgramme.EQUIPE)
    client.force_login(equipier)
    nouvelle = f"{reverse('gouvernance:equipe_evaluation_nouvelle')}?action={action.cle}"
    accueil = reverse("gouvernance:equipe")
    assert nouvelle.replace(":", "%3A") in client.get(accueil).text.replace(":", "%3A")
    assert f'value="{action.cle}"' in client.get(nouvelle).text

    save_evaluation(
        action=action.cle, titre="Bilan", objectifs="o", resultats="r", redigee_par="Équipe",
        acteur=equipier.acteur, maintenant=timezone.now(),
    )  # fmt: skip
    assert list_a_evaluer() == []
