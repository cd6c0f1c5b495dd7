from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.normes.delais.calendrier import FRANCE, Calendrier, compute_paques, find_calendrier

ALSACE_MOSELLE = Calendrier(alsace_moselle=True)


@pytest.mark.parametrize(
    ("annee", "paques"),
    [
        (1818, date(1818, 3, 22)),  # la plus précoce possible
        (1943, date(1943, 4, 25)),  # la plus tardive possible
        (2000, date(2000, 4, 23)),
        (2024, date(2024, 3, 31)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_paques_follows_the_known_dates(annee, paques):
    assert compute_paques(annee) == paques


def test_annee_has_eleven_jours_feries():
    assert FRANCE.list_feries(2026) == {
        date(2026, 1, 1): "Jour de l’An",
        date(2026, 4, 6): "Lundi de Pâques",
        date(2026, 5, 1): "Fête du travail",
        date(2026, 5, 8): "Victoire de 1945",
        date(2026, 5, 14): "Ascension",
        date(2026, 5, 25): "Lundi de Pentecôte",
        date(2026, 7, 14): "Fête nationale",
        date(2026, 8, 15): "Assomption",
        date(2026, 11, 1): "Toussaint",
        date(2026, 11, 11): "Armistice de 1918",
        date(2026, 12, 25): "Noël",
    }


def test_alsace_moselle_has_two_more_jours_feries():
    en_plus = ALSACE_MOSELLE.list_feries(2026).keys() - FRANCE.list_feries(2026).keys()

    assert en_plus == {date(2026, 4, 3), date(2026, 12, 26)}


# Ce que la bibliothèque compte et qu’aucun texte ne rend férié : des fêtes chômées par usage.
USAGES = {"Mi-Careme", "Victor Schoelcher Day"}
LIEUX = {
    "92": None, "57": "57", "971": "971", "972": "972", "973": "973", "974": "974", "975": "PM",
    "976": "976", "977": "BL", "978": "MF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip


@pytest.mark.parametrize(("departement", "subdivision"), LIEUX.items())
def test_jours_feries_agree_with_an_independent_library(departement, subdivision):
    # Avant 2008, la journée de solidarité est discutée ; Saint-Martin change de jour en 2018.
    annees = range(2018 if departement == "978" else 2012, 2060)
    leurs = holidays.France(subdiv=subdivision, years=annees, language="en_US")
    usages = USAGES | ({"Good Friday"} if departement == "971" else set())
    attendus = {jour for jour, nom in leurs.items() if nom not in usages}

    calendrier = find_calendrier(departement)
    assert {jour for annee in annees for jour in calendrier.list_feries(annee)} == attendus


@pytest.mark.parametrize(
    ("departement", "annee", "jours"),
    [
        ("971", 2026, {date(2026, 5, 27)}),
        ("972", 2026, {date(2026, 5, 22)}),
        ("973", 2026, {date(2026, 6, 10)}),
        ("974", 2026, {date(2026, 12, 20)}),
        ("975", 2026, set()),
        ("976", 2026, {date(2026, 4, 27)}),
        ("977", 2011, {date(2011, 5, 27)}),
        ("977", 2026, {date(2026, 10, 9)}),
        ("978", 2017, {date(2017, 5, 27)}),
        ("978", 2026, {date(2026, 5, 28)}),
        ("987", 2024, {date(2024, 3, 5), date(2024, 3, 29), date(2024, 6, 29)}),
        ("987", 2026, {date(2026, 3, 5), date(2026, 4, 3), date(2026, 11, 20)}),
        ("67", 2026, {date(2026, 4, 3), date(2026, 12, 26)}),
        ("92", 2026, set()),
    ],
)
def test_each_territoire_has_its_own_days(departement, annee, jours):
    en_plus = find_calendrier(departement).list_feries(annee).keys() - FRANCE.list_feries(annee)

    assert en_plus == jours


def test_territoire_inconnu_is_refused():
    with pytest.raises(ValueError, match="pas connu"):
        Calendrier(territoire="atlantide")


def test_jours_chomes_of_the_place_are_added():
    local = Calendrier(autres={date(2026, 6, 24): "Saint-Jean"})

    assert local.find_ferie(date(2026, 6, 24)) == "Saint-Jean"
    assert not local.is_ouvre(date(2026, 6, 24))
    assert list(local.list_feries(2026)) == sorted(local.list_feries(2026))
    assert date(2026, 6, 24) not in local.list_feries(2027)


@pytest.mark.parametrize(
    ("jour", "ouvrable", "ouvre"),
    [
        (date(2026, 11, 20), True, True),  # vendredi
        (date(2026, 11, 21), True, False),  # samedi
        (date(2026, 11, 22), False, False),  # dimanche
        (date(2026, 11, 11), False, False),  # mercredi férié
        (date(2026, 8, 15), False, False),  # samedi férié
    ],
)
def test_ouvrable_includes_samedi_and_ouvre_does_not(jour, ouvrable, ouvre):
    assert (FRANCE.is_ouvrable(jour), FRANCE.is_ouvre(jour)) == (ouvrable, ouvre)


@given(st.dates(date(1900, 1, 1), date(2300, 12, 31)))
def test_paques_is_a_dimanche_of_spring(jour):
    paques = compute_paques(jour.year)

    assert paques.weekday() == 6
    assert date(jour.year, 3, 22) <= paques <= date(jour.year, 4, 25)
    assert FRANCE.find_ferie(paques + timedelta(39)) == "Ascension" or (
        paques + timedelta(39) in {date(jour.year, 5, 1), date(jour.year, 5, 8)}
    )
