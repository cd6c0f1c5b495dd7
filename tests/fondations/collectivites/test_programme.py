"""La fiche du programme commun : elle porte documents et courriels, et ne se voit nulle part."""

from datetime import date

import pytest

from socle.fondations.collectivites.enums import GenreCollectivite
from socle.fondations.collectivites.errors import CollectiviteDejaPresente
from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import (
    clear_cache,
    find_collectivite,
    list_collectivites,
    search_collectivites,
)
from socle.fondations.collectivites.services import create_collectivite, get_programme

pytestmark = pytest.mark.django_db


def test_programme_is_made_once_and_is_in_no_list():
    programme = get_programme()
    clear_cache()

    assert get_programme() == programme
    assert find_collectivite(slug="programme") == programme
    assert programme not in list_collectivites()
    assert programme not in search_collectivites("", actives=False)
    assert Collectivite.objects.filter(slug="programme").count() == 1


def test_programme_has_no_portal_of_its_own(client):
    get_programme()
    clear_cache()

    assert client.get("/c/programme/").headers["Location"] == "/"


def test_no_authority_takes_its_address():
    with pytest.raises(CollectiviteDejaPresente):
        create_collectivite(
            nom="Programme", genre=GenreCollectivite.COMMUNE, siren="123456789",
            aujourdhui=date(2026, 11, 21),
        )  # fmt: skip
