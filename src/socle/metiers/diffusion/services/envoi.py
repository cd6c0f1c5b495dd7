"""Faire partir une lettre, une seule fois par abonné, même si le processus est tué.

Un verrou de session (rendu par la base dès que le processus meurt) garde un seul expéditeur par
lettre. Chaque message est transmis au serveur de courriel en entier sauf son dernier signe ; la
ligne passe alors à « engagée », puis ce signe part. Tué avant, rien n’est parti : la ligne est
reprise. Tué après, le message est parti : la ligne devient « incertaine » et n’est jamais renvoyée
d’elle-même. Entre les deux, il n’y a que l’écriture de trois octets.
"""

import contextlib
import logging
import re
import socket
from collections.abc import Iterator
from datetime import datetime
from smtplib import SMTP, SMTPException, SMTPServerDisconnected
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from socle.metiers.diffusion.enums import EtatAbonne, EtatLettre, EtatRemise
from socle.metiers.diffusion.models import Lettre, Remise
from socle.metiers.diffusion.services.courrier import build_courriel
from socle.metiers.diffusion.services.lettres import prove_lettre

traces = logging.getLogger(__name__)
LOT = 200
ESSAIS_MAX = 5
ESPACE_DES_VERROUS = 20_820  # premier nombre des verrous de session de ce métier
PERMANENTE = 500
POINT = re.compile(rb"(?m)^\.")


class EnvoiSuspendu(Exception):
    """Le serveur de courriel ne répond plus : à reprendre plus tard."""


def send_lettre(*, lettre_id: int) -> bool:
    """Envoie ce qui reste d’une lettre. Rend vrai quand il ne reste rien.

    Raises:
        EnvoiSuspendu: serveur de courriel muet ; ce qui est parti est noté.
    """
    with hold_lettre(lettre_id) as tenue:
        if not tenue:
            return False  # un autre processus s’en charge
        lettre = Lettre.objects.filter(pk=lettre_id, etat=EtatLettre.EN_FILE).order_by("pk").first()
        if lettre is None:
            return True
        mark_incertaines(lettre, timezone.now())
        with open_serveur() as serveur:
            for remise in iter_remises(lettre):
                deliver(serveur, lettre, remise)
        return close_lettre(lettre, timezone.now())


@contextlib.contextmanager
def hold_lettre(lettre_id: int) -> Iterator[bool]:
    """Verrou de session PostgreSQL : libéré par la base si le processus meurt."""
    cle = [ESPACE_DES_VERROUS, lettre_id]
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_lock(%s, %s)", cle)
        tenue = bool(curseur.fetchone()[0])
        try:
            yield tenue
        finally:
            if tenue:
                curseur.execute("SELECT pg_advisory_unlock(%s, %s)", cle)


def mark_incertaines(lettre: Lettre, maintenant: datetime) -> int:
    """Range ce qu’un processus tué avait engagé ; à appeler le verrou tenu."""
    engagees = Remise.objects.filter(lettre=lettre, etat=EtatRemise.ENGAGEE)
    return engagees.update(etat=EtatRemise.INCERTAINE, change_le=maintenant)


def iter_remises(lettre: Lettre) -> Iterator[Remise]:
    """Rend ce qui est à envoyer, lot par lot, dans l’ordre ; relu à chaque lot."""
    dernier = 0
    while True:
        lot = list(
            Remise.objects.filter(lettre=lettre, etat=EtatRemise.A_ENVOYER, pk__gt=dernier)
            .select_related("abonne")
            .order_by("pk")[:LOT]
        )
        if not lot:
            return
        yield from lot
        dernier = lot[-1].pk


@contextlib.contextmanager
def open_serveur() -> Iterator[Any]:
    """Ouvre le serveur de courriel réglé ; le ferme toujours."""
    serveur: Any = get_connection()
    try:
        serveur.open()
    except (SMTPException, OSError) as panne:
        raise EnvoiSuspendu(type(panne).__name__) from panne
    if isinstance(getattr(serveur, "connection", None), SMTP):
        # Le dernier signe part seul : sans cela, TCP le retiendrait 40 ms à chaque lettre.
        serveur.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        yield serveur
    finally:
        serveur.close()


