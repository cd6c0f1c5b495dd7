"""Qui suit un dossier : s’en charger, le laisser, le confier ; deux agents à la fois."""

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.enums import EtatEnvoi
from socle.fondations.notifications.models import Envoi, Preference
from socle.fondations.notifications.queries import list_messages
from socle.metiers.dossiers.enums import Fait, Transition
from socle.metiers.dossiers.errors import DossierDejaPris, DossierFerme
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.queries.agents import find_decideur, list_instructeurs
from socle.metiers.dossiers.services import instruction
from socle.metiers.dossiers.services.affectation import assign_dossier
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory
from tests.metiers.conftest import MAINTENANT

FICHE = "/c/clamart/agent/dossiers/{}/"


@pytest.fixture
def collegue(collectivite):
    compte = CompteFactory(agent=True, prenom="Lucie", nom="Garance")
    AdhesionFactory(collectivite=collectivite, role=Role.VALIDEUR, compte=compte)
    return compte


def assign(dossier, agent, cible, vu=None) -> Dossier:
    return assign_dossier(
        dossier=dossier, agent=agent, suivi_par=cible, attendu_id=vu, maintenant=MAINTENANT
    )


def list_faits(dossier) -> list[str]:
    evenements = dossier.evenements.filter(fait__in=(Fait.CONFIE, Fait.LAISSE)).order_by("pk")
    return list(evenements.values_list("fait", flat=True))


def test_agent_takes_then_lets_go(depose, agent):
    assert assign(depose, agent, agent).suivi_par == agent
    assert assign(depose, agent, None, vu=agent.pk).suivi_par is None
    assert list_faits(depose) == [Fait.CONFIE, Fait.LAISSE]
    assert not Envoi.objects.filter(code="dossier_confie").exists()


def test_colleague_is_told_in_the_portal_and_by_mail(depose, agent, collegue):
    assign(depose, agent, collegue)

    envoi = Envoi.objects.get(code="dossier_confie")
    assert (envoi.destinataire, envoi.etat) == (collegue.courriel, EtatEnvoi.A_ENVOYER)
    assert "Ada Fournel" in envoi.corps
    assert f"/agent/dossiers/{depose.numero}/" in envoi.corps
    with locataire(depose.collectivite_id, personne_id=collegue.pk):
        [message], _ = list_messages(collegue)
    assert message.code == "dossier_confie"


def test_colleague_who_wants_no_mail_reads_it_in_the_portal_only(depose, agent, collegue):
    with locataire(depose.collectivite_id, personne_id=collegue.pk):
        Preference.objects.create(personne=collegue, code="dossier_confie", courriel=False)
    assign(depose, agent, collegue)
    assert Envoi.objects.get(code="dossier_confie").etat == EtatEnvoi.REFUSE


def test_second_agent_learns_who_took_it(depose, agent, collegue):
    assign(depose, collegue, collegue)
    with pytest.raises(DossierDejaPris, match="Lucie Garance vient de prendre"):
        assign(depose, agent, agent, vu=None)
    depose.refresh_from_db()
    assert depose.suivi_par == collegue


def test_assigning_twice_writes_once(depose, agent, collegue):
    assign(depose, agent, collegue)
    assign(depose, agent, collegue)
    assert list_faits(depose) == [Fait.CONFIE]
    assert Envoi.objects.filter(code="dossier_confie").count() == 1
    [entree] = Entree.objects.filter(objet=depose.objet, action="dossier.confie")
    assert entree.donnees == {"suivi_par": collegue.acteur}


def test_administrator_shares_out_the_work(depose, administrateur, collegue):
    assert assign(depose, administrateur, collegue).suivi_par == collegue
    with pytest.raises(ErreurMetier):  # mais n’instruit pas
        assign(depose, administrateur, administrateur, vu=collegue.pk)


@pytest.mark.parametrize("role", [Role.DPO, Role.ARCHIVISTE])
def test_reader_neither_gives_nor_receives(depose, collectivite, agent, role):
    lecteur = AdhesionFactory(collectivite=collectivite, role=role).compte
    with pytest.raises(AccesRefuse):
        assign(depose, lecteur, agent)
    with pytest.raises(ErreurMetier):
        assign(depose, agent, lecteur)


