"""Sans aucun programme, chaque page dit quoi faire."""

import pytest
from bs4 import BeautifulSoup

from socle.metiers.pilotage.models import Indicateur
from tests.metiers.pilotage.test_public import lire


@pytest.mark.parametrize("page", ["/programme/", "/indicateurs/", "/recherche/?q=zzzz"])
def test_empty_page_says_what_to_do(client, db, page):
    reponse = client.get(page)

    assert reponse.status_code == 200
    assert BeautifulSoup(reponse.text, "html.parser").select(".vide")


def test_measured_indicator_without_reading_says_when_it_comes(client, db):
    Indicateur.objects.create(code="vide", titre="Vide", source="mesuree", mesure="absente.mesure")

    assert "pas encore" in client.get("/indicateurs/").text
    assert "dans les dix minutes" in client.get("/indicateurs/vide/").text


def test_home_without_programme_is_the_choice_of_an_authority(client, db):
    texte = lire(client.get("/"))

    assert "Vos démarches, chez vous" in texte
