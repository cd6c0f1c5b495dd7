"""Ce que l’installation constate : ajouté une fois, confirmé ensuite, arrêté quand cela cesse."""

from datetime import date, timedelta

import pytest

from socle.metiers.adoption.enums import Source, Usage
from socle.metiers.adoption.models import Brique, Fait, Situation
from socle.metiers.adoption.ports import MesureAdoption, Mesuree, mesures_adoption
from socle.metiers.adoption.queries import inscriptions
from socle.metiers.adoption.services.mesures import apply_mesures
from tests.metiers.adoption.fabrique import CLAMART, create_fait


@pytest.fixture
def releve(monkeypatch, db):
    """Un relevé que le test change, à la place de ceux de l’installation."""
    usages = [Mesuree("socle", "219200235")]
    monkeypatch.setattr(
        mesures_adoption, "_par_code", {"essai": MesureAdoption(("socle",), lambda: usages)}
    )
    return usages


def test_measure_adds_a_fact_once_then_confirms_it(releve, maintenant):
    assert apply_mesures(maintenant=maintenant) == 1
    assert apply_mesures(maintenant=maintenant + timedelta(days=1)) == 0

    fait = Fait.objects.get()
    assert (fait.source, fait.usage, fait.date_fait) == ("mesuree", "utilise", date(2026, 11, 21))
    assert fait.confirme_le == date(2026, 11, 22)
    assert Brique.objects.get(solution="socle").mesurees == 1


def test_authority_out_of_the_measure_has_stopped(releve, maintenant):
    apply_mesures(maintenant=maintenant)
    releve.clear()

    apply_mesures(maintenant=maintenant + timedelta(days=1))

    assert Situation.objects.get(solution="socle").usage == Usage.ARRETE
    assert apply_mesures(maintenant=maintenant + timedelta(days=2)) == 0


def test_measure_that_comes_back_the_same_day_leaves_one_fact(releve, maintenant):
    apply_mesures(maintenant=maintenant)
    releve.clear()
    apply_mesures(maintenant=maintenant)

    assert Fait.objects.filter(annule_le=None).count() == 1
    assert Situation.objects.get(solution="socle").usage == Usage.ARRETE


def test_unknown_siren_is_ignored(releve, maintenant):
    releve.append(Mesuree("socle", "000000000"))

    assert apply_mesures(maintenant=maintenant) == 1


def test_counts_for_the_programme_leave_fictitious_facts_out(releve, maintenant):
    apply_mesures(maintenant=maintenant)
    create_fait("commune-92002", "tchap", source=Source.FICTIVE)
    from socle.metiers.adoption.services.agregats import rebuild_tout

    rebuild_tout(maintenant=maintenant)
    jour = maintenant.date()

    assert Situation.objects.filter(solution="").count() == 2
    assert inscriptions.count_actives(jour) == 1
    assert inscriptions.count_actives(jour - timedelta(days=1)) == 0
    assert inscriptions.count_petites(jour) == 0
    assert inscriptions.count_petites(jour - timedelta(days=1)) is None
    assert CLAMART in set(Situation.objects.order_by("pk").values_list("autorite", flat=True))
