"""Écritures sur les démarches."""

from socle.metiers.demarches.services.brouillon import (
    discard_brouillon,
    open_brouillon,
    undo_modification,
    update_brouillon,
)
from socle.metiers.demarches.services.controles import check_publication, list_defauts_formulaire
from socle.metiers.demarches.services.demarche import (
    compute_empreinte,
    create_demarche,
    update_demarche,
)
from socle.metiers.demarches.services.echange import (
    duplicate_demarche,
    export_demarche,
    import_demarche,
)
from socle.metiers.demarches.services.publication import close_demarche, publish_version

__all__ = [
    "check_publication",
    "close_demarche",
    "compute_empreinte",
    "create_demarche",
    "discard_brouillon",
    "duplicate_demarche",
    "export_demarche",
    "import_demarche",
    "list_defauts_formulaire",
    "open_brouillon",
    "publish_version",
    "undo_modification",
    "update_brouillon",
    "update_demarche",
]
