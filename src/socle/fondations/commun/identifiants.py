"""Identifiants qui se trient par date de création, faits en Python (PostgreSQL 15 à 18)."""

import secrets
import time
import uuid
from threading import Lock

BITS_DU_HASARD = 74
PAS_BITS = 32
_verrou = Lock()
_dernier = (0, 0)  # millisecondes, hasard


def uuid7() -> uuid.UUID:
    """Rend un UUID version 7 : 48 bits de millisecondes Unix puis 74 bits de hasard.

    Deux appels d’un même processus se suivent toujours, même dans la même milliseconde ou quand
    l’horloge recule : le hasard avance alors d’un pas tiré au sort, qui ne se devine pas.

    Source: RFC 9562, §5.7 et §6.2 (méthode 2, hasard monotone).
    """
    global _dernier  # noqa: PLW0603  la suite est celle du processus
    millisecondes = time.time_ns() // 1_000_000
    with _verrou:
        precedent, hasard = _dernier
        if millisecondes > precedent:
            hasard = secrets.randbits(BITS_DU_HASARD - 1)  # le premier bit reste pour avancer
        else:
            millisecondes, hasard = precedent, hasard + 1 + secrets.randbits(PAS_BITS)
        if hasard >> BITS_DU_HASARD:
            millisecondes, hasard = millisecondes + 1, secrets.randbits(BITS_DU_HASARD - 1)
        _dernier = (millisecondes, hasard)
    haut, bas = hasard >> 62, hasard & (1 << 62) - 1
    entier = (millisecondes & (1 << 48) - 1) << 80 | 7 << 76 | haut << 64 | 0b10 << 62 | bas
    return uuid.UUID(int=entier)