def deliver(serveur: Any, lettre: Lettre, remise: Remise) -> None:
    """Envoie une lettre à un abonné et note le résultat."""
    if remise.abonne.etat != EtatAbonne.ACTIF or not remise.abonne.courriel:
        save_remise(remise, EtatRemise.REFUSEE, erreur="Désabonné entre-temps.")
        return
    courriel = build_courriel(lettre, remise)
    smtp = getattr(serveur, "connection", None)
    if isinstance(smtp, SMTP):
        _deliver_smtp(smtp, courriel, remise)
        return
    save_remise(remise, EtatRemise.ENGAGEE)
    serveur.send_messages([courriel])
    save_remise(remise, EtatRemise.REMISE)


def _deliver_smtp(smtp: SMTP, courriel: EmailMultiAlternatives, remise: Remise) -> None:
    """Parle SMTP (RFC 5321) pour écrire l’état juste avant le point final."""
    message: Any = courriel.message()
    contenu: bytes = message.as_bytes(linesep="\r\n")
    contenu = POINT.sub(b"..", contenu)
    if not contenu.endswith(b"\r\n"):
        contenu += b"\r\n"
    try:
        refus = _announce(smtp, courriel.to[0])
        if refus:
            smtp.rset()
            _note_refus(remise, refus)
            return
        smtp.send(contenu)
        save_remise(remise, EtatRemise.ENGAGEE)
        smtp.send(b".\r\n")
        code, _ = smtp.getreply()
    except (SMTPException, OSError) as panne:
        raise EnvoiSuspendu(type(panne).__name__) from panne
    if code == 250:
        save_remise(remise, EtatRemise.REMISE)
    else:
        _note_refus(remise, code)


def _announce(smtp: SMTP, destinataire: str) -> int:
    """Expéditeur, destinataire, ouverture du contenu ; rend le code d’un refus, 0 sans refus."""
    smtp.ehlo_or_helo_if_needed()
    for envoi in (
        lambda: smtp.mail(settings.DEFAULT_FROM_EMAIL),
        lambda: smtp.rcpt(destinataire),
        lambda: smtp.docmd("data"),
    ):
        code, _ = envoi()
        if code == 421:
            raise SMTPServerDisconnected("421")
        if code not in (250, 251, 354):
            return int(code)
    return 0


def _note_refus(remise: Remise, code: int) -> None:
    """Un refus définitif, ou le dernier essai, s’arrête là ; sinon la ligne attend la reprise."""
    definitif = code >= PERMANENTE or remise.essais + 1 >= ESSAIS_MAX
    etat = EtatRemise.REFUSEE if definitif else EtatRemise.A_ENVOYER
    save_remise(remise, etat, erreur=f"Réponse {code} du serveur.", essai=1)


def save_remise(remise: Remise, etat: EtatRemise, *, erreur: str = "", essai: int = 0) -> None:
    """Écrit l’état d’une ligne, validé aussitôt : hors transaction, une seule instruction."""
    Remise.objects.filter(pk=remise.pk).update(
        etat=etat, erreur=erreur, essais=F("essais") + essai, change_le=timezone.now()
    )


def close_lettre(lettre: Lettre, maintenant: datetime) -> bool:
    """Marque la lettre envoyée quand plus rien n’est à faire."""
    if Remise.objects.filter(
        lettre=lettre, etat__in=[EtatRemise.A_ENVOYER, EtatRemise.ENGAGEE]
    ).exists():
        return False
    with transaction.atomic():
        finie = Lettre.objects.filter(pk=lettre.pk, etat=EtatLettre.EN_FILE).update(
            etat=EtatLettre.ENVOYEE, envoyee_le=maintenant
        )
        if finie:
            prove_lettre(lettre, "envoyee", "systeme", maintenant, {})
    return True
