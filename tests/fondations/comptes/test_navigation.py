"""La navigation des agents montre ce que leurs rôles ouvrent, ni plus ni moins."""

import pytest
from bs4 import BeautifulSoup

from socle.fondations.comptes.adapters.navigation import PARTIES
from socle.fondations.comptes.enums import Role
from tests.factories import AdhesionFactory, CompteFactory

pytestmark = pytest.mark.django_db
ROLES = [role for role in Role if role != Role.OPERATEUR]
RACINE = "/c/clamart/"


def read_liens(page: str, endroit: str) -> list[str]:
    """Rend les adresses de la navigation de l’en-tête ou du pied."""
    return [a["href"] for a in BeautifulSoup(page, "html.parser").select(f"{endroit} nav ul a")]


@pytest.mark.parametrize("role", ROLES)
def test_navigation_shows_what_this_role_opens(client, collectivite, role):
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)
    ouvertes = [
        f"{RACINE}{chemin}" for chemin in PARTIES if client.get(RACINE + chemin).status_code == 200
    ]

    page = client.get(f"{RACINE}agent/compte/").text

    assert read_liens(page, "header") == ouvertes
    assert set(ouvertes) <= set(read_liens(page, "footer"))
    assert f"{RACINE}agent/dossiers/" in ouvertes


@pytest.mark.parametrize("role", [Role.INSTRUCTEUR, Role.ADMINISTRATEUR])
def test_navigation_stays_on_the_pages_of_refusal(client, collectivite, role):
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)

    for adresse in ("agent/dossiers/424242/", "agent/archives/"):
        reponse = client.get(RACINE + adresse)
        if reponse.status_code in (403, 404):
            assert f"{RACINE}agent/archives/" not in read_liens(reponse.text, "header")


def test_navigation_of_two_roles_is_the_union(client, collectivite):
    compte = CompteFactory(agent=True)
    for role in (Role.INSTRUCTEUR, Role.ARCHIVISTE):
        AdhesionFactory(collectivite=collectivite, compte=compte, role=role)
    client.force_login(compte)

    liens = read_liens(client.get(f"{RACINE}agent/dossiers/").text, "header")

    assert f"{RACINE}agent/archives/" in liens


@pytest.mark.parametrize("connecte", [False, True])
def test_agent_without_role_here_sees_no_door_to_push(client, collectivite, connecte):
    if connecte:
        client.force_login(CompteFactory(agent=True))

    adresse = "agent/compte/" if connecte else "agent/connexion/"
    liens = read_liens(client.get(RACINE + adresse).text, "header")

    assert liens == [RACINE]  # le portail des usagers
