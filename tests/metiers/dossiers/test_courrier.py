"""Décision par la poste : envoi noté, réception notée, délai de recours compté de ce jour."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from socle.fondations.commun.errors import AccesRefuse
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from socle.metiers.dossiers.enums import Fait, Lettre, Moyen, SuiteDuPli, Transition
from socle.metiers.dossiers.errors import CourrierRefuse
from socle.metiers.dossiers.exports.archive import describe_pour_archive
from socle.metiers.dossiers.models import Dossier, EnvoiPostal
from socle.metiers.dossiers.queries.courrier import describe_notification, list_courriers
from socle.metiers.dossiers.queries.dossier import list_evenements
from socle.metiers.dossiers.services import courrier, instruction
from socle.metiers.dossiers.tasks import emettre_accuse, emettre_decision
from socle.normes.delais.calculs import to_jour
from tests.factories import AdhesionFactory, CollectiviteFactory
from tests.metiers.conftest import MAINTENANT

DECIDE, ENVOI, AVIS = date(2026, 11, 21), date(2026, 11, 23), date(2026, 11, 26)
PLUS_TARD = MAINTENANT + timedelta(days=30)
NUMERO = "1A 123 456 7890 1"


@pytest.fixture
def decide(depose, agent) -> Dossier:
    for transition in (Transition.PASSER_EN_INSTRUCTION, Transition.REFUSER):
        instruction.apply_transition(
            dossier=depose, transition=transition, agent=agent, motif="Hors secteur",
            maintenant=MAINTENANT,
        )  # fmt: skip
    emettre_decision(collectivite_id=depose.collectivite_id, numero=depose.numero)
    return Dossier.objects.get(pk=depose.pk)


def send(dossier, agent, *, jour=ENVOI, moyen=Moyen.RECOMMANDE, numero=NUMERO, **autres):
    return courrier.record_envoi(
        dossier=dossier, agent=agent, moyen=moyen, date_envoi=jour, numero=numero,
        **{"lettre": Lettre.DECISION, "maintenant": PLUS_TARD} | autres,
    )  # fmt: skip


def follow(envoi, agent, suite=SuiteDuPli.RECU, jour=AVIS):
    return courrier.record_suite(
        envoi=envoi, agent=agent, suite=suite, date_suite=jour, maintenant=PLUS_TARD
    )


def read_notification(dossier):
    return describe_notification(dossier, list_courriers(dossier), PLUS_TARD.date())


def count_actions(dossier) -> dict[str, int]:
    lignes = Entree.objects.filter(objet=dossier.objet, action__contains="courrier")
    return dict(Counter(lignes.order_by("pk").values_list("action", flat=True)))


def test_reception_starts_the_appeal_period(decide, agent):
    envoi = send(decide, agent)
    assert read_notification(decide).jour is None

    follow(envoi, agent)

    notification = read_notification(decide)
    assert notification.jour == AVIS
    assert notification.recours.date == date(2027, 1, 27)  # deux mois francs
    assert "R. 421-1" in notification.recours.article


@pytest.mark.parametrize(
    ("suite", "attendu"), [(SuiteDuPli.NON_RECLAME, AVIS), (SuiteDuPli.REVENU, None)]
)
def test_returned_letter_notifies_only_when_unclaimed(decide, agent, suite, attendu):
    follow(send(decide, agent), agent, suite)
    assert read_notification(decide).jour == attendu


def test_hand_delivery_notifies_and_a_simple_letter_does_not(decide, agent):
    send(decide, agent, moyen=Moyen.SIMPLE)
    assert read_notification(decide).jour is None
    send(decide, agent, moyen=Moyen.MAIN_PROPRE, jour=AVIS)
    assert read_notification(decide).jour == AVIS


@pytest.mark.parametrize("jour", [DECIDE - timedelta(days=1), PLUS_TARD.date() + timedelta(days=1)])
def test_sending_is_neither_before_the_decision_nor_in_the_future(decide, agent, jour):
    with pytest.raises(CourrierRefuse):
        send(decide, agent, jour=jour)
    assert not EnvoiPostal.objects.exists()


@pytest.mark.parametrize("jour", [ENVOI - timedelta(days=1), PLUS_TARD.date() + timedelta(days=1)])
def test_reception_is_neither_before_the_sending_nor_in_the_future(decide, agent, jour):
    envoi = send(decide, agent)
    with pytest.raises(CourrierRefuse):
        follow(envoi, agent, jour=jour)


@pytest.mark.parametrize("numero", ["12", "1A 123 456 78é0 1", "A" * 21])
def test_unreadable_number_is_refused(decide, agent, numero):
    with pytest.raises(CourrierRefuse):
        send(decide, agent, numero=numero)


def test_same_gestures_twice_leave_one_trace(decide, agent):
    premier = send(decide, agent)
    assert send(decide, agent).pk == premier.pk
    follow(premier, agent)
    follow(premier, agent)
    assert count_actions(decide) == {"dossier.courrier_envoye": 1, "dossier.courrier_remis": 1}
    with pytest.raises(CourrierRefuse):
        follow(premier, agent, SuiteDuPli.REVENU)


def test_second_registered_letter_waits_for_the_first(decide, agent):
    premier = send(decide, agent)
    with pytest.raises(CourrierRefuse):
        send(decide, agent, jour=AVIS)
    follow(premier, agent, SuiteDuPli.REVENU)
    follow(send(decide, agent, jour=AVIS), agent, jour=AVIS + timedelta(days=2))
    assert read_notification(decide).jour == AVIS + timedelta(days=2)


def test_mistake_is_set_aside_and_stays_in_the_thread(decide, agent):
    envoi = follow(send(decide, agent), agent)
    courrier.cancel_envoi(envoi=envoi, agent=agent, maintenant=PLUS_TARD)
    courrier.cancel_envoi(envoi=envoi, agent=agent, maintenant=PLUS_TARD)
    assert read_notification(decide).jour is None
    faits = [e.fait for e in list_evenements(decide)]
    assert faits[-3:] == [Fait.COURRIER_ENVOYE, Fait.COURRIER_REMIS, Fait.COURRIER_EFFACE]


def test_journal_commits_to_the_number_without_telling_it(decide, agent):
    send(decide, agent)
    entree = Entree.objects.get(objet=decide.objet, action="dossier.courrier_envoye")
    assert "1A1234567890" not in str(entree.donnees) + str(entree.engagements)
    assert [nom.partition(":")[0] for nom in entree.engagements] == ["recommande"]


def test_archive_keeps_the_sending_without_a_name(decide, agent):
    follow(send(decide, agent), agent)
    evenements = describe_pour_archive(decide.numero)["evenements"]
    assert [(code, libelle) for _, code, libelle, _ in evenements][-2:] == [
        ("courrier_envoye", "Courrier envoyé par la poste"),
        ("courrier_remis", "Courrier remis à la personne"),
    ]


def test_new_decision_forgets_the_old_letter(decide, agent):
    follow(send(decide, agent), agent)
    for transition in (Transition.REPASSER_EN_INSTRUCTION, Transition.ACCEPTER):
        instruction.apply_transition(
            dossier=decide, transition=transition, agent=agent, motif="Erreur",
            maintenant=PLUS_TARD,
        )  # fmt: skip
    emettre_decision(collectivite_id=decide.collectivite_id, numero=decide.numero)
    neuf = Dossier.objects.get(pk=decide.pk)
    assert read_notification(neuf).jour is None


def test_portal_accord_needs_no_letter(decide, agent):
    Dossier.objects.filter(pk=decide.pk).update(accord_portail=True)
    with pytest.raises(CourrierRefuse):
        send(decide, agent)


def test_receipt_handed_at_the_counter_is_noted(depose, agent):
    emettre_accuse(collectivite_id=depose.collectivite_id, numero=depose.numero)
    with pytest.raises(CourrierRefuse):  # la personne a un courriel : l’accusé y est parti
        send(depose, agent, lettre=Lettre.ACCUSE, jour=DECIDE, moyen=Moyen.MAIN_PROPRE)

    Dossier.objects.filter(pk=depose.pk).update(usager=None, courriel="")
    send(depose, agent, lettre=Lettre.ACCUSE, jour=DECIDE, moyen=Moyen.MAIN_PROPRE)

    dernier = list(list_evenements(depose))[-1]
    assert (dernier.fait, dernier.detail[:30]) == (
        Fait.COURRIER_REMIS, "Accusé de réception, en main p",
    )  # fmt: skip


@pytest.mark.parametrize("role", [Role.ADMINISTRATEUR, Role.DPO, Role.ARCHIVISTE])
def test_readers_note_nothing(decide, collectivite, role):
    lecteur = AdhesionFactory(collectivite=collectivite, role=role).compte
    with pytest.raises(AccesRefuse):
        send(decide, lecteur)


def test_another_authority_sees_no_letter(decide, agent):
    send(decide, agent)
    autre = CollectiviteFactory()
    with locataire(autre.pk):
        etranger = AdhesionFactory(collectivite=autre, role=Role.INSTRUCTEUR).compte
        assert not EnvoiPostal.objects.exists()
    with pytest.raises(AccesRefuse):
        send(decide, etranger)


PAGE = "/c/clamart/agent/dossiers/{}/courrier/"


def test_page_notes_sending_then_reception_then_a_mistake(client, decide, agent):
    client.force_login(agent)
    page, aujourdhui = PAGE.format(decide.numero), to_jour(timezone.now())
    envoi = {"geste": "envoi:decision", "moyen": "recommande", "date_envoi": aujourdhui}
    assert client.post(page, envoi).status_code == 302
    [note] = list_courriers(decide)
    assert "Ce que La Poste a rendu" in client.get(page).text

    suite = {"geste": f"suite:{note.pk}", "suite": "recu", "date_suite": aujourdhui}
    assert client.post(page, suite).status_code == 302
    assert read_notification(decide).jour == aujourdhui

    client.post(page, {"geste": f"effacer:{note.pk}"})
    assert list_courriers(decide) == []


def test_wrong_date_keeps_what_was_typed(client, decide, agent):
    client.force_login(agent)
    envoi = {"geste": "envoi:decision", "moyen": "recommande", "date_envoi": "2020-01-02",
             "numero": NUMERO}  # fmt: skip
    reponse = client.post(PAGE.format(decide.numero), envoi)

    assert reponse.status_code == 422
    for garde in ('value="2020-01-02"', f'value="{NUMERO}"', "trop ancienne"):
        assert garde in reponse.text


def test_citizen_and_agent_read_the_same_dates(client, decide, agent, usager):
    suivi = f"/c/clamart/dossiers/{decide.numero}/"
    fiche = f"/c/clamart/agent/dossiers/{decide.numero}/"
    envoi = send(decide, agent)
    client.force_login(usager)
    assert "envoyée par la poste le 23" in client.get(suivi).text
    follow(envoi, agent)

    assert all(mot in client.get(suivi).text for mot in ("Reçue par la poste", "27\u00a0janvier"))
    client.force_login(agent)
    page = client.get(fiche).text
    assert all(mot in page for mot in ("Reçue par la poste", "27\u00a0janvier", "R. 421-1"))
    assert "À envoyer par la poste" not in page
