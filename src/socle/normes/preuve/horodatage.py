"""Jetons d’horodatage : demande à envoyer, réponse à vérifier. Le réseau est à l’appelant.

Source: RFC 3161 ; le type des requêtes est `application/timestamp-query`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.x509 import Certificate, load_pem_x509_certificates

from socle.normes.preuve.errors import PreuveInvalide

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

JETON_MAX = 64 * 1024
_OID_SHA256 = "2.16.840.1.101.3.4.2.1"


@dataclass(frozen=True)
class Requete:
    """Demande d’horodatage : les octets DER à envoyer et le nombre que la réponse doit répéter."""

    der: bytes
    nonce: int


@dataclass(frozen=True)
class Jeton:
    """Ce que dit une réponse d’horodatage.

    Attributes:
        date: instant attesté, en UTC.
        verifie: vrai si la signature remonte à une autorité de confiance fournie.
    """

    date: datetime
    verifie: bool


def build_requete(octets: bytes) -> Requete:
    """Prépare la demande d’horodatage de `octets` (empreinte SHA-256, certificat demandé)."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # noqa: PLC0415

    requete = (
        TimestampRequestBuilder()
        .data(octets)
        .hash_algorithm(HashAlgorithm.SHA256)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )
    return Requete(requete.as_bytes(), int(requete.nonce or 0))


def load_autorites(pem: bytes) -> list[Certificate]:
    """Lit les certificats d’autorité auxquels on fait confiance.

    Raises:
        PreuveInvalide: ce n’est pas du PEM de certificats.
    """
    try:
        return load_pem_x509_certificates(pem)
    except ValueError as cause:
        raise PreuveInvalide("Fichier d’autorités d’horodatage illisible.") from cause


def verify_jeton(
    reponse: bytes,
    octets: bytes,
    *,
    autorites: Sequence[Certificate] = (),
    nonce: int | None = None,
) -> Jeton:
    """Vérifie qu’une réponse d’horodatage porte bien sur `octets`.

    Args:
        reponse: réponse DER entière (TimeStampResp).
        autorites: autorités de confiance ; sans elles, seule l’empreinte est comparée et le jeton
            est rendu `verifie=False`.
        nonce: nombre de la requête, quand on vient de l’envoyer.

    Raises:
        PreuveInvalide: réponse illisible, refusée, sur d’autres octets, ou signature fausse.
    """
    lue = _read_reponse(reponse)
    info = lue.tst_info
    empreinte = info.message_imprint
    if empreinte.hash_algorithm.dotted_string != _OID_SHA256:
        raise PreuveInvalide("Jeton d’horodatage sur une autre empreinte que SHA-256.")
    if empreinte.message != sha256(octets).digest():
        raise PreuveInvalide("Le jeton d’horodatage porte sur autre chose.")
    if nonce is not None and info.nonce != nonce:
        raise PreuveInvalide("Le jeton d’horodatage répond à une autre demande.")
    if autorites:
        _verify_chaine(lue, octets, autorites)
    date = info.gen_time
    return Jeton(date if date.tzinfo else date.replace(tzinfo=UTC), bool(autorites))


def _read_reponse(octets: bytes) -> "TimeStampResponse":
    """Décode une réponse qui porte un jeton : états « accordé », tel quel ou modifié.

    Source: RFC 3161, §2.4.2.
    """
    from rfc3161_client import PKIStatus, decode_timestamp_response  # noqa: PLC0415

    if len(octets) > JETON_MAX:
        raise PreuveInvalide("Jeton d’horodatage trop long.")
    try:
        reponse = decode_timestamp_response(octets)
        etat = PKIStatus(reponse.status)
        if etat in {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}:
            _ = reponse.tst_info.message_imprint
    except ValueError as cause:
        raise PreuveInvalide("Jeton d’horodatage illisible.") from cause
    if etat not in {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}:
        raise PreuveInvalide("L’autorité d’horodatage n’a pas accordé de jeton.")
    return reponse


def _verify_chaine(
    reponse: "TimeStampResponse", octets: bytes, autorites: Sequence[Certificate]
) -> None:
    from rfc3161_client import VerificationError, VerifierBuilder  # noqa: PLC0415

    try:
        verifieur = VerifierBuilder(roots=list(autorites)).build()
        verifieur.verify_message(reponse, octets)
    except (VerificationError, ValueError) as cause:
        raise PreuveInvalide("Le jeton d’horodatage ne vient pas d’une autorité connue.") from cause
