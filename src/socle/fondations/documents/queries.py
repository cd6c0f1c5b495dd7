"""Lectures des documents, toujours sous le locataire courant."""

from uuid import UUID

from socle.fondations.commun.lectures import Lecture, Parametre
from socle.fondations.commun.locataire import current_collectivite_id
from socle.fondations.documents.models import Document, DocumentQuerySet

DOCUMENTS = Lecture(
    lambda: (
        Document.objects.presents()
        .filter(collectivite=Parametre("collectivite"), objet=Parametre("objet"))
        .order_by("pk")
    )
)
DOCUMENT = Lecture(
    lambda: Document.objects.filter(
        collectivite=Parametre("collectivite"), pk=Parametre("identifiant")
    ).select_related("collectivite")
)


def list_documents(objet: str) -> DocumentQuerySet:
    """Documents présents d’un objet, dans l’ordre du dépôt."""
    return Document.objects.courants().presents().filter(objet=objet).order_by("pk")


def read_documents(objet: str) -> list[Document]:
    """Les mêmes, par une lecture gardée composée."""
    return DOCUMENTS.fetch(collectivite=current_collectivite_id() or 0, objet=objet)


def find_document(identifiant: UUID | str) -> Document | None:
    """Trouve un document, retiré ou non, dans la collectivité courante."""
    return DOCUMENT.first(collectivite=current_collectivite_id() or 0, identifiant=identifiant)
