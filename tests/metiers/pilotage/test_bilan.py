"""La matière d’un bilan : bornée à sa période, chaque nombre avec son origine."""

from datetime import UTC, date, datetime

import pytest

from socle.metiers.pilotage.models import Programme
from socle.metiers.pilotage.queries.bilan import get_bilan
from socle.metiers.pilotage.services import seed_programmes

pytestmark = pytest.mark.django_db
MAINTENANT = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def programme():
    seed_programmes(MAINTENANT)
    return Programme.objects.get(code="2018-2020")


def test_whole_period_holds_everything(programme, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        bilan = get_bilan(programme, date(2017, 12, 14), date(2020, 12, 31))

    assert bilan.complet.nombre_actions == 20
    assert bilan.complet.nombre_recommandations == 16
    assert sum(len(faits) for faits in bilan.complet.evenements.values()) == 16
    assert len(bilan.series) > 70
    assert "action:2018-2020-3-1" in bilan.temoignages


@pytest.mark.parametrize(
    ("debut", "fin", "attendus"),
    [
        (date(2019, 1, 1), date(2019, 12, 31), {(2019, 1), (2019, 2), (2019, 3), (2019, 4)}),
        (date(2018, 10, 1), date(2019, 1, 1), {(2018, 4), (2019, 1)}),
        (date(2018, 12, 31), date(2018, 12, 31), {(2018, 4)}),
        (date(2021, 1, 1), date(2021, 12, 31), set()),
    ],
)
def test_events_stay_within_the_period(programme, debut, fin, attendus):
    assert set(get_bilan(programme, debut, fin).complet.evenements) == attendus


def test_figures_stay_within_the_period(programme):
    bilan = get_bilan(programme, date(2019, 1, 1), date(2019, 12, 31))

    jours = {jour.jour.year for serie in bilan.series for jour in serie.jours}
    assert jours == {2019}
