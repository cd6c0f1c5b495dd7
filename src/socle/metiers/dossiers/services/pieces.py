"""Quels documents d’un dossier servent encore : les autres sont nettoyés après deux jours."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from socle.fondations.documents.models import Document
from socle.fondations.documents.services import remove_document
from socle.metiers.dossiers.models import Dossier, Evenement, ReponseChangee


def list_utiles(objet: str, documents: Iterable[Document]) -> set[UUID]:
    """Rend les documents cités par les réponses, la correction, l’accusé ou la décision.

    Ceux d’une question que le nouveau formulaire ne pose plus restent aussi.

    Un document d’un dossier supprimé n’est plus utile à personne.
    """
    numero = int(objet.partition(":")[2])
    dossier = (
        Dossier.objects.filter(numero=numero)
        .only("reponses", "correction", "accuse_id", "decision_id", "collectivite_id")
        .first()
    )
    if dossier is None:
        return set()
    cites = set(iter_documents(dossier.reponses)) | set(iter_documents(dossier.correction))
    emis = Evenement.objects.filter(
        collectivite_id=dossier.collectivite_id, dossier=dossier, document_id__isnull=False
    ).values_list("document_id", flat=True)
    emis_ids = {str(identifiant) for identifiant in emis}
    anciennes = ReponseChangee.objects.filter(
        collectivite_id=dossier.collectivite_id, dossier=dossier, valeur__isnull=False
    ).values_list("valeur", flat=True)
    cites.update(iter_documents(list(anciennes)))
    return {d.pk for d in documents if str(d.pk) in cites | emis_ids}


def keep_deposees(
    pieces: Iterable[Document], reponses: dict[str, Any], maintenant: datetime
) -> list[Document]:
    """Rend les pièces que citent les réponses déposées, et retire les autres.

    Celle d’une question masquée depuis, ou d’un envoi resté sans réponse, n’est pas déposée : ni
    l’agent, ni la preuve, ni les archives n’ont à la recevoir.
    """
    cites, gardees = set(iter_documents(reponses)), []
    for piece in pieces:
        if str(piece.pk) in cites:
            gardees.append(piece)
        else:
            remove_document(document=piece, maintenant=maintenant)
    return gardees


def iter_documents(valeur: Any) -> Iterator[str]:
    """Cherche chaque {"document": …} dans des réponses, lignes de bloc comprises."""
    if isinstance(valeur, dict):
        if isinstance(valeur.get("document"), str):
            yield valeur["document"]
        for element in valeur.values():
            yield from iter_documents(element)
    elif isinstance(valeur, list):
        for element in valeur:
            yield from iter_documents(element)
