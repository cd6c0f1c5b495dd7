"""Ce qu’un dossier décidé donne à l’archivage : des valeurs simples, aucun modèle à suivre."""

from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

from socle.fondations.documents import queries as documents
from socle.fondations.documents.models import Document
from socle.fondations.documents.services import open_document
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.queries.dossier import list_evenements
from socle.normes.delais.calculs import to_jour

Description = dict[str, Any]


def describe_pour_archive(numero: int) -> Description | None:
    """Rend les arguments du versement d’un dossier décidé ; None s’il ne l’est pas (ou plus).

    Le titre et les événements ne portent aucun nom : ceux-ci restent dans les pièces.
    """
    dossier = (
        Dossier.objects.select_related("collectivite", "demarche__service", "demarche__regle")
        .filter(numero=numero)
        .first()
    )
    if dossier is None or dossier.decide_le is None or dossier.depose_le is None:
        return None
    decision = to_jour(dossier.decide_le)
    service = dossier.demarche.service
    return {
        "collectivite": dossier.collectivite,
        "reference": dossier.reference,
        "titre": f"{dossier.demarche.titre}, dossier {dossier.numero}",
        "description": (
            f"Demande reçue {dossier.get_canal_display().lower()},"
            f" {dossier.get_etat_display().lower()}."
        ),
        "dates": (to_jour(dossier.depose_le), decision, decision),
        "producteur": service.nom if service else dossier.collectivite.nom,
        "regle": dossier.demarche.regle,
        "pieces": [
            (piece.nom, make_ouvrir(piece), piece.type_mime, find_role(dossier, piece))
            for piece in documents.list_documents(dossier.objet)
        ],
        "evenements": [
            (e.instant, e.fait, e.get_fait_display(), f"compte:{e.auteur_id or 0}")
            for e in list_evenements(dossier)
        ],
    }


def make_ouvrir(piece: Document) -> Callable[[], BinaryIO]:
    return partial(open_document, piece)


def find_role(dossier: Dossier, piece: Document) -> str:
    """Rend le rôle de la pièce dans le versement : décision, accusé, ou pièce de l’usager."""
    if piece.pk == dossier.decision_id:
        return "decision"
    return "accuse" if piece.pk == dossier.accuse_id else "justificatif"
