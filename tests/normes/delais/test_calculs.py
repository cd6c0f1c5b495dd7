from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.normes.delais.calculs import (
    add_annees,
    add_jours,
    add_jours_ouvrables,
    add_jours_ouvres,
    add_mois,
    compute_envoi_avant,
    compute_mois_francs,
    roll,
    to_jour,
)
from socle.normes.delais.calendrier import FRANCE, Calendrier
from socle.normes.delais.textes import write_jour, write_nombre

JOURS = st.dates(date(1990, 1, 1), date(2150, 12, 31))
CALENDRIERS = st.sampled_from([FRANCE, Calendrier(alsace_moselle=True)])


@pytest.mark.parametrize(
    ("depart", "mois", "fin"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),  # pas de quantième : dernier jour du mois
        (date(2024, 1, 31), 1, date(2024, 2, 29)),  # bissextile
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_mois_go_from_quantieme_to_quantieme(depart, mois, fin):
    assert add_mois(depart, mois) == fin


def test_annees_from_a_29_fevrier_end_on_the_28():
    assert add_annees(date(2024, 2, 29), 10) == date(2034, 2, 28)
    assert add_annees(date(2024, 2, 29), 4) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("depart", "fin"),
    [
        (date(2007, 10, 1), date(2007, 12, 3)),  # le 2 décembre est un dimanche
        (date(2022, 11, 3), date(2023, 1, 4)),
        (date(2024, 11, 12), date(2025, 1, 13)),
        (date(2015, 1, 27), date(2015, 3, 30)),  # le 28 mars est un samedi
        (date(2026, 9, 10), date(2026, 11, 12)),  # le 11 novembre est férié
        (date(2025, 12, 31), date(2026, 3, 2)),  # le 1er mars est un dimanche
        (date(2026, 12, 31), date(2027, 3, 1)),
    ],
)
def test_deux_mois_francs_end_on_the_dernier_jour_utile(depart, fin):
    assert compute_mois_francs(depart, 2) == fin


def test_report_depends_on_the_calendrier():
    vendredi_saint = date(2026, 4, 3)
    depart = date(2026, 2, 2)

    assert compute_mois_francs(depart, 2) == vendredi_saint
    local = Calendrier(alsace_moselle=True)
    assert compute_mois_francs(depart, 2, calendrier=local) == date(2026, 4, 7)


@pytest.mark.parametrize(
    ("depart", "nombre", "fin"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # vendredi → lundi
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # samedi → lundi
        (date(2026, 11, 23), 1, date(2026, 11, 24)),
        (date(2026, 11, 10), 1, date(2026, 11, 12)),  # le 11 est férié
        (date(2026, 12, 18), 10, date(2027, 1, 5)),  # Noël et le jour de l’An
    ],
)
def test_jours_ouvres_skip_week_end_and_feries(depart, nombre, fin):
    assert add_jours_ouvres(depart, nombre) == fin


def test_jours_ouvrables_count_the_samedi():
    vendredi = date(2026, 11, 20)

    assert add_jours_ouvrables(vendredi, 1) == date(2026, 11, 21)
    assert add_jours_ouvrables(vendredi, 2) == date(2026, 11, 23)


def test_delai_of_zero_jour_ouvre_is_refused():
    with pytest.raises(ValueError, match="au moins un jour"):
        add_jours_ouvres(date(2026, 11, 20), 0)


@pytest.mark.parametrize(
    ("jours_francs", "envoi"), [(3, date(2026, 11, 16)), (5, date(2026, 11, 14))]
)
def test_convocation_is_sent_before_the_jours_francs(jours_francs, envoi):
    assert compute_envoi_avant(date(2026, 11, 20), jours_francs) == envoi


def test_jour_of_an_instant_is_the_one_of_paris():
    assert to_jour(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2027, 1, 1)
    assert to_jour(datetime(2026, 7, 14, 21, 59, tzinfo=UTC)) == date(2026, 7, 14)
    assert to_jour(datetime(2026, 7, 14, 22, 0, tzinfo=UTC)) == date(2026, 7, 15)
    with pytest.raises(ValueError, match="fuseau"):
        to_jour(datetime(2026, 7, 14))


def test_jour_is_written_in_full():
    assert write_jour(date(2027, 3, 1)) == "lundi 1er mars 2027"
    assert write_jour(date(2026, 8, 15), nom=False) == "15 août 2026"
    assert (write_nombre(2), write_nombre(7)) == ("deux", "7")


@given(JOURS, JOURS, st.integers(1, 24), CALENDRIERS)
def test_later_depart_never_gives_an_earlier_fin(a, b, nombre, calendrier):
    tot, tard = sorted((a, b))

    assert add_mois(tot, nombre) <= add_mois(tard, nombre)
    assert compute_mois_francs(tot, nombre, calendrier=calendrier) <= compute_mois_francs(
        tard, nombre, calendrier=calendrier
    )
    assert add_jours_ouvres(tot, nombre, calendrier=calendrier) <= add_jours_ouvres(
        tard, nombre, calendrier=calendrier
    )
    assert add_jours(tot, nombre) <= add_jours(tard, nombre)


@given(JOURS, st.integers(1, 24), CALENDRIERS)
def test_delai_reporte_never_ends_on_a_closed_jour(depart, nombre, calendrier):
    francs = compute_mois_francs(depart, nombre, calendrier=calendrier)
    ouvres = add_jours_ouvres(depart, nombre, calendrier=calendrier)

    assert calendrier.is_ouvre(francs)
    assert calendrier.is_ouvre(ouvres)
    assert francs > add_mois(depart, nombre)
    assert calendrier.is_ouvrable(add_jours_ouvrables(depart, nombre, calendrier=calendrier))


@given(JOURS, CALENDRIERS)
def test_report_is_short_and_stable(jour, calendrier):
    reporte = roll(jour, calendrier=calendrier)

    assert jour <= reporte <= jour + timedelta(5)
    assert roll(reporte, calendrier=calendrier) == reporte
    assert (reporte == jour) == calendrier.is_ouvre(jour)


@given(JOURS, st.integers(1, 60), CALENDRIERS)
def test_number_of_jours_ouvres_is_the_one_asked(depart, nombre, calendrier):
    fin = add_jours_ouvres(depart, nombre, calendrier=calendrier)

    entre = (depart + timedelta(n) for n in range(1, (fin - depart).days + 1))
    assert sum(calendrier.is_ouvre(jour) for jour in entre) == nombre


@given(JOURS, st.integers(-500, 500))
def test_mois_keep_the_quantieme_or_take_the_dernier_jour(depart, nombre):
    fin = add_mois(depart, nombre)

    ecart = (fin.year * 12 + fin.month) - (depart.year * 12 + depart.month)
    assert ecart == nombre
    assert fin.day == depart.day or (fin + timedelta(1)).day == 1
