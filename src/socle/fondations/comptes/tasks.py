"""Envois différés : un courriel part hors transaction, et reste chiffré dans la file."""

import base64
import json
from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.core.mail import EmailMessage

from socle.fondations.commun import taches
from socle.fondations.commun.chiffrement import decrypt, encrypt
from socle.fondations.comptes.services.locaux import delete_inscriptions_anciennes
from socle.fondations.comptes.services.sessions import delete_sessions_expirees

DELAI_INSCRIPTION = timedelta(days=7)


def seal_courriel(*, a: str, objet: str, corps: str) -> str:
    """Chiffre un courriel pour la file : il porte parfois un lien secret."""
    message = json.dumps({"a": a, "objet": objet, "corps": corps})
    return base64.b85encode(encrypt(message.encode())).decode("ascii")


@taches.tache(name="comptes.send_courriel")
def send_courriel(*, message: str) -> None:
    """Envoie un courriel scellé. Relancée si le serveur de courriel ne répond pas."""
    lu = json.loads(decrypt(base64.b85decode(message)))
    EmailMessage(subject=lu["objet"], body=lu["corps"], to=[lu["a"]]).send()


@taches.periodique(name="comptes.purge_inscriptions", cron="41 3 * * *")
def purge_inscriptions(*, timestamp: int) -> None:
    """Efface les inscriptions jamais confirmées en une semaine."""
    delete_inscriptions_anciennes(avant=datetime.fromtimestamp(timestamp, UTC) - DELAI_INSCRIPTION)


@taches.periodique(name="comptes.purge_sessions", cron="17 4 * * *")
def purge_sessions(*, timestamp: int) -> None:
    """Efface chaque nuit les sessions finies et les valeurs périmées du cache partagé."""
    delete_sessions_expirees(maintenant=datetime.fromtimestamp(timestamp, UTC))
    cache.purge()  # type: ignore[attr-defined]
