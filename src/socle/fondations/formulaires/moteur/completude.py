"""Contrôle d’ensemble avant le dépôt, et ménage des réponses masquées."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from socle.fondations.formulaires.definition import BlocRepetable, PieceJustificative, Source
from socle.fondations.formulaires.moteur.echanges import read_echange
from socle.fondations.formulaires.moteur.etat import Etat, evaluate, make_chemin
from socle.fondations.formulaires.moteur.saisie import CLE_BRUTS
from socle.fondations.formulaires.moteur.structure import ChampCompile, Structure
from socle.fondations.formulaires.types.structure import TypeChampCalcule, list_lignes
from socle.fondations.formulaires.valeurs import Json, Reponses


@dataclass(frozen=True, slots=True, kw_only=True)
class ErreurDepot:
    """Ce qui empêche le dépôt, et où le corriger."""

    page: str
    titre_page: str
    chemin: str
    libelle: str
    message: str


def check_complet(
    structure: Structure, reponses: Reponses, jour: date, pieces: Collection[str] | None = None
) -> list[ErreurDepot]:
    """Rend les erreurs de toutes les pages visibles, dans l’ordre de lecture.

    Args:
        pieces: documents réellement reçus et acceptables ; None pour ne pas le vérifier.
    """
    etat = evaluate(structure, reponses, jour)
    bruts = reponses.get(CLE_BRUTS) or {}
    erreurs = []
    for page in etat.list_pages():
        for chemin, compile_, valeur in etat.iter_reponses(page):
            message = _refuse(compile_, valeur, jour, pieces)
            if not message and chemin in bruts:
                message = "Cette réponse n’a pas pu être lue : reprenez-la."
            if message:
                erreurs.append(
                    ErreurDepot(
                        page=page.id,
                        titre_page=page.page.titre,
                        chemin=chemin,
                        libelle=compile_.champ.libelle,
                        message=message,
                    )
                )
    return erreurs


def _refuse(
    compile_: ChampCompile, valeur: Json, jour: date, pieces: Collection[str] | None
) -> str:
    if not compile_.saisi:
        return ""
    if compile_.type.is_vide(compile_.champ, valeur):
        return compile_.type.message_vide if compile_.obligatoire else ""
    message = compile_.type.check_sur(compile_.champ, valeur, jour)
    if message or pieces is None or not isinstance(compile_.champ, PieceJustificative):
        return message
    perdues = [piece["nom"] for piece in valeur if piece["document"] not in pieces]
    return f"« {perdues[0]} » n’a pas été accepté : joignez-le à nouveau." if perdues else ""


def clean_masquees(structure: Structure, reponses: Reponses, jour: date) -> dict[str, Json]:
    """Rend les réponses à déposer : visibles seulement, calculs refaits, lignes vides retirées.

    Une donnée reçue de l’État pour un champ masqué disparaît aussi de la trace de l’échange.
    """
    etat = evaluate(structure, reponses, jour)
    propres: dict[str, Json] = {}
    for compile_ in structure.ordre:
        if compile_.id not in etat.visibles:
            continue
        valeur = _clean_champ(compile_, reponses.get(compile_.id), etat, compile_.id)
        if valeur is not None:
            propres[compile_.id] = valeur
    return propres


def fill_calculs(structure: Structure, reponses: Reponses, jour: date) -> dict[str, Json]:
    """Rend les réponses avec les champs calculés à jour, sans rien retirer d’autre."""
    etat = evaluate(structure, reponses, jour)
    nouvelles = dict(reponses)
    for compile_ in structure.ordre:
        if isinstance(compile_.type, TypeChampCalcule):
            nouvelles.pop(compile_.id, None)
            valeur = _clean_champ(compile_, None, etat, compile_.id)
            if valeur is not None:
                nouvelles[compile_.id] = valeur
    return nouvelles


def _clean_champ(compile_: ChampCompile, valeur: Json, etat: Etat, chemin: str) -> Json:
    if isinstance(compile_.type, TypeChampCalcule):
        resultat = etat.calculs.get(chemin)
        return compile_.type.store(resultat.valeur) if resultat else None
    if isinstance(compile_.champ, Source):
        return _clean_echange(compile_, etat)
    if isinstance(compile_.champ, BlocRepetable):
        return _clean_bloc(compile_, valeur, etat)
    return None if compile_.type.nature == "aucune" else valeur


def _clean_echange(compile_: ChampCompile, etat: Etat) -> Json:
    echange = dict(read_echange(etat.reponses, compile_.id))
    recues = echange.get("valeurs")
    if isinstance(recues, dict):
        echange["valeurs"] = {c: v for c, v in recues.items() if c in etat.visibles}
    return echange or None


def _clean_bloc(bloc: ChampCompile, valeur: Json, etat: Etat) -> Json:
    lignes = []
    for ligne in list_lignes(valeur):
        valeurs = {}
        for enfant in bloc.enfants:
            chemin = make_chemin(bloc.id, ligne["ligne"], enfant.id)
            if chemin in etat.visibles:
                propre = _clean_champ(enfant, ligne["valeurs"].get(enfant.id), etat, chemin)
                if propre is not None:
                    valeurs[enfant.id] = propre
        if _is_ligne_remplie(bloc, valeurs):
            lignes.append({"ligne": ligne["ligne"], "valeurs": valeurs})
    return lignes or None


def _is_ligne_remplie(bloc: ChampCompile, valeurs: dict[str, Json]) -> bool:
    saisis = (e for e in bloc.enfants if e.saisi)
    return any(valeurs.get(e.id) not in (None, "", [], {}, False) for e in saisis)
