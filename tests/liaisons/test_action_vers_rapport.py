"""Une action qui change d’état se lit dans le rapport du mois."""

from datetime import UTC, date, datetime, time

import pytest
from django.urls import reverse

from socle.liaisons.action_vers_rapport import describe, read_changements
from socle.metiers.gouvernance.ports import changements
from socle.metiers.gouvernance.services.rapports import make_rapport
from socle.metiers.pilotage.models import Action
from socle.metiers.pilotage.services import save_objet
from tests.factories import CompteFactory
from tests.liaisons.test_suites_de_decision import action

__all__ = ["action"]


def test_state_is_told_in_words():
    assert describe({"etat": ["a_demarrer", "en_cours"]}).endswith("«\xa0En cours\xa0»")
    assert describe({"titre": ["a", "b"]}) == "Fiche mise à jour"
    assert describe({"etat": [None, "inconnu"]}) == "Fiche mise à jour"


@pytest.mark.django_db
def test_report_of_the_month_tells_what_changed_in_the_actions(client, action, maintenant):
    assert changements["pilotage"] is read_changements
    par = CompteFactory(agent=True, prenom="Claire", nom="Delmas")
    for jour, champs in (
        (date(2026, 9, 30), {"resume": "Avant le mois."}),
        (date(2026, 10, 1), {"etat": "en_cours"}),
        (date(2026, 10, 31), {"resume": "Dans le mois."}),
        (date(2026, 11, 1), {"resume": "Après le mois."}),
    ):
        action = save_objet(objet=action, champs=champs, revision=action.revision, par=par,
                            maintenant=datetime.combine(jour, time(9), UTC))  # fmt: skip
    save_objet(
        objet=Action(axe=action.axe, numero=2, code="2018-2020-1-2"), champs={"titre": "Seconde"},
        revision=0, par=par, maintenant=datetime(2026, 10, 5, tzinfo=UTC),
    )  # fmt: skip

    rapport, _ = make_rapport(mois=date(2026, 10, 1), maintenant=maintenant)

    dits = [(un["titre"], un["quoi"]) for un in rapport.contenu["changements"]]
    en_cours = describe({"etat": ["a_demarrer", "en_cours"]})
    assert dits == [
        ("Première", en_cours), ("Seconde", "Nouvelle action"), ("Première", "Fiche mise à jour"),
    ]  # fmt: skip
    page = client.get("/rapports/2026-10/").text
    assert en_cours in page
    assert f'href="{reverse("pilotage:action", args=[action.code])}"' in page
    assert "Delmas" not in page
