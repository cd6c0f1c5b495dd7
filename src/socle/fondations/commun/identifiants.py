"""Identifiants qui se trient par date de création, faits en Python (PostgreSQL 15 à 18)."""

import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """Rend un UUID version 7 : 48 bits de millisecondes Unix puis 74 bits de hasard.

    Source: RFC 9562, §5.7.
    """
    millisecondes = time.time_ns() // 1_000_000
    hasard = int.from_bytes(secrets.token_bytes(10), "big")
    valeur = (millisecondes & (1 << 48) - 1) << 80 | hasard
    valeur = valeur & ~(0xF << 76) | 7 << 76
    valeur = valeur & ~(0b11 << 62) | 0b10 << 62
    return uuid.UUID(int=valeur)
