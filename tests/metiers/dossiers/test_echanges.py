"""S’écrire dans un dossier, et retirer une demande de correction : ce que chacun voit et reçoit."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.models import Dossier, Message
from socle.metiers.dossiers.services import correction, echanges
from tests.conftest import ClientStrict
from tests.metiers.conftest import MAINTENANT


@pytest.fixture
def chez_agent(client, depose, agent):
    client.force_login(agent)
    return f"/c/clamart/agent/dossiers/{depose.numero}/"


@pytest.fixture
def chez_usager(client, depose, usager):
    client.force_login(usager)
    return f"/c/clamart/dossiers/{depose.numero}/"


def read_messages(reponse) -> list[str]:
    page = BeautifulSoup(reponse.text, "html.parser")
    return [m.get_text(" ", strip=True) for m in page.select("#messages .message")]


def list_actions(dossier: Dossier) -> list[str]:
    entrees = Entree.objects.filter(objet=dossier.objet).order_by("survenu_le", "id")
    return list(entrees.values_list("action", flat=True))


def test_agent_writes_and_the_citizen_is_told(client, chez_agent, depose, usager):
    texte = "Bonjour <b>Yanis</b>.\n\nÀ bientôt."
    reponse = client.post(f"{chez_agent}ecrire/", {"corps": f"  {texte} "})

    assert reponse.url == chez_agent
    message = Message.objects.get()
    assert (message.par_agent, message.corps.replace("\r", "")) == (True, texte)
    envoi = Envoi.objects.get(objet=depose.objet, code="dossier_message")
    assert envoi.destinataire == usager.courriel
    assert "dossier.message" in list_actions(depose)
    assert "Yanis" not in str(Entree.objects.filter(action="dossier.message").values("donnees"))
    autre = ClientStrict()
    autre.force_login(usager)
    [lu] = read_messages(autre.get(f"/c/clamart/dossiers/{depose.numero}/"))
    assert "Bonjour <b>Yanis</b>." in lu


def test_citizen_writes_and_the_agent_sees_it_first(client, chez_usager, depose, agent):
    assert client.post(f"{chez_usager}ecrire/", {"corps": "Et la garderie ?"}).url == chez_usager

    depose.refresh_from_db()
    assert depose.message_non_lu
    assert not Envoi.objects.filter(objet=depose.objet, code="dossier_message").exists()
    collegue = ClientStrict()
    collegue.force_login(agent)
    assert "Répondre à l’usager" in collegue.get("/c/clamart/agent/dossiers/?file=tous").text
    adresse = f"/c/clamart/agent/dossiers/{depose.numero}/"
    [lu] = read_messages(collegue.get(adresse))
    assert "Et la garderie ?" in lu
    depose.refresh_from_db()
    assert not depose.message_non_lu


@pytest.mark.parametrize("corps", ["", "   \n "])
@pytest.mark.parametrize("cote", ["chez_agent", "chez_usager"])
def test_empty_message_goes_nowhere(client, request, cote, corps):
    adresse = request.getfixturevalue(cote)
    assert client.post(f"{adresse}ecrire/", {"corps": corps}).status_code == 422
    assert not Message.objects.exists()


def test_button_pressed_twice_sends_one_message(chez_agent, depose, agent):
    def send(corps: str, apres: float = 0) -> Message:
        return echanges.send_message(
            dossier=depose, auteur=agent, corps=corps,
            maintenant=MAINTENANT + timedelta(seconds=apres),
        )  # fmt: skip

    premier = send("Bonjour")
    assert send("Bonjour ", apres=2) == premier
    assert Envoi.objects.filter(code="dossier_message").count() == 1
    assert send("Au revoir", apres=3) != premier
    assert send("Bonjour", apres=61) != premier  # une minute après, c’est voulu


def test_nobody_writes_in_a_draft(client, brouillon, usager):
    client.force_login(usager)
    adresse = f"/c/clamart/dossiers/{brouillon.numero}/ecrire/"
    assert client.post(adresse, {"corps": "Bonjour"}).status_code == 404


def test_correction_is_withdrawn_by_the_agent(client, chez_agent, depose, agent, usager):
    echeance = depose.echeance
    correction.request_correction(
        dossier=depose, agent=agent, texte="Votre revenu ?", maintenant=MAINTENANT
    )
    autre = ClientStrict()
    autre.force_login(usager)
    suivi = f"/c/clamart/dossiers/{depose.numero}/"
    assert "Une correction vous est demandée." in autre.get(suivi).text

    reponse = client.post(f"{chez_agent}correction/annuler/")

    assert reponse.url == chez_agent
    dossier = Dossier.objects.get(pk=depose.pk)
    assert (dossier.attend_correction, dossier.etat) == (False, EtatDossier.EN_CONSTRUCTION)
    assert abs(dossier.echeance - echeance) <= timedelta(days=1)
    assert list_actions(depose).count("dossier.correction_annulee") == 1
    assert "Une correction vous est demandée." not in autre.get(suivi).text
    assert Message.objects.filter(correction=True).exists()  # ce qui a été dit reste


def test_correction_is_withdrawn_once(client, chez_agent, depose, agent):
    correction.request_correction(
        dossier=depose, agent=agent, texte="Votre revenu ?", maintenant=MAINTENANT
    )
    client.post(f"{chez_agent}correction/annuler/")
    page = client.post(f"{chez_agent}correction/annuler/", follow=True)
    assert list_actions(depose).count("dossier.correction_annulee") == 1
    assert page.status_code == 200
