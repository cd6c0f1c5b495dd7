"""Plusieurs lectures, une instruction : les mêmes objets que si chacune avait lu seule."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db.models import DecimalField, FloatField, Value
from django.db.models.functions import Cast

from socle.fondations.commun.ensembles import Brute, LecturePrevue, read_ensemble
from socle.metiers.echeancier.models import DateEcheance, Obligation
from tests.metiers.echeancier.fabrique import create

pytestmark = pytest.mark.django_db


def plan(*sources):
    return LecturePrevue(sources, lambda *lues: lues)


def test_each_reading_gets_its_own_objects_in_one_statement(count_sql):
    une = create(slug="une", titre="100 % d’Étang « l'été » \\ %s", liens=["solution:socle"])
    dates = DateEcheance.objects.select_related("obligation").order_by("pk")
    chiffres = Obligation.objects.annotate(
        exact=Cast(Value("1.10"), DecimalField(max_digits=5, decimal_places=2)),
        environ=Value(2.0, FloatField()),
    ).values_list("slug", "exact", "environ", "modifie_le", "debut")
    prevues = [
        plan(Obligation.objects.order_by("pk").defer("texte"), dates),
        plan(Obligation.objects.none()),
        plan(Brute("SELECT %(mot)s AS mot, 3 AS nombre", {"mot": "l'eau à 10 %"})),
        plan(chiffres.order_by("pk")[:1]),
    ]

    with count_sql() as compte:
        [(obligations, lues), (rien,), (bruts,), (lignes,)] = read_ensemble(prevues)
        assert [o.pk for o in obligations] == [une.pk]
        assert obligations[0].titre == une.titre
        assert obligations[0].liens == ["solution:socle"]
        assert obligations[0].jour == date(2028, 2, 28)
        assert obligations[0].modifie_le == une.modifie_le
        assert lues[0].obligation.slug == "une"
    assert len(compte.instructions) == 1
    assert rien == []
    assert bruts == [{"mot": "l'eau à 10 %", "nombre": 3}]
    assert lignes == [("une", Decimal("1.10"), 2.0, une.modifie_le, None)]
    assert isinstance(lignes[0][3], datetime)
    assert lignes[0][3].tzinfo is UTC


def test_nothing_to_read_asks_nothing(count_sql):
    with count_sql() as compte:
        assert read_ensemble([]) == []
        assert plan(Obligation.objects.filter(pk__in=[])).read() == ([],)
    assert compte.instructions == []


def test_order_and_limit_of_each_reading_are_kept():
    for rang in range(5):
        create(slug=f"o-{rang}")
    descend = Obligation.objects.order_by("-slug").values_list("slug", flat=True)

    [(trois,), (deux,)] = read_ensemble([plan(descend[:3]), plan(descend.reverse()[:2])])

    assert trois == ["o-4", "o-3", "o-2"]
    assert deux == ["o-0", "o-1"]
