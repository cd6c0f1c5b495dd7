"""Écrire un secret : d’un coup, sur le disque pour de bon, lisible de nous seuls."""

import os
import secrets
from pathlib import Path


def write_secret(fichier: Path, octets: bytes) -> None:
    """Remplace un fichier sans jamais en laisser une moitié, même si la machine s’arrête."""
    provisoire = write_provisoire(fichier, octets)
    provisoire.replace(fichier)


def write_provisoire(fichier: Path, octets: bytes) -> Path:
    """Écrit à côté du fichier, sous un nom caché que personne d’autre n’a, et rend ce nom."""
    provisoire = fichier.with_name(f".{fichier.name.lstrip('.')}.{secrets.token_hex(8)}")
    descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descripteur, "wb") as flux:
        flux.write(octets)
        flux.flush()
        os.fsync(flux.fileno())
    return provisoire
