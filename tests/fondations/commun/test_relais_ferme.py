"""Hors bac à sable, aucune adresse de simulateur n’existe, quoi que disent les autres réglages."""

import pytest


@pytest.mark.parametrize("methode", ["get", "post", "put", "delete", "options"])
@pytest.mark.parametrize("chemin", ["", "franceconnect/api/v2/authorize", "../sante/"])
def test_relay_does_not_exist_outside_the_sandbox(client, db, settings, methode, chemin):
    settings.BAC_A_SABLE, settings.SIMULATEURS_INTERNE = False, "http://127.0.0.1:9"

    assert getattr(client, methode)(f"/simulateurs/{chemin}").status_code == 404


def test_relay_needs_the_address_of_the_process(client, db, settings):
    settings.BAC_A_SABLE, settings.SIMULATEURS_INTERNE = True, ""

    assert client.get("/simulateurs/").status_code == 404


def test_relay_is_not_under_an_authority(client, collectivite, settings):
    settings.BAC_A_SABLE, settings.SIMULATEURS_INTERNE = True, "http://127.0.0.1:9"

    assert client.get("/c/clamart/simulateurs/").status_code == 404
