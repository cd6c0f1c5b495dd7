"""Chiffrement des champs sensibles, avec des clés gardées hors de la base et tournantes."""

import os
from functools import cache
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

NOM_FICHIER = "chiffrement.cles"


def encrypt(clair: bytes) -> bytes:
    """Chiffre avec la clé courante (AES-128-CBC et HMAC-SHA256, format Fernet)."""
    return load_cles(settings.DOSSIER_CLES).encrypt(clair)


def decrypt(chiffre: bytes) -> bytes:
    """Déchiffre avec la clé courante ou une ancienne.

    Raises:
        cryptography.fernet.InvalidToken: donnée altérée, ou clé absente.
    """
    return load_cles(settings.DOSSIER_CLES).decrypt(chiffre)


@cache
def load_cles(dossier: Path) -> MultiFernet:
    """Lit les clés, une par ligne, la courante en tête ; crée la première au besoin."""
    fichier = dossier / NOM_FICHIER
    if not fichier.exists():
        create_cles(fichier)
    return MultiFernet([Fernet(ligne) for ligne in fichier.read_text().split()])


def create_cles(fichier: Path) -> None:
    """Crée le fichier de clés, lisible par son seul propriétaire, sans écraser celui d’un autre."""
    fichier.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    provisoire = fichier.with_name(f"{fichier.name}.{os.getpid()}")
    provisoire.touch(mode=0o600)
    provisoire.write_bytes(Fernet.generate_key() + b"\n")
    try:
        os.link(provisoire, fichier)  # atomique : deux processus au démarrage, une seule clé
    except FileExistsError:
        pass
    finally:
        provisoire.unlink()


def rotate_cles(dossier: Path) -> None:
    """Met une clé neuve en tête ; les anciennes servent encore à lire."""
    fichier = dossier / NOM_FICHIER
    load_cles(dossier)
    provisoire = fichier.with_name(f"{fichier.name}.{os.getpid()}")
    provisoire.touch(mode=0o600)
    provisoire.write_bytes(Fernet.generate_key() + b"\n" + fichier.read_bytes())
    provisoire.replace(fichier)
    load_cles.cache_clear()
