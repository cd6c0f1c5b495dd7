"""Un message ou une réponse refusés ne sont jamais perdus, dans le parcours d’un vrai dossier."""

import pytest
from bs4 import BeautifulSoup

from socle.metiers.dossiers.models import Message

LONG = "Bonjour, " + "voici la suite. " * 700


def read_zone(texte: str, nom: str = "corps") -> str:
    return BeautifulSoup(texte, "html.parser").find("textarea", {"name": nom}).get_text()


@pytest.fixture
def chez_usager(client, depose, usager):
    client.force_login(usager)
    return f"/c/clamart/dossiers/{depose.numero}/ecrire/"


@pytest.fixture
def chez_agent(client, depose, agent):
    client.force_login(agent)
    return f"/c/clamart/agent/dossiers/{depose.numero}/ecrire/"


@pytest.mark.parametrize("cote", ["chez_usager", "chez_agent"])
def test_message_too_long_comes_back_whole(client, request, cote):
    adresse = request.getfixturevalue(cote)

    reponse = client.post(adresse, {"corps": LONG})

    assert reponse.status_code == 422
    assert read_zone(reponse.text).strip() == LONG.strip()
    assert BeautifulSoup(reponse.text, "html.parser").select(".resume-erreurs, .invalid-feedback")
    assert not Message.objects.exists()


def test_message_of_exactly_the_limit_is_sent(client, chez_usager):
    assert client.post(chez_usager, {"corps": "é" * 10_000}).status_code == 302
    assert Message.objects.get().corps == "é" * 10_000


def test_draft_lost_with_the_session_gives_back_the_answers(client, brouillon, usager):
    """La session finit pendant la saisie : la page d’après rend les réponses de l’étape."""
    etape = f"/c/clamart/dossiers/{brouillon.numero}/etape/1/"
    client.force_login(usager)
    client.get(etape)
    client.logout()

    reponse = client.post(
        etape,
        {"prenom": "Lou", "nom": "Le Goff", "courriel": "lou@exemple.fr", "_action": "continuer"},
        headers={"Referer": f"http://testserver{etape}"},
    )

    assert reponse.status_code == 403
    assert "Votre session est finie" in reponse.text
    page = BeautifulSoup(reponse.text, "html.parser")
    assert [z["value"] for z in page.select("main [readonly]")] == [
        "Lou", "Le Goff", "lou@exemple.fr",
    ]  # fmt: skip
    assert "suite=%2Fc%2Fclamart%2Fdossiers" in page.select_one("main a.btn")["href"]


@pytest.mark.parametrize("geste", ["ecrire", "deposer", "decision", "resume"])
def test_every_envoi_on_a_case_without_session_says_it_is_over(client, depose, geste):
    reponse = client.post(f"/c/clamart/dossiers/{depose.numero}/{geste}/", {"corps": "Bonjour"})

    assert reponse.status_code in (403, 405)
    assert reponse.status_code == 405 or "Votre session est finie" in reponse.text


def test_draft_of_another_person_gives_back_the_answers_and_nothing_else(client, brouillon):
    from tests.factories import CompteFactory

    client.force_login(CompteFactory(courriel="autre@exemple.fr"))

    reponse = client.post(
        f"/c/clamart/dossiers/{brouillon.numero}/etape/1/", {"prenom": "Zoé", "nom": "Ici"}
    )

    assert reponse.status_code == 404
    page = BeautifulSoup(reponse.text, "html.parser")
    assert [z["value"] for z in page.select("main [readonly]")] == ["Zoé", "Ici"]
    assert "Orbellec" not in page.find("main").get_text()
