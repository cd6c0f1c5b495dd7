"""Qui peut lire un modèle à remplir."""

from django.http import HttpRequest

from socle.fondations.comptes.permissions import has_role
from socle.fondations.documents.models import Document
from socle.metiers.demarches.queries import is_document_cite
from socle.metiers.demarches.views.chantier import LECTEURS


def can_read_modele(request: HttpRequest, document: Document) -> bool:
    """Tout le monde lit un modèle publié, comme la page publique qui le propose.

    Celui d’un brouillon n’est lu que par les agents de la collectivité.
    """
    if is_document_cite(document.collectivite_id, str(document.pk), publies=True):
        return True
    return has_role(request.user, document.collectivite, *LECTEURS)  # type: ignore[arg-type]
