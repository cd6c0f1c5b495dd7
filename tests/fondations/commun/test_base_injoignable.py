"""Base injoignable : `/sante/` et les pages le disent par un 503, et rendent ce qui était tapé."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from tests.conftest import ClientStrict
from tests.fondations.commun.test_saisie_gardee import RENDU, TAPE, read_rendu

pytestmark = pytest.mark.django_db


def run_sans_base(faire: Callable[[ClientStrict], Any]) -> Any:
    """Exécute dans un fil dont la connexion vise un serveur qui n’existe pas."""
    resultats: list[Any] = []

    def run() -> None:
        base = connections["default"]  # propre à ce fil
        base.settings_dict = {**base.settings_dict, "HOST": "/nulle-part", "PORT": "1"}
        client = ClientStrict(raise_request_exception=False)
        resultats.append(faire(client))
        base.close()

    fil = threading.Thread(target=run)
    fil.start()
    fil.join(15)
    assert resultats, "la requête n’a pas répondu"
    return resultats[0]


def test_sante_says_503_without_the_base():
    reponse = run_sans_base(lambda client: client.get("/sante/"))

    assert reponse.status_code == 503
    assert reponse.json() == {"vivant": True, "pret": False, "base": "injoignable"}


def test_sante_says_200_with_the_base(client):
    assert client.get("/sante/").json() == {"vivant": True, "pret": True}


@pytest.mark.parametrize(
    "chemin", ["/c/clamart/", "/c/clamart/agent/dossiers/", "/c/clamart/nulle/"]
)
def test_page_says_503_and_when_to_come_back(chemin):
    reponse = run_sans_base(lambda client: client.get(chemin))

    assert (reponse.status_code, reponse["Retry-After"]) == (503, "10")
    assert "Ce n’est pas de votre fait" in reponse.text
    assert "Erreur 503" in reponse.text


def test_page_gives_back_what_was_typed():
    def send(client: ClientStrict):
        client.cookies["session"] = "une-session-que-personne-ne-peut-lire"
        return client.post("/c/clamart/dossiers/4/ecrire/", TAPE)

    reponse = run_sans_base(send)

    assert reponse.status_code == 503
    assert read_rendu(reponse.text) == RENDU


def test_page_without_base_is_still_served():
    assert run_sans_base(lambda client: client.get("/aide/")).status_code == 200
