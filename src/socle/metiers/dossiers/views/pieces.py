"""Pièces jointes d’une page : rangées hors transaction, refusées une à une, jamais perdues."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.documents.errors import TropDeDocuments
from socle.fondations.documents.ports import Regles
from socle.fondations.documents.services import receive_document
from socle.fondations.formulaires.definition import PieceJustificative
from socle.fondations.formulaires.moteur import FormulaireCompile, Saisie, update_pieces
from socle.metiers.dossiers.errors import TropDeFichiers
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.queries.dossier import get_formulaire
from socle.metiers.dossiers.services.abus import POIDS_MAX, count_fichiers_permis

FAMILLES = {"pdf": "pdf", "image": "image"}


def receive_pieces(request: HttpRequest, dossier: Dossier, acces: Acces, saisie: Saisie) -> None:
    """Range les fichiers admis de la page et les rattache aux réponses ; dit pourquoi un refus."""
    formulaire = get_formulaire(dossier.version_id)
    for chemin, fichiers in saisie.fichiers.items():
        regles = build_regles(formulaire, chemin, invite=acces.compte is None)
        for fichier in fichiers:
            try:
                piece = receive_piece(request, dossier, acces, fichier, regles)
            except TropDeDocuments as refus:
                cause = refus if acces.compte else TropDeFichiers()
                saisie.erreurs[chemin] = f"{cause.message} {cause.suite}"
            except ErreurMetier as refus:
                saisie.erreurs[chemin] = f"{refus.message} {refus.suite}".strip()
            else:
                update_pieces(saisie.valeurs, chemin, ajouter=[piece])


def receive_piece(
    request: HttpRequest, dossier: Dossier, acces: Acces, fichier: Any, regles: Regles
) -> dict[str, Any]:
    """Range un fichier ; rend ce que la réponse garde de lui."""
    document = receive_document(
        collectivite=request.collectivite,
        fichier=fichier,
        nom=fichier.name or "fichier",
        objet=dossier.objet,
        depose_par=acces.acteur(),
        maintenant=timezone.now(),
        regles=regles,
    )
    return {
        "document": str(document.pk),
        "nom": document.nom,
        "taille": document.taille,
        "type_mime": document.type_mime,
    }


def build_regles(formulaire: FormulaireCompile, chemin: str, *, invite: bool) -> Regles:
    """Traduit les limites du champ en règles de dépôt ; un invité en a de plus étroites."""
    champ = formulaire.structure.champs[chemin.rpartition("-")[2]].champ
    if not isinstance(champ, PieceJustificative):
        return Regles()
    regles = Regles(taille_max=champ.taille_max, familles=frozenset(champ.formats))
    if not invite:
        return regles
    nombre = min(regles.nombre_max, count_fichiers_permis(formulaire))
    return replace(regles, nombre_max=nombre, total_max=POIDS_MAX)
