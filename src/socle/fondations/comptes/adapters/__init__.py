"""Ce que django-allauth sait de nos comptes : genres séparés, français, secrets chiffrés."""

from socle.fondations.comptes.adapters.locaux import AdaptateurComptes, ConnexionLocale
from socle.fondations.comptes.adapters.mfa import AdaptateurMfa
from socle.fondations.comptes.adapters.requete import (
    build_accueil,
    build_page_compte,
    is_chemin_sur,
    read_genre,
    read_ip,
)

__all__ = [
    "AdaptateurComptes",
    "AdaptateurMfa",
    "ConnexionLocale",
    "build_accueil",
    "build_page_compte",
    "is_chemin_sur",
    "read_genre",
    "read_ip",
]
