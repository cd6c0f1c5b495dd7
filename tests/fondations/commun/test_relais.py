"""Relais vers les simulateurs : leur accueil compris, et seulement au bac à sable."""

import pytest

from tests.simulateurs.conftest import open_serveur


@pytest.fixture
def bac_a_sable(settings):
    settings.BAC_A_SABLE = True
    with open_serveur() as settings.SIMULATEURS_INTERNE:
        yield


@pytest.mark.parametrize("chemin", ["/simulateurs/", "/simulateurs/sante"])
def test_relais_reaches_the_simulateurs(client, bac_a_sable, chemin):
    assert client.get(chemin).status_code == 200


@pytest.mark.parametrize("chemin", ["/simulateurs/", "/simulateurs/sante"])
def test_nothing_is_served_outside_the_sandbox(client, db, bac_a_sable, settings, chemin):
    settings.BAC_A_SABLE = False

    assert client.get(chemin).status_code == 404


def test_stopped_simulateurs_answer_503(client, settings):
    settings.BAC_A_SABLE = True
    settings.SIMULATEURS_INTERNE = "http://127.0.0.1:9"

    assert client.get("/simulateurs/sante").status_code == 503
