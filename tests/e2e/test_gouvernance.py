"""Siéger, dans le navigateur et sans script : confier sa voix, s’excuser, voter, voir l’effet."""

import pytest
from playwright.sync_api import expect

from tests.e2e.parcours import ESSAIS, press

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
DECISION = "N° 3 : Ne plus demander l’avis d’imposition pour le quotient familial"


def test_members_answer_delegate_and_vote_then_the_decision_applies_itself(ouvrir):
    elue = ouvrir("agent:association", js=False)
    elue.goto("/mes-instances/")
    press(elue, "Confier ma voix")
    elue.get_by_label("Commune de Clamart").check()
    press(elue, "Confier ma voix")
    expect(elue.get_by_text("Représenté", exact=True)).to_be_visible()
    press(elue, "Reprendre ma voix")
    press(elue, "Je serai absent")
    expect(elue.get_by_text("Excusé", exact=True)).to_be_visible()

    etat = ouvrir("agent:etat", js=False)
    etat.goto("/mes-instances/")
    press(etat, DECISION)
    etat.get_by_label("Pour", exact=True).check()
    press(etat, "Enregistrer mon vote")

    public = ouvrir(js=False)
    for _ in range(ESSAIS):  # le travailleur applique l’effet
        public.goto("/decisions/3/")
        if public.get_by_text("Appliqué", exact=True).count():
            break
        public.wait_for_timeout(500)
    press(public, "Dites-le-nous une fois")
    expect(public.get_by_text("Le quotient familial sans pièce")).to_be_visible()
    press(public, "Décisions, solutions, actualités qui en parlent")
    expect(public.get_by_text(DECISION).first).to_be_visible()
