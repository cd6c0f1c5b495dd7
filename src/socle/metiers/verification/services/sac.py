"""Le sac : ce que la page garde à la place du serveur, comprimé et signé.

Un rapport ou un fichier corrigé voyage dans un champ caché du formulaire qui le télécharge. Rien
n’est gardé ici ; la signature fait que le site ne sert, sous son nom, que ce qu’il a écrit.
"""

import json
import zlib
from datetime import timedelta
from typing import Any

from django.core.signing import BadSignature, TimestampSigner, b64_decode, b64_encode

from socle.metiers.verification.errors import SacPerime

DUREE = timedelta(hours=1)
TAILLE_MAX = 4_500_000  # signes : sous DATA_UPLOAD_MAX_MEMORY_SIZE
_SIGNATAIRE = TimestampSigner(salt="socle.verification.sac")


def pack_objet(objet: dict[str, Any]) -> str:
    """Met un objet JSON dans un sac."""
    return pack_octets(json.dumps(objet, ensure_ascii=False, separators=(",", ":")).encode())


def pack_octets(octets: bytes) -> str:
    """Met des octets dans un sac ; vide s’ils n’y tiennent pas."""
    if len(octets) > 60 * TAILLE_MAX:
        return ""
    sac = b64_encode(zlib.compress(octets, 6)).decode()
    return _SIGNATAIRE.sign(sac) if len(sac) <= TAILLE_MAX else ""


def open_objet(sac: str) -> dict[str, Any]:
    """Rend l’objet d’un sac.

    Raises:
        SacPerime: le sac manque, n’est pas de nous, ou date.
    """
    objet: dict[str, Any] = json.loads(open_octets(sac))
    return objet


def open_octets(sac: str) -> bytes:
    """Rend les octets d’un sac.

    Raises:
        SacPerime: le sac manque, n’est pas de nous, ou date.
    """
    try:
        return zlib.decompress(b64_decode(_SIGNATAIRE.unsign(sac, max_age=DUREE).encode()))
    except BadSignature as cause:
        raise SacPerime from cause