def test_agent_of_another_authority_neither_gives_nor_receives(depose, agent):
    autre = CollectiviteFactory()
    with locataire(autre.pk):
        etranger = AdhesionFactory(collectivite=autre, role=Role.INSTRUCTEUR).compte
    with pytest.raises(AccesRefuse):
        assign(depose, etranger, agent)
    with pytest.raises(ErreurMetier):
        assign(depose, agent, etranger)
    assert etranger not in list_instructeurs(depose.collectivite, [depose.demarche.service_id])


def test_closed_account_receives_nothing(depose, agent, collegue):
    collegue.is_active = False
    collegue.save()
    with pytest.raises(ErreurMetier):
        assign(depose, agent, collegue)
    assert collegue not in list_instructeurs(depose.collectivite, [depose.demarche.service_id])


def test_finished_case_changes_hands_no_more(depose, agent, collegue):
    for transition in (Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER):
        instruction.apply_transition(
            dossier=depose, transition=transition, agent=agent, maintenant=MAINTENANT
        )
    with pytest.raises(DossierFerme):
        assign(depose, agent, collegue, vu=agent.pk)


def test_decision_is_signed_by_who_took_it_not_by_who_follows(depose, agent, collegue):
    """CRPA, art. L. 212-1 : l’auteur de la décision."""
    assign(depose, agent, collegue)
    for transition in (Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER):
        instruction.apply_transition(
            dossier=depose, transition=transition, agent=agent, maintenant=MAINTENANT
        )
    decide = Dossier.objects.get(pk=depose.pk)
    assert (decide.suivi_par, find_decideur(decide)) == (collegue, agent)


def test_page_takes_and_refuses_the_second(client, depose, agent, collegue):
    client.force_login(agent)
    suivre = FICHE.format(depose.numero) + "suivre/"
    assert "Je m’en occupe" in client.get(FICHE.format(depose.numero)).text
    client.post(suivre, {"vu": ""})
    assert "Vous suivez ce dossier" in client.get(FICHE.format(depose.numero)).text

    client.force_login(collegue)
    page = client.post(suivre, {"vu": ""}, follow=True).text
    assert "Ada Fournel vient de prendre ce dossier" in page


def test_page_gives_to_a_colleague_and_shows_a_race(client, depose, agent, collegue):
    client.force_login(agent)
    confier = FICHE.format(depose.numero) + "confier/"
    assert "Lucie Garance" in client.get(confier).text
    assign(depose, agent, agent)

    page = client.post(confier, {"vu": "", "suivi_par": collegue.pk})
    assert page.status_code == 422
    assert "Ada Fournel vient de prendre" in page.text
    assert client.post(confier, {"vu": agent.pk, "suivi_par": collegue.pk}).status_code == 302
    depose.refresh_from_db()
    assert depose.suivi_par == collegue


@pytest.mark.parametrize(("genre", "porte"), [("agent", "agent"), ("usager", "espace")])
def test_mail_of_agents_is_a_choice_of_agents_only(client, collegue, usager, genre, porte):
    client.force_login(collegue if genre == "agent" else usager)
    page = client.get(f"/c/clamart/{porte}/messages/preferences/").text
    assert ('value="dossier_confie"' in page) is (genre == "agent")
    assert ('value="dossier_message"' in page) is (genre == "usager")


def test_colleague_reads_the_message_in_the_agents_space(client, depose, agent, collegue):
    assign(depose, agent, collegue)
    client.force_login(collegue)
    liste = "/c/clamart/agent/messages/"
    soupe = BeautifulSoup(client.get(liste).text, "html.parser")
    lien = soupe.select_one("main .actes a")["href"]
    assert lien.startswith(liste)
    message = client.get(lien).text
    assert f"/agent/dossiers/{depose.numero}/" in message
    assert "Non lu" not in client.get(liste).text
    assert client.post(f"{liste}lus/")["Location"] == liste
    choix = client.post(f"{liste}preferences/", {"voulus": []})
    assert choix["Location"] == f"{liste}preferences/"
