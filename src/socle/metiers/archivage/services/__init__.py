"""Écritures de l’archivage."""

from socle.metiers.archivage.services.reouverture import request_versement, suspend_versement
from socle.metiers.archivage.services.reponse import (
    read_fichier,
    record_reponse,
    store_reponse,
    withdraw_reponse,
)
from socle.metiers.archivage.services.transmission import mark_transmis
from socle.metiers.archivage.services.versement import create_versement

__all__ = [
    "create_versement",
    "mark_transmis",
    "read_fichier",
    "record_reponse",
    "request_versement",
    "store_reponse",
    "suspend_versement",
    "withdraw_reponse",
]
