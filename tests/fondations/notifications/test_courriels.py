"""Faire partir : vrai serveur SMTP, pannes, relances de plus en plus tardives, limites."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from socle.fondations.notifications import tasks
from socle.fondations.notifications.enums import EtatEnvoi
from socle.fondations.notifications.models import Envoi, Message
from socle.fondations.notifications.ports import PieceCourriel
from socle.fondations.notifications.services import (
    notify,
    purge_envois,
    record_echec,
    retry_echecs,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def envoi_pret(collectivite):
    def build(code="essai_recu", courriel="lea@exemple.fr", **options) -> Envoi:
        return notify(
            collectivite=collectivite,
            code=code,
            contexte={"numero": "44171", "prenom": "Léa", "lien": "https://exemple.fr/d/44171/"},
            maintenant=timezone.now(),
            courriel=courriel,
            **options,
        )

    return build


def part(envoi: Envoi) -> Envoi:
    tasks.envoyer(collectivite_id=envoi.collectivite_id, envoi_id=str(envoi.pk))
    return Envoi.objects.select_related("collectivite").get(pk=envoi.pk)


def test_email_has_text_html_attachment_and_headers(boite, envoi_pret):
    envoi = part(envoi_pret(pieces=[PieceCourriel("accusé.pdf", "application/pdf", b"%PDF-1.7")]))

    [(adresses, message)] = boite.recus
    assert adresses == ["lea@exemple.fr"]
    assert message["Subject"] == "Votre demande 44171 est reçue"
    assert message["From"] == "Clamart <ne-pas-repondre@localhost>"
    assert message["Reply-To"] == "mairie@exemple.fr"
    assert message["Message-ID"] == f"<{envoi.pk}@localhost>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] is None
    texte = message.get_body(("plain",)).get_content()
    assert "Bonjour Léa," in texte
    html = message.get_body(("html",)).get_content()
    assert 'href="https://exemple.fr/d/44171/"' in html
    [piece] = message.iter_attachments()
    assert (piece.get_filename(), piece.get_content()) == ("accusé.pdf", b"%PDF-1.7")
    assert (envoi.etat, envoi.pieces, envoi.erreur) == (EtatEnvoi.ENVOYE, [], "")


def test_optional_email_can_be_left_in_one_gesture(boite, envoi_pret):
    part(envoi_pret("essai_lettre"))

    [(_, message)] = boite.recus
    adresse = message["List-Unsubscribe"].strip(" <>")
    assert adresse.startswith("http://localhost:8000/c/clamart/courriels/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert adresse in message.get_body(("plain",)).get_content()


def test_task_played_twice_sends_once(boite, envoi_pret):
    envoi = envoi_pret()

    part(part(envoi))

    assert len(boite.recus) == 1


def test_server_down_loses_nothing(settings, boite, envoi_pret):
    envoi, port = envoi_pret(), settings.EMAIL_PORT
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1

    panne = part(envoi)

    assert (panne.etat, panne.essais) == (EtatEnvoi.A_ENVOYER, 1)
    assert "injoignable" in panne.erreur
    assert part(panne).essais == 1  # l’heure du prochain essai n’est pas venue
    settings.EMAIL_PORT = port
    Envoi.objects.update(prochain_essai_le=timezone.now() - timedelta(seconds=1))
    assert part(panne).etat == EtatEnvoi.ENVOYE
    assert len(boite.recus) == 1


@pytest.mark.parametrize(
    ("refus", "etat"),
    [("550 Inconnu", EtatEnvoi.ECHEC), ("450 Plus tard", EtatEnvoi.A_ENVOYER)],
)
def test_refused_address(boite, envoi_pret, refus, etat):
    boite.refus = refus

    envoi = part(envoi_pret())

    assert envoi.etat == etat
    assert refus[:3] in envoi.erreur


def test_waits_grow_then_stop_after_three_days(envoi_pret):
    envoi, attentes = envoi_pret(), []
    maintenant = envoi.demande_le
    while envoi.etat == EtatEnvoi.A_ENVOYER:
        record_echec(envoi=envoi, erreur="panne", definitif=False, maintenant=maintenant)
        if envoi.prochain_essai_le:
            attentes.append(envoi.prochain_essai_le - maintenant)
            maintenant = envoi.prochain_essai_le

    assert attentes[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert max(attentes) == timedelta(hours=4)
    assert timedelta(days=2, hours=12) < maintenant - envoi.demande_le <= timedelta(days=3)
    assert envoi.etat == EtatEnvoi.ECHEC


def test_failures_can_be_tried_again(boite, envoi_pret, collectivite):
    boite.refus = "550 Inconnu"
    envoi = part(envoi_pret())
    boite.refus = ""

    assert retry_echecs(collectivite=collectivite, maintenant=timezone.now()) == 1
    assert part(envoi).etat == EtatEnvoi.ENVOYE


def test_mailbox_is_not_bombed(boite, envoi_pret):
    envois = [part(envoi_pret(courriel="cible@exemple.fr")) for _ in range(23)]

    assert len(boite.recus) == 20
    assert [e.etat for e in envois[20:]] == [EtatEnvoi.A_ENVOYER] * 3
    assert "Trop de courriels" in envois[20].erreur
    assert part(envoi_pret(courriel="autre@exemple.fr")).etat == EtatEnvoi.ENVOYE


def test_impossible_address_fails_with_its_reason(boite, envoi_pret):
    envoi = envoi_pret()
    Envoi.objects.update(destinataire="a@b\nBcc: c@d")

    relu = part(envoi)

    assert (relu.etat, boite.recus) == (EtatEnvoi.ECHEC, [])
    assert "impossible" in relu.erreur


def test_late_emails_are_queued_again(envoi_pret):
    envoi = envoi_pret()
    Envoi.objects.update(prochain_essai_le=timezone.now() - timedelta(minutes=10))

    tasks.reprendre(timestamp=int(timezone.now().timestamp()))

    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE args->>'envoi_id' = %s", [str(envoi.pk)]
        )
        assert curseur.fetchone() == (2,)


def test_old_texts_are_erased(envoi_pret):
    ancien, recent, attente = envoi_pret(), envoi_pret(), envoi_pret()
    loin = timezone.now() - timedelta(days=100)
    Envoi.objects.filter(pk__in=[ancien.pk, attente.pk]).update(demande_le=loin)
    Envoi.objects.filter(pk__in=[ancien.pk, recent.pk]).update(etat=EtatEnvoi.ENVOYE)

    purge_envois(maintenant=timezone.now())

    assert set(Envoi.objects.values_list("pk", flat=True)) == {recent.pk, attente.pk}
    assert Message.objects.count() == 0
