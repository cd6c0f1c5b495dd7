"""Écritures sur les démarches."""

from socle.metiers.demarches.services.demarche import (
    check_publication,
    close_demarche,
    create_demarche,
    open_brouillon,
    publish_version,
    undo_modification,
    update_brouillon,
    update_demarche,
)

__all__ = [
    "check_publication",
    "close_demarche",
    "create_demarche",
    "open_brouillon",
    "publish_version",
    "undo_modification",
    "update_brouillon",
    "update_demarche",
]
