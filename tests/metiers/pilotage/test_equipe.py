"""L’espace de l’équipe : qui entre, ce qu’il montre."""

import pytest

from socle.fondations.commun.fiches import list_pages_equipe
from tests.factories import CompteFactory


def test_team_space_lists_every_section_in_order(client, membre):
    client.force_login(membre)

    page = client.get("/equipe/").text

    titres = [entree.titre for entree in list_pages_equipe()]
    places = [page.index(f"{titre}</a></h2>") for titre in titres]
    assert places == sorted(places)


@pytest.mark.parametrize("qui", ["partenaire", "agent"])
def test_team_space_is_closed_to_others(client, partenaire, qui):
    client.force_login(partenaire if qui == "partenaire" else CompteFactory(agent=True))

    assert client.get("/equipe/").status_code == 403


def test_team_space_sends_a_citizen_to_the_login_of_agents(client, db):
    client.force_login(CompteFactory())

    assert client.get("/equipe/")["Location"].startswith("/agent/connexion/")


def test_team_space_asks_a_stranger_to_log_in(client, db):
    reponse = client.get("/equipe/")

    assert reponse.status_code == 302
    assert "connexion" in reponse["Location"]
