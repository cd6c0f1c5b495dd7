"""Rappeler ce qui approche : une fois, aux bonnes personnes, même si la tâche meurt."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi, Message
from socle.fondations.notifications.services import set_preferences
from socle.metiers.echeancier import tasks
from socle.metiers.echeancier.enums import EtatSuivi, Surete
from socle.metiers.echeancier.models import AlerteEcheance, SuiviEcheance
from socle.metiers.echeancier.queries.suivis import ReglageAlertes
from socle.metiers.echeancier.services.obligations import (
    Changement,
    Echeance,
    Public,
    change_date,
)
from socle.metiers.echeancier.services.suivis import (
    find_delai,
    mark_suivi,
    save_alertes,
    send_alertes,
)
from tests.factories import AdhesionFactory, CollectiviteFactory, ServiceFactory
from tests.metiers.echeancier.fabrique import create
from tests.taches import run_taches

pytestmark = pytest.mark.django_db
AUJOURDHUI = date(2026, 11, 21)


@pytest.fixture
def proche():
    """Une obligation dans cent jours."""
    return create(slug="proche", titre="Une échéance proche", jour=AUJOURDHUI + timedelta(100))


def send(collectivite, maintenant, jour=AUJOURDHUI) -> int:
    return send_alertes(collectivite=collectivite, aujourdhui=jour, maintenant=maintenant)


def test_reminder_is_sent_once(collectivite, administrateur, agent, proche, maintenant):
    """Qui n’administre qu’un service ne lit pas les échéances : il n’est pas prévenu."""
    sports = ServiceFactory(collectivite=collectivite, nom="Sports")
    AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR, service=sports)

    premier = send(collectivite, maintenant)
    second = send(collectivite, maintenant)

    assert (premier, second) == (1, 0)
    [envoi] = Envoi.objects.order_by("pk")
    assert envoi.compte == administrateur
    assert envoi.sujet == "Dans 100 jours : Une échéance proche"
    assert "/c/clamart/agent/echeancier/proche/" in envoi.corps
    with locataire(collectivite.pk, personne_id=administrateur.pk):
        assert Message.objects.get().lien.endswith("/agent/echeancier/proche/")


def test_each_threshold_has_its_reminder(collectivite, administrateur, proche, maintenant):
    envois = [
        send(collectivite, maintenant, jour=proche.jour - timedelta(reste))
        for reste in (180, 179, 91, 90, 30, 8, 7, 1, 0, -1)
    ]

    assert envois == [1, 0, 0, 1, 1, 0, 1, 0, 0, 0]
    delais = AlerteEcheance.objects.order_by("-delai").values_list("delai", flat=True)
    assert list(delais) == [180, 90, 30, 7]


@pytest.mark.parametrize(
    ("reste", "attendu"), [(180, 180), (100, 180), (90, 90), (50, 90), (7, 7), (1, 7)]
)
def test_a_missed_threshold_is_not_caught_up_one_by_one(reste, attendu):
    assert find_delai(AUJOURDHUI + timedelta(reste), AUJOURDHUI, (180, 90, 30, 7)) == attendu


@pytest.mark.parametrize("etat", [EtatSuivi.FAIT, EtatSuivi.NON_CONCERNE])
def test_what_is_settled_is_no_longer_reminded(
    collectivite, administrateur, proche, maintenant, etat
):
    mark_suivi(
        collectivite=collectivite, obligation=proche, etat=etat, note="Déjà.",
        agent=administrateur, maintenant=maintenant,
    )  # fmt: skip

    assert send(collectivite, maintenant) == 0


def test_other_authorities_obligations_are_not_reminded(collectivite, administrateur, maintenant):
    demain = AUJOURDHUI + timedelta(20)
    create(slug="regions", jour=demain, publics=(Public(genre="region"),))
    create(slug="brouillon", jour=demain, publiee=False)
    create(slug="permanente", jour=demain, surete=Surete.PERMANENTE)

    assert send(collectivite, maintenant) == 0


def test_moved_date_is_reminded_again(collectivite, administrateur, proche, maintenant):
    send(collectivite, maintenant)
    plus_tard = proche.jour + timedelta(30)
    change_date(
        obligation=proche, acteur="agent:1", maintenant=maintenant,
        changement=Changement(
            echeance=Echeance(surete=Surete.CONNUE, jour=plus_tard), motif="Reportée."
        ),
    )  # fmt: skip

    assert send(collectivite, maintenant) == 1


def test_unsubscribed_agent_gets_no_mail_but_reads_it(
    collectivite, administrateur, proche, maintenant
):
    with locataire(collectivite.pk, personne_id=administrateur.pk):
        set_preferences(personne=administrateur, voulus=[])

    with locataire(collectivite.pk, personne_id=administrateur.pk):
        send(collectivite, maintenant)
        assert Envoi.objects.get().etat == "refuse"
        assert Message.objects.count() == 1


def test_settings_choose_who_and_when(collectivite, administrateur, maintenant, proche):
    archiviste = AdhesionFactory(collectivite=collectivite, role=Role.ARCHIVISTE).compte
    reglage = ReglageAlertes(delais=(120,), roles=(Role.ARCHIVISTE.value,))
    faits = [
        save_alertes(
            collectivite=collectivite, reglage=reglage, agent=administrateur,
            maintenant=maintenant,
        )
        for _ in range(2)
    ]  # fmt: skip

    send(collectivite, maintenant)

    assert faits == [True, False]
    assert Envoi.objects.get().compte == archiviste
    assert Entree.objects.filter(action="echeance.alertes_reglees").count() == 1


def test_no_threshold_stops_reminders(collectivite, administrateur, proche, maintenant):
    save_alertes(
        collectivite=collectivite, reglage=ReglageAlertes(delais=()), agent=administrateur,
        maintenant=maintenant,
    )  # fmt: skip

    assert send(collectivite, maintenant) == 0


class TueEnRoute(Exception):
    """Le travailleur meurt."""


def test_worker_killed_five_times_sends_each_reminder_once(
    collectivite, administrateur, maintenant
):
    """Tuée n’importe où, la tâche n’a rien laissé ; rejouée, elle finit, sans rien redire."""
    for rang in range(6):
        create(slug=f"proche-{rang}", jour=AUJOURDHUI + timedelta(40 + rang))

    def send_puis_mourir() -> None:
        with transaction.atomic():
            send(collectivite, maintenant)
            raise TueEnRoute

    for _ in range(5):
        with pytest.raises(TueEnRoute):
            send_puis_mourir()
        assert Envoi.objects.count() == 0
        assert AlerteEcheance.objects.count() == 0
    tasks.alerter_collectivite(collectivite_id=collectivite.pk, jour=AUJOURDHUI.isoformat())
    tasks.alerter_collectivite(collectivite_id=collectivite.pk, jour=AUJOURDHUI.isoformat())

    assert Envoi.objects.count() == AlerteEcheance.objects.count() == 6


def test_daily_task_reminds_each_authority(collectivite, administrateur, proche):
    autre = CollectiviteFactory(nom="Autre", slug="autre")
    with locataire(autre.pk):
        AdhesionFactory(collectivite=autre, role=Role.ADMINISTRATEUR)
    matin = 1_795_242_180  # 21 novembre 2026, 6 h 23 à Paris

    tasks.alerter(timestamp=matin)
    faits = run_taches("echeancier.")

    actives = Collectivite.objects.filter(active=True).count()
    assert faits == ["echeancier.alerter_collectivite"] * actives
    assert Envoi.objects.filter(collectivite=collectivite).count() == 1
    with locataire(autre.pk):
        assert Envoi.objects.filter(collectivite=autre).count() == 1


def test_follow_up_is_journaled_and_says_who(collectivite, agent, proche, maintenant):
    for etat in (EtatSuivi.EN_COURS, EtatSuivi.EN_COURS, EtatSuivi.FAIT):
        mark_suivi(
            collectivite=collectivite, obligation=proche, etat=etat, note="Devis reçu.",
            agent=agent, maintenant=maintenant,
        )  # fmt: skip

    suivi = SuiviEcheance.objects.get()
    assert (suivi.etat, suivi.par, suivi.note) == (EtatSuivi.FAIT, agent, "Devis reçu.")
    entrees = Entree.objects.filter(action="echeance.suivie").order_by("pk")
    assert [e.donnees for e in entrees] == [
        {"avant": "", "apres": "en_cours"},
        {"avant": "en_cours", "apres": "fait"},
    ]


def test_follow_up_of_another_authority_is_invisible(collectivite, agent, proche, maintenant):
    mark_suivi(
        collectivite=collectivite, obligation=proche, etat=EtatSuivi.FAIT, note="",
        agent=agent, maintenant=maintenant,
    )  # fmt: skip
    autre = CollectiviteFactory(nom="Autre", slug="autre")

    with locataire(autre.pk):
        assert SuiviEcheance.objects.count() == 0
