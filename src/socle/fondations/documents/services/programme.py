"""Les fichiers du programme : rangés dans sa collectivité fermée, lus selon l’accès de l’objet."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from socle.fondations.collectivites.queries import PROGRAMME
from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.adresses import prefixe
from socle.fondations.documents.models import Document
from socle.fondations.documents.ports import MO, Regles
from socle.fondations.documents.services.depot import receive_document

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


def build_adresse_fichier(fichier: UUID | str) -> str:
    """Adresse d’un fichier rangé dans l’entrepôt du programme."""
    with prefixe(f"/c/{PROGRAMME}/"):
        return reverse(
            "documents:telecharger", urlconf=settings.URLCONF_COLLECTIVITE, args=[fichier]
        )
