"""Inscrire un document : une instruction, deux quand un antivirus est branché."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun import taches
from socle.fondations.commun.ecritures import insert
from socle.fondations.commun.locataire import locataire
from socle.fondations.documents.enums import EtatDocument
from socle.fondations.documents.errors import TropDeDocuments
from socle.fondations.documents.models import Document
from socle.fondations.documents.ports import Regles
from socle.fondations.documents.services.entrepot import Contenu, write_contenu
from socle.fondations.documents.services.formats import FORMATS
from socle.fondations.documents.services.noms import clean_nom

SYSTEME = "systeme"
# Compter et inscrire d’un coup : deux onglets ne passent pas ensemble sous la limite.
INSCRIPTION = """
WITH present AS (
  SELECT count(*) AS nombre, coalesce(sum(taille), 0) AS total FROM documents_document
  WHERE collectivite_id = %(collectivite)s AND objet = %(objet)s AND retire_le IS NULL
)
INSERT INTO documents_document (id, collectivite_id, objet, nom, type_mime, taille, sha256, etat,
  menace, depose_par, depose_le, cree_le, modifie_le)
SELECT %(id)s, %(collectivite)s, %(objet)s, %(nom)s, %(type)s, %(taille)s, %(sha256)s, %(etat)s,
  '', %(depose_par)s, %(maintenant)s, %(maintenant)s, %(maintenant)s
FROM present WHERE nombre < %(nombre_max)s AND total + %(taille)s <= %(total_max)s
"""


def receive_document(
    *,
    collectivite: Collectivite,
    fichier: Any,
    nom: str,
    objet: str,
    depose_par: str,
    maintenant: datetime,
    regles: Regles | None = None,
) -> Document:
    """Reçoit un fichier d’une personne : le range, l’inscrit, et met l’analyse en file.

    À appeler hors transaction (les octets passent avant) ; l’inscription ouvre la sienne.

    Args:
        fichier: `UploadedFile` ou objet binaire avec `read`.
        nom: nom d’origine ; nettoyé, corrigé de son extension si elle ment.
        depose_par: acteur du journal, « usager:34 ».

    Raises:
        DocumentVide, DocumentTropLourd, TypeRefuse, TropDeDocuments, EntrepotIndisponible.
    """
    contenu = write_contenu(
        collectivite_id=collectivite.pk, fichier=fichier, nom=nom, regles=regles
    )
    with locataire(collectivite.pk):
        return record_document(
            collectivite=collectivite,
            contenu=contenu,
            nom=nom,
            objet=objet,
            depose_par=depose_par,
            maintenant=maintenant,
            regles=regles,
        )


@transaction.atomic
def record_document(
    *,
    collectivite: Collectivite,
    contenu: Contenu,
    nom: str,
    objet: str,
    depose_par: str,
    maintenant: datetime,
    regles: Regles | None = None,
) -> Document:
    """Inscrit un contenu déjà rangé par `write_contenu`, dans la transaction de l’appelant.

    Raises:
        TropDeDocuments: l’objet a déjà tous les fichiers, ou tous les octets, permis.
    """
    document = Document(
        collectivite=collectivite,
        objet=objet,
        nom=clean_nom(nom, contenu.format),
        type_mime=contenu.format.type_mime,
        taille=contenu.taille,
        sha256=contenu.sha256,
        etat=EtatDocument.EN_ATTENTE if settings.CLAMAV else EtatDocument.NON_ANALYSE,
        depose_par=depose_par,
        depose_le=maintenant,
    )
    _insert(document, regles or Regles())
    if document.etat == EtatDocument.EN_ATTENTE:
        taches.defer(
            "documents.analyser", collectivite_id=collectivite.pk, document_id=str(document.pk)
        )
    return document


def _insert(document: Document, regles: Regles) -> None:
    with connection.cursor() as curseur:
        curseur.execute(
            INSCRIPTION,
            {
                "id": document.pk,
                "collectivite": document.collectivite_id,
                "objet": document.objet,
                "nom": document.nom,
                "type": document.type_mime,
                "taille": document.taille,
                "sha256": document.sha256,
                "etat": document.etat,
                "depose_par": document.depose_par,
                "maintenant": document.depose_le,
                "nombre_max": regles.nombre_max,
                "total_max": regles.total_max,
            },
        )
        if curseur.rowcount != 1:
            raise TropDeDocuments
    document._state.adding = False  # noqa: SLF001  la ligne existe, posée par l’instruction
    document._state.db = "default"  # noqa: SLF001
    document.cree_le = document.modifie_le = document.depose_le


def store_bytes(
    *,
    collectivite: Collectivite,
    contenu: bytes,
    nom: str,
    objet: str,
    type_mime: str,
    maintenant: datetime,
) -> Document:
    """Range un fichier que nous avons fait (accusé, décision) : sain, sans analyse.

    Raises:
        ValueError: `type_mime` n’est pas celui du contenu.
    """
    return _store(collectivite, BytesIO(contenu), nom, objet, type_mime, maintenant)


def store_file(
    *,
    collectivite: Collectivite,
    chemin: Path,
    nom: str,
    objet: str,
    type_mime: str,
    maintenant: datetime,
) -> Document:
    """Range un fichier fait par nous sur le disque (versement, export), en mémoire constante."""
    with chemin.open("rb") as fichier:
        return _store(collectivite, fichier, nom, objet, type_mime, maintenant)


def _store(
    collectivite: Collectivite,
    fichier: Any,
    nom: str,
    objet: str,
    type_mime: str,
    maintenant: datetime,
) -> Document:
    contenu = write_contenu(collectivite_id=collectivite.pk, fichier=fichier, nom=nom)
    if contenu.format.type_mime != type_mime:
        raise ValueError(f"Contenu {contenu.format.type_mime}, annoncé {type_mime}.")
    document = Document(
        collectivite=collectivite,
        objet=objet,
        nom=clean_nom(nom, FORMATS[type_mime]),
        type_mime=type_mime,
        taille=contenu.taille,
        sha256=contenu.sha256,
        etat=EtatDocument.SAIN,
        depose_par=SYSTEME,
        depose_le=maintenant,
    )
    return insert(document)
