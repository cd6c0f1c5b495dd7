"""Services voisins de l’installation : courriel, antivirus, stockage, horodatage."""

import smtplib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.mail import get_connection

from socle.fondations.commun import clamav
from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.journal.tasks import choose_horodateur
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.horodatage import build_requete, verify_jeton

DELAI = 5  # secondes
ESSAI_HORODATAGE = b"Essai de Socle\n"


class VoisinAbsent(ErreurConnecteur):
    """Rien n’est réglé : Socle marche sans, et dit ce qui manque."""

    def __init__(self, message: str, suite: str) -> None:
        super().__init__(message)
        self.suite = suite


def check_courriel() -> str:
    """Ouvre une session SMTP, compte et chiffrement compris, sans rien envoyer.

    Raises:
        VoisinAbsent, SystemeIndisponible, ErreurConnecteur: rien de réglé, muet, ou refus.
    """
    if not settings.EMAIL_HOST:
        raise VoisinAbsent(
            "Aucun serveur d’envoi : les messages restent en fichiers dans courriels/.",
            "Réglage : SOCLE_SMTP_HOTE.",
        )
    liaison: Any = get_connection("django.core.mail.backends.smtp.EmailBackend", timeout=DELAI)
    try:
        liaison.open()
        liaison.connection.noop()
    except smtplib.SMTPAuthenticationError as refus:
        raise ErreurConnecteur("Le serveur d’envoi refuse le compte ou son secret.") from refus
    except smtplib.SMTPNotSupportedError as refus:
        raise ErreurConnecteur(
            "Le serveur d’envoi ne propose pas ce que demandent les réglages (TLS, compte)."
        ) from refus
    except (OSError, smtplib.SMTPException) as panne:
        raise SystemeIndisponible("Le serveur d’envoi ne répond pas.") from panne
    finally:
        liaison.close()
    return f"{settings.EMAIL_HOST} répond."


def check_antivirus() -> str:
    """Demande sa version à ClamAV.

    Raises:
        VoisinAbsent, SystemeIndisponible, ErreurConnecteur: rien de réglé, muet, ou autre chose.
    """
    if not settings.CLAMAV:
        raise VoisinAbsent(
            "Aucun antivirus : les pièces ne sont pas analysées.", "Réglage : SOCLE_CLAMAV."
        )
    version = clamav.check(settings.CLAMAV)
    if not version.startswith("ClamAV"):
        raise ErreurConnecteur("Ce qui répond n’est pas ClamAV.")
    return f"{version.partition('/')[0]} répond."


def check_stockage() -> str:
    """Demande au seau S3 s’il existe et s’ouvre à nous.

    Raises:
        SystemeIndisponible, ErreurConnecteur: muet, ou accès refusé.
    """
    if not settings.S3_ADRESSE:
        return "Les pièces sont sur le disque de ce serveur."
    from boto3.session import Session  # noqa: PLC0415  lourd
    from botocore.config import Config  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    client: Any = Session(settings.S3_CLE, settings.S3_SECRET).client(
        "s3",
        endpoint_url=settings.S3_ADRESSE,
        config=Config(
            connect_timeout=DELAI,
            read_timeout=DELAI,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
        ),
    )
    try:
        client.head_bucket(Bucket=settings.S3_SEAU)
    except ClientError as refus:
        code = refus.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code >= 500:
            raise SystemeIndisponible(f"Le stockage répond {code}.") from refus
        raison = "n’existe pas" if code == 404 else "ne s’ouvre pas avec cette clé"
        raise ErreurConnecteur(f"Le seau « {settings.S3_SEAU} » {raison}.") from refus
    except (BotoCoreError, ValueError) as panne:
        raise SystemeIndisponible("Le stockage S3 ne répond pas.") from panne
    return f"Le seau « {settings.S3_SEAU} » s’ouvre."


def check_horodatage() -> str:
    """Fait horodater un texte sans valeur et vérifie la réponse.

    Raises:
        VoisinAbsent, SystemeIndisponible, ErreurConnecteur: rien de réglé, muet, réponse fausse.
    """
    horodateur = choose_horodateur()
    if horodateur is None:
        raise VoisinAbsent(
            "Aucun tiers n’horodate le journal : sa date est celle de ce serveur.",
            "Réglage : SOCLE_HORODATAGE_URL.",
        )
    requete = build_requete(ESSAI_HORODATAGE)
    try:
        verify_jeton(horodateur.stamp(requete.der), ESSAI_HORODATAGE, nonce=requete.nonce)
    except PreuveInvalide as refus:
        raise ErreurConnecteur(f"La réponse de l’horodateur est fausse : {refus}") from refus
    return "L’autorité d’horodatage répond, et sa réponse se vérifie."


ESSAIS_VOISINS: dict[str, tuple[str, str, Callable[[], str]]] = {
    "courriel": (
        "Courriel",
        "Vérifiez SOCLE_SMTP_HOTE, _PORT, _COMPTE, _SECRET et _TLS. Rien n’est perdu : les"
        " messages attendent et repartent.",
        check_courriel,
    ),
    "antivirus": (
        "Antivirus",
        "Vérifiez SOCLE_CLAMAV et que clamd tourne. Les pièces attendent leur analyse.",
        check_antivirus,
    ),
    "stockage": (
        "Stockage des pièces",
        "Vérifiez SOCLE_S3_ADRESSE, _SEAU, _CLE et _SECRET.",
        check_stockage,
    ),
    "horodatage": (
        "Horodatage",
        "Vérifiez SOCLE_HORODATAGE_URL. Le journal continue d’être scellé et signé.",
        check_horodatage,
    ),
}
