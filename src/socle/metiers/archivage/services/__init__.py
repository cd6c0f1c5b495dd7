"""Écritures de l’archivage."""

from socle.metiers.archivage.services.reouverture import request_versement, suspend_versement
from socle.metiers.archivage.services.transmission import mark_transmis
from socle.metiers.archivage.services.versement import create_versement

__all__ = ["create_versement", "mark_transmis", "request_versement", "suspend_versement"]
