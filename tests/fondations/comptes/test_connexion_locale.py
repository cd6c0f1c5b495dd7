"""Comptes locaux : une porte par genre, réponses qui ne disent rien, courriel prouvé."""

import pytest

pytestmark = pytest.mark.django_db


def test_pages_open(client, collectivite):
    for chemin in ("connexion/", "agent/connexion/", "inscription/", "connexion/mot-de-passe/"):
        for racine in ("/c/clamart/", "/"):
            page = client.get(racine + chemin)
            assert page.status_code == 200, chemin
