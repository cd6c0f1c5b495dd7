"""Limites de fréquence : la page dit combien de temps attendre, et l’en-tête aussi."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from socle.fondations.commun.errors import TropDeDemandes, describe_attente
from socle.fondations.commun.frequence import check_frequences
from socle.fondations.commun.middleware import show_refus
from tests.factories import CollectiviteFactory

pytestmark = pytest.mark.django_db
MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LIMITES = [(2, timedelta(minutes=5)), (3, timedelta(hours=3))]


def check(minutes: float) -> None:
    instant = MAINTENANT + timedelta(minutes=minutes)
    check_frequences(quoi="essai", qui="198.51.100.7", limites=LIMITES, maintenant=instant)


def test_attente_is_the_time_left_of_the_limit_that_is_passed():
    check(0)
    check(1)
    with pytest.raises(TropDeDemandes) as refus:
        check(3)
    assert refus.value.secondes == 120  # cinq minutes après le premier essai
    with pytest.raises(TropDeDemandes) as refus:
        check(6)  # les cinq minutes sont passées, pas les trois heures
    assert refus.value.secondes == 174 * 60
    check(181)


@pytest.mark.parametrize(
    ("secondes", "texte"),
    [(1, "1\xa0seconde"), (59, "59\xa0secondes"), (60, "1\xa0minute"), (61, "2\xa0minutes"),
     (7199, "120\xa0minutes"), (7200, "2\xa0heures"), (86_400, "24\xa0heures")],
)  # fmt: skip
def test_attente_is_said_in_words_and_never_too_short(secondes, texte):
    assert describe_attente(secondes) == texte


def test_page_says_how_long_to_wait_and_keeps_the_text():
    requete = RequestFactory().post("/", {"corps": "Bonjour"})

    reponse = show_refus(requete, TropDeDemandes(secondes=130))

    assert (reponse.status_code, reponse["Retry-After"]) == (429, "130")
    assert "Attendez 3\xa0minutes puis recommencez." in reponse.text
    assert 'value="Bonjour"' in reponse.text


def test_unknown_attente_has_no_header():
    reponse = show_refus(RequestFactory().get("/"), TropDeDemandes())

    assert "Retry-After" not in reponse.headers
    assert "Attendez quelques minutes" in reponse.text


def test_limit_of_the_view_says_it_through_the_product(client, monkeypatch):
    """Les départs d’un fournisseur d’identité sont limités : la page dit l’attente vraie."""
    from socle.metiers.dossiers.errors import TropDeDeparts

    refus = TropDeDeparts(secondes=1800)

    assert refus.suite.startswith("Attendez 30\xa0minutes, ou connectez-vous")
    assert TropDeDeparts().suite.startswith("Attendez une heure, ou connectez-vous")


def test_limit_of_allauth_has_the_same_page(client, settings):
    CollectiviteFactory(slug="clamart")
    adresse = "/c/clamart/connexion/mot-de-passe/"
    reponses = [client.post(adresse, {"email": f"p{n}@exemple.fr"}) for n in range(11)]

    assert [r.status_code for r in reponses] == [302] * 10 + [429]
    assert reponses[-1]["Retry-After"] == "3600"
    assert "Attendez 60\xa0minutes" in reponses[-1].text
    assert 'value="p10@exemple.fr"' in reponses[-1].text
