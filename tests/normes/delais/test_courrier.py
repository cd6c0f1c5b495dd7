"""Jour de notification d’une décision envoyée sur papier."""

from datetime import date

import pytest

from socle.normes.delais.courrier import Pli, find_notification_postale

LUNDI, JEUDI = date(2026, 11, 23), date(2026, 11, 26)


@pytest.mark.parametrize(
    ("plis", "attendu"),
    [
        ([], None),
        ([Pli()], None),
        ([Pli(remis_le=JEUDI)], JEUDI),
        ([Pli(presente_le=LUNDI)], LUNDI),
        ([Pli(remis_le=JEUDI, presente_le=LUNDI)], JEUDI),
        ([Pli(), Pli(remis_le=JEUDI), Pli(presente_le=LUNDI)], LUNDI),
    ],
)
def test_first_proven_day_notifies(plis, attendu):
    """Conseil d’État, 24 avril 2012, n° 341146 : le pli non réclamé notifie à sa présentation."""
    assert find_notification_postale(plis) == attendu
