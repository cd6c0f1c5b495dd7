"""Ce qu’un dossier décidé donne à l’archivage : des valeurs simples, aucun modèle à suivre."""

import io
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from typing import Any, BinaryIO

from socle.fondations.documents import queries as documents
from socle.fondations.documents.models import Document
from socle.fondations.documents.services import open_document
from socle.metiers.dossiers.exports.demande import build_demande
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.queries.dossier import list_evenements
from socle.metiers.dossiers.queries.pieces import JUSTIFICATIF, RETIREE, find_roles
from socle.normes.delais.calculs import to_jour
from socle.normes.preuve.json_canonique import encode_json

Description = dict[str, Any]
PieceDecrite = tuple[str, Callable[[], BinaryIO], str, str]


def describe_pour_archive(numero: int) -> Description | None:
    """Rend les arguments du versement d’un dossier décidé ; None s’il ne l’est pas (ou plus).

    Le titre et les événements ne portent aucun nom : ceux-ci restent dans les pièces.
    """
    dossier = _find(numero)
    if dossier is None or dossier.decide_le is None or dossier.depose_le is None:
        return None
    if not dossier.sel:  # éliminé avec le visa des Archives : plus rien à verser
        return None
    decision = to_jour(dossier.decide_le)
    service = dossier.demarche.service
    return {
        "collectivite": dossier.collectivite,
        "reference": dossier.reference,
        "cle": _compute_cle(dossier),
        "titre": f"{dossier.demarche.titre}, dossier {dossier.numero}",
        "description": (
            f"Demande reçue {dossier.get_canal_display().lower()},"
            f" {dossier.get_etat_display().lower()}."
        ),
        "dates": (to_jour(dossier.depose_le), decision, decision),
        "producteur": service.nom if service else dossier.collectivite.nom,
        "regle": dossier.demarche.regle,
        "pieces": [*_iter_demande(dossier), *_iter_documents(dossier)],
        "evenements": [
            (e.instant, e.fait, e.get_fait_display(), f"compte:{e.auteur_id or 0}")
            for e in list_evenements(dossier)
        ],
    }


def read_cle(numero: int) -> str:
    """Rend l’empreinte de ce qui serait versé maintenant ; vide si le dossier n’est pas décidé."""
    dossier = _find(numero)
    return _compute_cle(dossier) if dossier and dossier.decide_le else ""


def _find(numero: int) -> Dossier | None:
    liens = ("collectivite", "demarche__service", "demarche__regle")
    return Dossier.objects.select_related(*liens).filter(numero=numero).first()


def _compute_cle(dossier: Dossier) -> str:
    """Change avec la décision et les réponses, et avec elles seules."""
    return sha256(f"{dossier.decision_id} ".encode() + encode_json(dossier.reponses)).hexdigest()


def _iter_demande(dossier: Dossier) -> Iterator[PieceDecrite]:
    """La demande décidée, pour une personne puis pour un programme, et les réponses du dépôt."""
    fichiers = {
        f"demande-{dossier.reference}.pdf": ("application/pdf", build_demande(dossier)),
        f"reponses-{dossier.reference}.json": (
            "application/json",
            encode_json(dossier.reponses),
        ),
    }
    if dossier.reponses_deposees is not None:
        fichiers[f"reponses-au-depot-{dossier.reference}.json"] = (
            "application/json",
            encode_json(dossier.reponses_deposees),
        )
    for nom, (type_mime, octets) in fichiers.items():
        yield nom, partial(io.BytesIO, octets), type_mime, "demande"


def _iter_documents(dossier: Dossier) -> Iterator[PieceDecrite]:
    """Les documents : leur rôle vient de ce qui est arrivé au dossier."""
    roles = find_roles(dossier, list_evenements(dossier))
    for piece in documents.list_documents(dossier.objet):
        role = roles.get(str(piece.pk), JUSTIFICATIF)
        nom = f"remplacee-{piece.nom}" if role == RETIREE else piece.nom
        yield nom, make_ouvrir(piece), piece.type_mime, role


def make_ouvrir(piece: Document) -> Callable[[], BinaryIO]:
    return partial(open_document, piece)
