"""Qui peut lire un modèle à remplir."""

from typing import Any

from django.http import HttpRequest

from socle.fondations.comptes.permissions import read_portee
from socle.fondations.documents.models import Document
from socle.metiers.demarches.queries import is_document_cite, list_demarches
from socle.metiers.demarches.views.chantier import LECTEURS


def can_read_modele(request: HttpRequest, document: Document) -> bool:
    """Tout le monde lit un modèle publié, comme la page publique qui le propose.

    Celui d’un brouillon n’est lu que par les agents du service de la démarche.
    """
    if is_document_cite(document.collectivite_id, str(document.pk), publies=True):
        return True
    agent: Any = request.user
    portee = read_portee(agent, document.collectivite, *LECTEURS)
    siennes = list_demarches(document.collectivite, portee)
    return siennes.filter(pk=int(document.objet.partition(":")[2])).exists()
