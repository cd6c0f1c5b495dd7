"""Retrait d’une décision qui a créé des droits."""

from datetime import date

import pytest

from socle.normes.delais.retrait import compute_fin_du_retrait


@pytest.mark.parametrize(
    ("signature", "fin"),
    [
        (date(2026, 11, 21), date(2027, 3, 21)),
        (date(2026, 10, 31), date(2027, 2, 28)),
        (date(2027, 10, 31), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 4, 30)),
    ],
)
def test_four_months_run_from_the_signature(signature, fin):
    assert compute_fin_du_retrait(signature).date == fin


def test_deadline_says_its_article_and_its_condition():
    echeance = compute_fin_du_retrait(date(2026, 11, 21))
    assert (echeance.depart, echeance.article) == (date(2026, 11, 21), "CRPA, art. L. 242-1")
    assert echeance.explication == (
        "La décision, si elle est illégale, peut être retirée jusqu’au dimanche 21 mars 2027 "
        "inclus : le délai est de quatre mois à compter de la signature de la décision, le samedi "
        "21 novembre 2026."
    )
