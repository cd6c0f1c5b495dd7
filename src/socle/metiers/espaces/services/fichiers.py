"""Ranger un fichier des espaces dans l’entrepôt du programme, et dire qui peut le lire."""

from datetime import datetime
from typing import Any

from socle.fondations.collectivites.services import get_programme
from socle.fondations.documents.models import Document
from socle.fondations.documents.ports import MO, Regles
from socle.fondations.documents.services import receive_document

REGLES = Regles(taille_max=50 * MO, nombre_max=200, total_max=2_000 * MO)


def receive_fichier(*, fichier: Any, objet: str, acteur: str, maintenant: datetime) -> Document:
    """Range un fichier déposé ; à appeler hors transaction.

    Raises:
        DocumentVide, DocumentTropLourd, TypeRefuse, TropDeDocuments, EntrepotIndisponible.
    """
    return receive_document(
        collectivite=get_programme(),
        fichier=fichier,
        nom=fichier.name or "",
        objet=objet,
        depose_par=acteur,
        maintenant=maintenant,
        regles=REGLES,
    )
