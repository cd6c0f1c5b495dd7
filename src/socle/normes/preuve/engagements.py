"""Engagements : le journal prouve une donnée personnelle sans la contenir.

    engagement = HMAC-SHA256(sel, SHA-256(donnée))

Le sel (32 octets de hasard) vit avec le dossier et meurt avec lui : sans sel, l’engagement ne dit
plus rien, même à qui devine la donnée. Chaque engagement a son propre sel, dérivé de celui du
dossier et du nom de l’engagement : en révéler un n’aide pas à retrouver les autres. Un nom ne sert
donc qu’une fois par dossier, par exemple « document:<identifiant> ».

La double empreinte permet de vérifier un gros document avec deux commandes `openssl`.
"""

import hmac
import secrets
from hashlib import sha256

from socle.normes.preuve.errors import PreuveInvalide

TAILLE_SEL = 32
_DERIVATION = b"socle/engagement/v1\0"


def create_sel() -> bytes:
    """Tire un sel de 32 octets, à garder avec le dossier et nulle part ailleurs."""
    return secrets.token_bytes(TAILLE_SEL)


def derive_sel(sel_objet: bytes, nom: str) -> bytes:
    """Sel d’un engagement, tiré de celui de l’objet et du nom de l’engagement."""
    return _hmac(sel_objet, _DERIVATION + nom.encode())


def hash_document(octets: bytes) -> bytes:
    """SHA-256 d’un document, 32 octets : ce sur quoi porte l’engagement."""
    return sha256(octets).digest()


def compute_engagement(sel: bytes, empreinte: bytes) -> str:
    """Engagement, en 64 chiffres hexadécimaux.

    Args:
        sel: sel de cet engagement (`derive_sel`).
        empreinte: SHA-256 de la donnée (`hash_document`), 32 octets.
    """
    if len(empreinte) != sha256().digest_size:
        raise PreuveInvalide("Un engagement porte sur une empreinte de 32 octets.")
    return _hmac(sel, empreinte).hex()


def engage(sel_objet: bytes, nom: str, octets: bytes) -> str:
    """Engagement d’une donnée sous un nom : à ranger dans `engagements[nom]` de l’entrée."""
    return compute_engagement(derive_sel(sel_objet, nom), hash_document(octets))


def is_engagement(engagement: str, sel: bytes, empreinte: bytes) -> bool:
    """Dit si l’engagement s’ouvre avec ce sel sur cette empreinte."""
    return hmac.compare_digest(engagement, compute_engagement(sel, empreinte))


def _hmac(sel: bytes, message: bytes) -> bytes:
    if len(sel) != TAILLE_SEL:
        raise PreuveInvalide("Un sel fait 32 octets.")
    return hmac.digest(sel, message, "sha256")
