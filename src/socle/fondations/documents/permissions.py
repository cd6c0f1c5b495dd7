"""Qui peut lire un document : la règle appartient au métier auquel il est joint."""

from django.http import HttpRequest

from socle.fondations.documents.enums import EtatDocument
from socle.fondations.documents.models import Document
from socle.fondations.documents.ports import acces, get_prefixe


def can_read(request: HttpRequest, document: Document) -> bool:
    """Vrai si le métier de l’objet l’accorde ; sans règle inscrite, personne."""
    regle = acces.get(get_prefixe(document.objet))
    return regle is not None and document.retire_le is None and regle(request, document)


def is_deposant(request: HttpRequest, document: Document) -> bool:
    """Vrai si la personne connectée a déposé elle-même ce fichier."""
    utilisateur = request.user
    return (
        utilisateur.is_authenticated and getattr(utilisateur, "acteur", "") == document.depose_par
    )


def can_open(request: HttpRequest, document: Document) -> bool:
    """Vrai si l’antivirus laisse passer ; le déposant relit son fichier pendant la vérification."""
    if document.etat == EtatDocument.EN_ATTENTE:
        return is_deposant(request, document)
    return document.est_ouvrable
