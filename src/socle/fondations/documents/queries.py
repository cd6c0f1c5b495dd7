"""Lectures des documents, toujours sous le locataire courant."""

from uuid import UUID

from django.db.models import QuerySet

from socle.fondations.documents.models import Document


def list_documents(objet: str) -> QuerySet[Document]:
    """Documents présents d’un objet, dans l’ordre du dépôt."""
    return Document.objects.courants().presents().filter(objet=objet).order_by("pk")


def find_document(identifiant: UUID | str) -> Document | None:
    """Trouve un document, retiré ou non, dans la collectivité courante."""
    return (
        Document.objects.courants()
        .filter(pk=identifiant)
        .select_related("collectivite")
        .order_by("pk")
        .first()
    )
