"""Une lettre : en file d’un coup, remise une fois, avec ses en-têtes, et ses retours."""

import mailbox
from time import perf_counter

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from socle.metiers.diffusion.enums import EtatAbonne, EtatLettre, EtatRemise
from socle.metiers.diffusion.errors import LettreDejaPartie, ModifieEntreTemps, SansDestinataire
from socle.metiers.diffusion.models import Abonne, Remise
from socle.metiers.diffusion.services.courrier import sign_remise
from socle.metiers.diffusion.services.envoi import EnvoiSuspendu, send_lettre
from socle.metiers.diffusion.services.lettres import queue_lettre, resend_incertaines, save_lettre
from socle.metiers.diffusion.services.retours import parse_retour, read_boite
from socle.metiers.diffusion.tasks import lire_retours
from tests.metiers.conftest import MAINTENANT
from tests.metiers.diffusion.fabrique import ACTEUR, subscribe, write_lettre

pytestmark = pytest.mark.django_db


def queue(lettre):
    return queue_lettre(
        lettre=lettre, revision=lettre.revision, acteur=ACTEUR, maintenant=MAINTENANT
    )


def test_ten_thousand_addresses_are_queued_at_once(count_sql):
    subscribe(10_000)
    lettre = write_lettre()

    debut = perf_counter()
    with count_sql() as compte:
        lettre = queue(lettre)

    assert perf_counter() - debut < 5
    assert len(compte.instructions) <= 8
    assert (lettre.destinataires, lettre.etat) == (10_000, EtatLettre.EN_FILE)


def test_letter_goes_to_its_themes_and_territory_and_never_twice(db):
    subscribe(1)
    for rang, (themes, territoire) in enumerate(
        [(["identite"], ""), (["securite"], ""), ([], "92"), ([], "75")]
    ):
        Abonne.objects.create(
            courriel=f"choix{rang}@exemple.fr", themes=themes, territoire=territoire,
            consenti_le=MAINTENANT,
        )  # fmt: skip
    Abonne.objects.create(
        courriel="suspendu@exemple.fr", etat=EtatAbonne.SUSPENDU, consenti_le=MAINTENANT
    )
    lettre = queue(write_lettre(themes=["identite"], territoire="92"))

    pour = Remise.objects.filter(lettre=lettre).order_by("abonne__courriel")
    assert list(pour.values_list("abonne__courriel", flat=True)) == [
        "abonne0@exemple.fr", "choix0@exemple.fr", "choix2@exemple.fr",
    ]  # fmt: skip
    with pytest.raises(LettreDejaPartie):
        queue(lettre)


def test_letter_without_reader_or_seen_old_is_not_sent(db):
    lettre = write_lettre()
    with pytest.raises(SansDestinataire):
        queue(lettre)
    with pytest.raises(ModifieEntreTemps):
        save_lettre(
            lettre=lettre, champs={"sujet": "Autre"}, revision=99, acteur=ACTEUR,
            maintenant=MAINTENANT,
        )  # fmt: skip


