"""Décider et reprendre par les pages : rien de choisi d’avance, et ce qui part est dit juste."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from socle.fondations.comptes.enums import Role
from socle.metiers.dossiers.enums import Canal, EtatDossier, Fait, Lettre, Moyen, Transition
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import courrier, depot, instruction
from socle.metiers.dossiers.tasks import emettre_decision
from tests.factories import AdhesionFactory
from tests.metiers.conftest import MAINTENANT
from tests.metiers.dossiers.test_guichet import start

FICHE = "/c/clamart/agent/dossiers/{}/"
POSTE = "à imprimer et à envoyer par la poste"


def read(client, adresse: str) -> str:
    return " ".join(BeautifulSoup(client.get(adresse).text, "lxml").main.get_text(" ").split())


def move(dossier: Dossier, agent, *transitions: Transition) -> Dossier:
    for transition in transitions:
        instruction.apply_transition(
            dossier=dossier, transition=transition, agent=agent, motif="Pièce lue",
            maintenant=MAINTENANT,
        )  # fmt: skip
    return dossier


def decide(dossier: Dossier, agent) -> Dossier:
    move(dossier, agent, Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER)
    emettre_decision(collectivite_id=dossier.collectivite_id, numero=dossier.numero)
    dossier.refresh_from_db()
    return dossier


@pytest.fixture
def de_raymond(demarche, agent) -> Dossier:
    """Demande du guichet, sans compte ni adresse."""
    dossier = start(demarche, agent, Canal.GUICHET)
    return depot.file_dossier(
        numero=dossier.numero, acces=Acces(compte=agent), maintenant=MAINTENANT
    )


def test_nothing_is_chosen_for_the_agent(client, depose, agent):
    move(depose, agent, Transition.PASSER_EN_INSTRUCTION)
    client.force_login(agent)
    fiche = BeautifulSoup(client.get(FICHE.format(depose.numero)).text, "lxml")
    choix = fiche.find_all("input", {"name": "transition", "type": "radio"})
    assert len(choix) == 3
    assert not [radio for radio in choix if radio.has_attr("checked") or "required" in radio.attrs]

    refus = client.post(FICHE.format(depose.numero) + "decider/", {"motif": "Tout est en ordre."})

    assert refus.status_code == 422
    assert "Choisissez une décision." in refus.text
    assert "Tout est en ordre.</textarea>" in refus.text
    depose.refresh_from_db()
    assert depose.etat == EtatDossier.EN_INSTRUCTION


@pytest.mark.parametrize("courriel", ["", "raymond@exemple.fr"])
def test_case_of_the_counter_goes_by_post(client, de_raymond, agent, courriel):
    Dossier.objects.filter(pk=de_raymond.pk).update(courriel=courriel)
    move(de_raymond, agent, Transition.PASSER_EN_INSTRUCTION)
    client.force_login(agent)
    decider = FICHE.format(de_raymond.numero) + "decider/"

    relecture = client.post(decider, {"transition": "accepter"}).text
    fait = client.post(decider, {"transition": "accepter", "confirmer": "oui"}, follow=True).text

    assert POSTE in relecture
    assert ("Un courriel lui dira" in relecture) is bool(courriel)
    assert POSTE in fait
    for faux in ("part au portail", "va être prévenu", "il est prévenu"):
        assert faux not in relecture + fait


@pytest.mark.parametrize("accord", [True, False])
def test_person_of_the_portal_is_told_there(client, depose, agent, accord):
    Dossier.objects.filter(pk=depose.pk).update(accord_portail=accord)
    move(depose, agent, Transition.PASSER_EN_INSTRUCTION)
    client.force_login(agent)
    decider = FICHE.format(depose.numero) + "decider/"

    relecture = client.post(decider, {"transition": "accepter"}).text
    fait = client.post(decider, {"transition": "accepter", "confirmer": "oui"}, follow=True).text

    assert "part au portail" in relecture
    assert (POSTE in relecture) is not accord
    assert "L’usager va être prévenu." in fait
    assert ("envoyez-la par la poste" in fait) is not accord


def test_page_says_when_an_unread_decision_is_deemed_notified(client, depose, agent):
    Dossier.objects.filter(pk=depose.pk).update(accord_portail=True)
    decide(depose, agent)
    client.force_login(agent)

    texte = read(client, FICHE.format(depose.numero))

    assert "Elle est notifiée le jour où la personne l’ouvre." in texte
    assert "ce même jour, au bout" not in texte


def test_reopening_says_what_was_sent_and_asks_why(client, depose, agent):
    """Par la page, sans JavaScript : la lettre partie est dite, la raison est due."""
    decide(depose, agent)
    courrier.record_envoi(
        dossier=depose, agent=agent, lettre=Lettre.DECISION, moyen=Moyen.RECOMMANDE,
        date_envoi=MAINTENANT.date(), numero="", maintenant=MAINTENANT + timedelta(hours=1),
    )  # fmt: skip
    client.force_login(agent)
    fiche = FICHE.format(depose.numero)
    soupe = BeautifulSoup(client.get(fiche).text, "lxml")
    [lien] = soupe.find_all("a", string="Repasser en instruction")

    texte = read(client, lien["href"])
    refus = client.post(lien["href"], {"motif": " "})
    depose.refresh_from_db()

    assert "Recommandé avec avis de réception, le 21 novembre 2026" in texte
    assert "la personne en a été prévenue" in texte
    assert "Elle ne l’a pas encore ouverte" in texte
    assert "Prévenez la personne" in texte
    assert "Une lettre est déjà partie" in texte
    assert (refus.status_code, depose.etat) == (422, EtatDossier.ACCEPTE)
    fait = client.post(lien["href"], {"motif": "Pièce oubliée"}, follow=True)
    assert "de nouveau en instruction" in fait.text
    assert "Repassé en instruction" in fait.text
    assert ": Pièce oubliée" in fait.text
    assert depose.evenements.get(fait=Fait.REPASSE_EN_INSTRUCTION).detail == "Pièce oubliée"


def test_reopening_a_case_of_the_counter_promises_no_message(client, de_raymond, agent):
    decide(de_raymond, agent)
    client.force_login(agent)

    texte = read(client, FICHE.format(de_raymond.numero) + "rouvrir/")

    assert "Aucun envoi par la poste n’est noté." in texte
    assert "Appelez-la ou écrivez-lui" in texte
    assert "dans le portail" not in texte


def test_young_acceptance_says_until_when_it_can_be_withdrawn(client, depose, agent):
    decide(depose, agent)
    client.force_login(agent)

    texte = read(client, FICHE.format(depose.numero) + "rouvrir/")

    assert "jusqu’au dimanche 21 mars 2027" in texte
    assert "seulement si elle est illégale" in texte
    assert "Ce qui permet encore" not in texte


def test_old_acceptance_needs_an_exception(client, depose, agent):
    decide(depose, agent)
    Dossier.objects.filter(pk=depose.pk).update(decide_le=datetime(2026, 7, 20, 12, tzinfo=UTC))
    client.force_login(agent)
    page = FICHE.format(depose.numero) + "rouvrir/"
    texte = read(client, page)
    assert "Le délai de retrait a fini le 20 novembre 2026" in texte
    assert "(CRPA, art. L. 242-1)" in texte

    assert client.post(page, {"motif": "Erreur"}).status_code == 422
    assert client.post(page, {"motif": "Erreur", "fondement": "autre"}).status_code == 422
    depose.refresh_from_db()
    assert depose.etat == EtatDossier.ACCEPTE
    assert client.post(page, {"motif": "Faux bail", "fondement": "fraude"}).status_code == 302

    raison = depose.evenements.get(fait=Fait.REPASSE_EN_INSTRUCTION).detail
    assert raison == "Fraude (CRPA, art. L. 241-2)\xa0: Faux bail"


def test_refusal_creates_no_right_and_is_always_reopened(client, depose, agent):
    for transition in (Transition.PASSER_EN_INSTRUCTION, Transition.REFUSER):
        instruction.apply_transition(
            dossier=depose, transition=transition, agent=agent, motif="Vide",
            maintenant=datetime(2024, 1, 2, tzinfo=UTC),
        )  # fmt: skip
    client.force_login(agent)
    page = FICHE.format(depose.numero) + "rouvrir/"

    assert "illégale" not in read(client, page)
    assert client.post(page, {"motif": "Erreur"}).status_code == 302


def test_open_case_has_nothing_to_reopen(client, depose, agent):
    client.force_login(agent)
    fiche = FICHE.format(depose.numero)

    for reponse in (
        client.get(f"{fiche}rouvrir/"),
        client.post(f"{fiche}rouvrir/", {"motif": "x"}),
    ):
        assert reponse["Location"] == fiche
    ancienne = client.post(f"{fiche}avancer/", {"transition": "repasser_en_instruction"})
    assert ancienne.status_code == 404


@pytest.mark.parametrize("role", list(Role)[:5])
def test_only_who_may_enter_a_demand_is_offered_to(client, collectivite, demarche, role):
    compte = AdhesionFactory(collectivite=collectivite, role=role).compte
    client.force_login(compte)

    liste = client.get("/c/clamart/agent/dossiers/").text

    permis = client.get("/c/clamart/agent/guichet/").status_code == 200
    assert ("Saisir une demande" in liste) is permis is (role in (Role.INSTRUCTEUR, Role.VALIDEUR))
    assert "Déposer pour quelqu’un" not in liste


def test_nobody_gives_a_case_to_himself(client, depose, agent, collectivite):
    collegue = AdhesionFactory(collectivite=collectivite, role=Role.VALIDEUR).compte
    client.force_login(agent)

    page = BeautifulSoup(client.get(FICHE.format(depose.numero) + "confier/").text, "lxml")

    choix = [o["value"] for o in page.select("select[name=suivi_par] option")]
    assert choix == ["", str(collegue.pk)]
