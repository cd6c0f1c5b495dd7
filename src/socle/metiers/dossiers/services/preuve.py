"""Dossier de preuve d’un dossier : ce qu’un tiers vérifie seul, hors ligne."""

from datetime import datetime

from socle.fondations.documents import queries as documents
from socle.fondations.documents.models import Document
from socle.fondations.documents.services import open_document
from socle.fondations.journal import services as journal
from socle.metiers.dossiers.models import Dossier


def build_dossier_de_preuve(dossier: Dossier, maintenant: datetime) -> bytes:
    """Rend l’archive : documents, entrées du journal, preuves, clés, et le sel du dossier."""
    pieces = [
        (str(piece.pk), piece.nom, read_contenu(piece))
        for piece in documents.list_documents(dossier.objet)
    ]
    return journal.build_preuve(
        objets=[dossier.objet],
        documents=[(f"{identifiant}-{nom}", octets) for identifiant, nom, octets in pieces],
        collectivite_id=dossier.collectivite_id,
        sels={dossier.objet: bytes(dossier.sel)},
        maintenant=maintenant,
    )


def read_contenu(piece: Document) -> bytes:
    with open_document(piece) as fichier:
        return fichier.read()
