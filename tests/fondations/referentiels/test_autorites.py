"""Toutes les collectivités de France en une table, refaite avec le COG."""

import pytest

from socle.fondations.referentiels.enums import GenreAutorite, Tranche
from socle.fondations.referentiels.models import Autorite, Commune
from socle.fondations.referentiels.queries import find_autorite, get_autorite, search_autorites
from socle.fondations.referentiels.services import load_cog

pytestmark = pytest.mark.django_db


def test_every_authority_of_the_cog_is_there_once():
    comptes = {
        genre: Autorite.objects.filter(genre=genre).count() for genre in GenreAutorite.values
    }
    assert comptes == {
        "commune": 34_969, "epci": 1_255, "departement": 101, "region": 18, "com": 6,
    }  # fmt: skip


def test_an_authority_knows_its_territory_and_its_size():
    clamart = get_autorite("commune-92023")
    assert (clamart.nom, clamart.departement, clamart.region) == ("Clamart", "92", "11")
    assert clamart.tranche == Tranche.DE_50000_A_99999
    assert find_autorite("219200235") == clamart
    epci = get_autorite(f"epci-{clamart.epci}")
    assert (epci.departement, epci.region) == ("94", "11")  # le plus de communes membres
    assert get_autorite("region-11").population > 12_000_000
    assert get_autorite("commune-00000") is None
    assert find_autorite("") is None


@pytest.mark.parametrize("tranche", Tranche.values)
def test_sizes_follow_their_bounds(tranche):
    bornes = [*Tranche.values, 10**9]
    suivante = bornes[bornes.index(tranche) + 1]
    dehors = Autorite.objects.filter(tranche=tranche).exclude(
        population__gte=tranche, population__lt=suivante
    )
    assert not dehors.exists()


@pytest.mark.parametrize(
    ("texte", "cle"),
    [
        ("clamart", "commune-92023"),
        ("92140", "commune-92023"),
        ("Lozère", "departement-48"),
        ("48", "departement-48"),
        ("bretagne", "region-53"),
        ("200054781", "epci-200054781"),
    ],
)
def test_search_finds_every_kind(texte, cle):
    assert search_autorites(texte)[0].cle == cle


def test_search_of_nothing_finds_nothing():
    assert search_autorites("") == []


def test_loading_again_fills_a_table_left_empty():
    Autorite.objects.all().delete()
    assert load_cog()[1] is False
    assert Autorite.objects.filter(genre="commune").count() == Commune.objects.count()
