"""Fichiers joints à un point d’ordre du jour : publics, ou pour les convoqués."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from socle.fondations.documents.models import Document
from socle.metiers.gouvernance.errors import SaisieRefusee
from socle.metiers.gouvernance.models import PointOrdreDuJour, Reunion
from socle.metiers.gouvernance.services.reunions import lock_reunion
from socle.metiers.gouvernance.services.trace import record_action

PIECES_MAX = 20


@transaction.atomic
def attach_piece(
    *,
    point: PointOrdreDuJour,
    document: Document,
    titre: str,
    public: bool,
    acteur: str,
    maintenant: datetime,
) -> None:
    """Joint un fichier déjà rangé à un point ; le relevé publié n’y change rien.

    Args:
        public: lisible par tous dès la convocation ; sinon par l’équipe et les convoqués.

    Raises:
        SaisieRefusee: trop de documents sur ce point.
    """
    reunion = lock_reunion(point.reunion_id)
    point = PointOrdreDuJour.objects.get(pk=point.pk)
    if len(point.documents) >= PIECES_MAX:
        raise SaisieRefusee(f"{PIECES_MAX} documents au plus par point.")
    point.documents = [
        *point.documents,
        {
            "titre": titre.strip()[:200] or document.nom,
            "fichier": str(document.pk),
            "public": public,
        },
    ]
    point.save(update_fields=["documents", "modifie_le"])
    _record("reunion.fichier_joint", reunion, document.pk, acteur, maintenant)


@transaction.atomic
def detach_piece(
    *, point: PointOrdreDuJour, fichier: str, acteur: str, maintenant: datetime
) -> None:
    """Retire un fichier d’un point ; l’entrepôt l’efface deux jours après.

    Raises:
        SaisieRefusee: ce fichier n’y est pas.
    """
    reunion = lock_reunion(point.reunion_id)
    point = PointOrdreDuJour.objects.get(pk=point.pk)
    gardes = [piece for piece in point.documents if piece.get("fichier") != fichier]
    if not fichier or len(gardes) == len(point.documents):
        raise SaisieRefusee("Ce fichier n’est plus joint à ce point.")
    point.documents = gardes
    point.save(update_fields=["documents", "modifie_le"])
    _record("reunion.fichier_retire", reunion, UUID(fichier), acteur, maintenant)


def find_piece(reunion_id: int, fichier: UUID) -> dict[str, object] | None:
    """Le fichier tel qu’un point de cette réunion le cite ; None s’il n’est plus cité."""
    points = PointOrdreDuJour.objects.filter(
        reunion=reunion_id, documents__contains=[{"fichier": str(fichier)}]
    )
    for pieces in points.order_by("pk").values_list("documents", flat=True):
        return next(piece for piece in pieces if piece.get("fichier") == str(fichier))
    return None


def list_utiles(objet: str, documents: Iterable[Document]) -> set[UUID]:
    """Fichiers encore joints à un point de cette réunion ; les autres seront effacés."""
    pk = objet.partition(":")[2]
    if not pk.isdigit():
        return set()
    return {document.pk for document in documents if find_piece(int(pk), document.pk)}


def _record(
    action: str, reunion: Reunion, fichier: UUID, acteur: str, maintenant: datetime
) -> None:
    record_action(
        action=action,
        objet=reunion.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"document": str(fichier)},
    )
