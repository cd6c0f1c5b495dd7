"""Une action qui change d’état se lit dans le rapport du mois."""

from datetime import timedelta

import pytest

from socle.liaisons.action_vers_rapport import describe, read_changements
from socle.metiers.gouvernance.ports import changements


def test_state_is_told_in_words():
    assert describe({"etat": ["a_demarrer", "en_cours"]}).endswith("«\xa0En cours\xa0»")
    assert describe({"titre": ["a", "b"]}) == "Fiche mise à jour"
    assert describe({"etat": [None, "inconnu"]}) == "Fiche mise à jour"


@pytest.mark.django_db
def test_report_asks_the_steering(maintenant):
    assert changements["pilotage"] is read_changements
    assert read_changements(maintenant - timedelta(days=30), maintenant) == []