def test_letter_leaves_with_its_headers_and_one_click_works(boite, db):
    subscribe(2)
    lettre = queue(write_lettre(sujet="Bonjour", texte=".point\n\n**gras** <b>non</b>"))

    assert send_lettre(lettre_id=lettre.pk) is True
    assert send_lettre(lettre_id=lettre.pk) is True

    assert [a for a, _ in boite.recus] == ["abonne0@exemple.fr", "abonne1@exemple.fr"]
    message = boite.recus[0][1]
    lien = message["List-Unsubscribe"].strip("<>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    texte = message.get_body(("plain",)).get_content()
    assert texte.startswith(".point")
    html = message.get_body(("html",)).get_content()
    assert "<strong>gras</strong> &lt;b&gt;" in html
    assert "<img" not in html
    page = lien[lien.index("/lettres/") :]
    Client().post(page, {"List-Unsubscribe": "One-Click"})
    assert Abonne.objects.filter(etat=EtatAbonne.DESABONNE).count() == 1
    lettre.refresh_from_db()
    assert lettre.etat == EtatLettre.ENVOYEE


def test_person_gone_since_receives_nothing(boite, db):
    partie, _ = subscribe(2)
    lettre = queue(write_lettre())
    Abonne.objects.filter(pk=partie.pk).update(etat=EtatAbonne.DESABONNE, courriel=None)

    send_lettre(lettre_id=lettre.pk)

    assert [a for a, _ in boite.recus] == ["abonne1@exemple.fr"]


def test_refusals_end_or_wait(boite, db):
    subscribe(3)
    boite.refus = {"abonne0@exemple.fr": "550 non", "abonne1@exemple.fr": "451 plus tard"}
    lettre = queue(write_lettre())

    assert send_lettre(lettre_id=lettre.pk) is False
    etats = list(Remise.objects.order_by("pk").values_list("etat", flat=True))
    assert etats == [EtatRemise.REFUSEE, EtatRemise.A_ENVOYER, EtatRemise.REMISE]
    boite.refus = {}
    assert send_lettre(lettre_id=lettre.pk) is True

    assert [a for a, _ in boite.recus] == ["abonne2@exemple.fr", "abonne1@exemple.fr"]


def test_silent_server_loses_nothing(settings, db):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    subscribe(1)
    lettre = queue(write_lettre())

    with pytest.raises(EnvoiSuspendu):
        send_lettre(lettre_id=lettre.pk)

    assert Remise.objects.get().etat == EtatRemise.A_ENVOYER


def test_row_engaged_by_a_dead_worker_is_never_sent_again(boite, db):
    subscribe(2)
    lettre = queue(write_lettre())
    Remise.objects.filter(abonne__courriel="abonne0@exemple.fr").update(etat=EtatRemise.ENGAGEE)

    assert send_lettre(lettre_id=lettre.pk) is True

    assert [a for a, _ in boite.recus] == ["abonne1@exemple.fr"]
    assert Remise.objects.order_by("pk")[0].etat == EtatRemise.INCERTAINE

    resend_incertaines(lettre=lettre, acteur=ACTEUR, maintenant=MAINTENANT)
    send_lettre(lettre_id=lettre.pk)
    assert [a for a, _ in boite.recus] == ["abonne1@exemple.fr", "abonne0@exemple.fr"]
    with pytest.raises(SansDestinataire):
        resend_incertaines(lettre=lettre, acteur=ACTEUR, maintenant=MAINTENANT)


def test_letter_is_public_only_once_sent(client, boite):
    subscribe(1)
    lettre = write_lettre(sujet="Secret de demain")
    page = reverse("diffusion:lettre", args=[lettre.numero])
    assert client.get(page).status_code == 404

    queue(lettre)

    assert "Secret de demain" in client.get(page).text


RETOUR = """From: MAILER-DAEMON@exemple.fr
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="bord"

--bord
Content-Type: text/plain

Personne à cette adresse.

--bord
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.fr

Final-Recipient: rfc822; x@exemple.fr
Action: {action}
Status: {statut}

--bord
Content-Type: message/rfc822

Message-ID: {identifiant}
Subject: La lettre

Bonjour
--bord--
"""


# Retours ------------------------------------------------------------------------------------------
def write_retour(remise, *, statut="5.1.1", action="failed", identifiant=""):
    """Un retour comme l’écrivent les serveurs (RFC 3464)."""
    identifiant = identifiant or f"<{sign_remise(remise.pk)}@localhost>"
    return RETOUR.format(statut=statut, action=action, identifiant=identifiant).encode()


@pytest.fixture
def remises(boite):
    subscribe(3)
    lettre = queue(write_lettre())
    send_lettre(lettre_id=lettre.pk)
    return list(Remise.objects.order_by("pk"))


def test_bounces_of_a_mailbox_suspend_once(remises, tmp_path):
    boite = mailbox.Maildir(str(tmp_path / "retours"), create=True)
    boite.add(write_retour(remises[0]))
    boite.add(write_retour(remises[1], statut="4.2.2"))
    boite.add(b"From: ami@exemple.fr\nSubject: merci\n\nBonne lettre")

    premiers = read_boite(tmp_path / "retours", maintenant=MAINTENANT)
    seconds = read_boite(tmp_path / "retours", maintenant=MAINTENANT)

    assert premiers == {"lus": 3, "retours": 2, "suspendus": 1}
    assert seconds == {"lus": 3, "retours": 0, "suspendus": 0}
    etats = list(Abonne.objects.order_by("pk").values_list("etat", flat=True))
    assert etats == [EtatAbonne.SUSPENDU, EtatAbonne.ACTIF, EtatAbonne.ACTIF]


def test_bounces_of_the_named_mailbox_are_read_by_the_task(remises, tmp_path, settings):
    quand = int(MAINTENANT.timestamp())
    lire_retours(timestamp=quand)  # aucun réglage : rien
    settings.BOITE_RETOURS = str(tmp_path / "absente")
    lire_retours(timestamp=quand)  # pas encore de boîte : rien ne casse
    settings.BOITE_RETOURS = str(tmp_path / "retours")
    mailbox.Maildir(settings.BOITE_RETOURS, create=True).add(write_retour(remises[0]))
    assert not Abonne.objects.filter(etat=EtatAbonne.SUSPENDU).exists()

    lire_retours(timestamp=quand)

    assert Abonne.objects.filter(etat=EtatAbonne.SUSPENDU).count() == 1


def test_bounces_are_read_from_an_mbox_by_the_command(remises, tmp_path, capsys):
    boite = mailbox.mbox(str(tmp_path / "mbox"), create=True)
    boite.add(write_retour(remises[2]))
    boite.close()

    call_command("lire_retours", str(tmp_path / "mbox"))

    assert "1 retours nouveaux, 1 adresses suspendues" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("lire_retours", str(tmp_path / "absente"))


def test_forged_or_harmless_bounces_change_nothing(remises):
    faux = f"<r{remises[0].pk}.{'0' * 24}@localhost>"

    assert parse_retour(write_retour(remises[0], identifiant=faux)) is None
    assert parse_retour(write_retour(remises[0], action="delayed", statut="4.4.1")) is None
    assert parse_retour(write_retour(remises[0], statut="2.1.5", action="delivered")) is None
    assert parse_retour(b"x" * 600_000) is None
    assert parse_retour(b"Content-Type: multipart/report; boundary=a\n\n--a\n" * 500) is None
