"""Modèles à remplir, joints aux pièces d’un formulaire : qui les lit, lesquels servent encore."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.documents.models import Document
from socle.fondations.documents.ports import Regles
from socle.fondations.documents.queries import find_document
from socle.fondations.documents.services import FORMATS, Contenu, record_document
from socle.metiers.demarches.queries import is_document_annulable, is_document_cite

REGLES = Regles(
    taille_max=20_000_000,
    familles=frozenset({"pdf", "document", "tableur"}),
    nombre_max=200,
)


def make_objet(demarche_id: int) -> str:
    """Rend l’objet auquel sont joints les modèles d’une démarche."""
    return f"demarche:{demarche_id}"


def list_utiles(objet: str, documents: Iterable[Document]) -> set[UUID]:
    """Rend les modèles qu’une version cite, ou que « Annuler » peut encore ramener."""
    return {
        document.pk
        for document in documents
        if is_document_cite(document.collectivite_id, str(document.pk), publies=False)
        or is_document_annulable(document.collectivite_id, str(document.pk))
    }


def iter_modeles(definition: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Donne chaque champ qui porte un modèle à remplir, ceux des blocs compris."""
    for page in definition.get("pages", []):
        for champ in page.get("champs", []):
            for candidat in (champ, *champ.get("champs", [])):
                if candidat.get("modele"):
                    yield candidat


def copy_modeles(
    definition: dict[str, Any], *, collectivite: Collectivite, objet: str, maintenant: datetime
) -> None:
    """Joint à une autre démarche les modèles d’une définition copiée, sans recopier d’octets."""
    for champ in iter_modeles(definition):
        try:
            source = find_document(UUID(champ["modele"]["document"]))
        except ValueError:
            source = None
        if source is None:
            del champ["modele"]
            continue
        copie = record_document(
            collectivite=collectivite,
            contenu=Contenu(
                sha256=source.sha256, taille=source.taille, format=FORMATS[source.type_mime]
            ),
            nom=source.nom,
            objet=objet,
            depose_par=source.depose_par,
            maintenant=maintenant,
            regles=REGLES,
        )
        champ["modele"] = {"document": str(copie.pk), "nom": source.nom}


def drop_modeles(definition: dict[str, Any]) -> list[str]:
    """Ôte les modèles d’une définition venue d’ailleurs ; rend les libellés à compléter."""
    champs = list(iter_modeles(definition))
    for champ in champs:
        del champ["modele"]
    return [champ.get("libelle") or champ["id"] for champ in champs]
