"""Retirer un document ; dire ce que l’antivirus a trouvé."""

from datetime import datetime

from django.db import transaction

from socle.fondations.documents.enums import EtatDocument
from socle.fondations.documents.models import Document
from socle.fondations.documents.signals import document_analyse


def remove_document(*, document: Document, maintenant: datetime) -> None:
    """Retire un document : plus personne ne le lit. Ses octets partent un jour plus tard."""
    if document.retire_le is None:
        document.retire_le = maintenant
        document.save(update_fields=["retire_le", "modifie_le"])


def remove_objet(*, objet: str, maintenant: datetime) -> int:
    """Retire tous les documents d’un objet et rend leur nombre."""
    presents = Document.objects.courants().presents().filter(objet=objet)
    return presents.update(retire_le=maintenant, modifie_le=maintenant)


@transaction.atomic
def record_analyse(*, document: Document, etat: EtatDocument, menace: str = "") -> None:
    """Écrit le verdict de l’antivirus, une fois, et le fait savoir."""
    change = Document.objects.filter(pk=document.pk, etat=EtatDocument.EN_ATTENTE).update(
        etat=etat, menace=menace[:200]
    )
    if change:
        document.etat, document.menace = etat, menace[:200]
        document_analyse.send(Document, document=document)
