"""Membres du programme commun : nommés par l’opérateur ou par une commande, et retirés."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from socle.fondations.commun.locataire import operateur
from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.fondations.comptes.permissions import list_roles_programme
from socle.fondations.journal.models import Entree
from tests.factories import AdhesionFactory, CompteFactory

pytestmark = pytest.mark.django_db
PAGE = "/operateur/programme/"


@pytest.fixture
def visite(client, operatrice):
    client.force_login(operatrice)
    return client


@pytest.fixture
def agent():
    return CompteFactory(agent=True, courriel="claire@exemple.fr", prenom="Claire", nom="Delmas")


def list_actions(compte) -> list[str]:
    with operateur():  # le journal de l’installation
        lignes = Entree.objects.filter(objet=f"compte:{compte.pk}").order_by("survenu_le", "pk")
        return list(lignes.values_list("action", flat=True))


def test_operator_names_a_member_once(visite, agent):
    for _ in range(2):
        reponse = visite.post(PAGE, {"courriel": "Claire@exemple.fr", "role": "equipe"})
        assert reponse.headers["Location"] == PAGE

    assert list_roles_programme(agent) == {"equipe"}
    assert list_actions(agent) == ["programme.membre_ajoute"]
    assert "Claire Delmas" in visite.get(PAGE).text


def test_operator_removes_a_member(visite, agent):
    membre = MembreProgramme.objects.create(compte=agent, role=RoleProgramme.EDITEUR)

    visite.post(PAGE, {"retirer": str(membre.pk)})

    assert not MembreProgramme.objects.exists()
    assert list_actions(agent) == ["programme.membre_retire"]


@pytest.mark.parametrize("cle", ["", "x", "-1", "9" * 40, "²"])
def test_hostile_removal_finds_nobody(visite, cle):
    assert visite.post(PAGE, {"retirer": cle}).status_code == 404


def test_unknown_mail_is_refused_with_words(visite):
    texte = visite.post(PAGE, {"courriel": "nul@exemple.fr", "role": "equipe"}).text

    assert "Aucun compte d’agent n’a ce courriel." in texte
    assert not MembreProgramme.objects.exists()


def test_mail_of_a_citizen_names_nobody(visite):
    CompteFactory(courriel="usager@exemple.fr")

    visite.post(PAGE, {"courriel": "usager@exemple.fr", "role": "equipe"})

    assert not MembreProgramme.objects.exists()


def test_command_names_a_member(agent):
    sortie = StringIO()

    call_command("agent", "programme", "--courriel", agent.courriel, stdout=sortie)

    assert "Équipe du programme" in sortie.getvalue()
    assert list_roles_programme(agent) == {"equipe"}
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("agent", "programme", "--courriel", "absent@exemple.fr")


@pytest.mark.parametrize(("role", "montre"), [("equipe", True), ("partenaire", False)])
def test_page_of_agents_leads_to_the_team_space(client, agent, role, montre):
    MembreProgramme.objects.create(compte=agent, role=role)
    client.force_login(agent)

    assert ('href="/equipe/"' in client.get("/agent/").text) is montre


def test_agent_of_one_authority_still_goes_straight_there(client, collectivite):
    client.force_login(AdhesionFactory(collectivite=collectivite).compte)

    assert client.get("/agent/").headers["Location"] == "/c/clamart/agent/"
