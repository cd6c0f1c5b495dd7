"""Jetons d’horodatage : demande à envoyer, réponse à vérifier. Le réseau est à l’appelant.

Source: RFC 3161 ; le type des requêtes est `application/timestamp-query`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.x509 import Certificate, load_pem_x509_certificates

from socle.normes.preuve.errors import PreuveInvalide

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
    from rfc3161_client import PKIStatus, decode_timestamp_response  # noqa: PLC0415

    if len(reponse) > JETON_MAX:
        raise PreuveInvalide("Jeton d’horodatage trop long.")
    try:
        lue = decode_timestamp_response(reponse)
        accordee = PKIStatus(lue.status) == PKIStatus.GRANTED
        info = lue.tst_info
    except ValueError as cause:
        raise PreuveInvalide("Jeton d’horodatage illisible.") from cause
    if not accordee:
        raise PreuveInvalide("L’autorité d’horodatage n’a pas accordé de jeton.")
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


def _verify_chaine(reponse: object, octets: bytes, autorites: Sequence[Certificate]) -> None:
    from rfc3161_client import VerificationError, VerifierBuilder  # noqa: PLC0415

    try:
        verifieur = VerifierBuilder(roots=list(autorites)).build()
        verifieur.verify_message(reponse, octets)  # type: ignore[arg-type]
    except (VerificationError, ValueError) as cause:
        raise PreuveInvalide("Le jeton d’horodatage ne vient pas d’une autorité connue.") from cause
