"""Écritures de l’opérateur et des administrateurs ; essais des connecteurs."""

from socle.fondations.administration.services.collectivites import (
    APPARENCE,
    change_acces,
    change_apparence,
    change_fiche,
    change_logo,
    create_collectivite,
    invite_administrateur,
    save_service,
)
from socle.fondations.administration.services.connecteurs import (
    list_sondes,
    list_sondes_ici,
    run_sondes,
)
from socle.fondations.administration.services.installation import list_etats_installation
from socle.fondations.administration.services.journal import build_preuve_objet, record_export

__all__ = [
    "APPARENCE",
    "build_preuve_objet",
    "change_acces",
    "change_apparence",
    "change_fiche",
    "change_logo",
    "create_collectivite",
    "invite_administrateur",
    "list_etats_installation",
    "list_sondes",
    "list_sondes_ici",
    "record_export",
    "run_sondes",
    "save_service",
]
