"""Réponses montrées à une personne : résumé, accusé, vue de l’agent, liste, recherche."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from socle.fondations.commun.textes import join_mots
from socle.fondations.formulaires.definition import (
    BlocRepetable,
    ChampCalcule,
    PieceJustificative,
    Source,
    TitreSection,
)
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.formules import Etape, Resultat
from socle.fondations.formulaires.moteur.echanges import find_provenance
from socle.fondations.formulaires.moteur.etat import Etat, evaluate, make_chemin
from socle.fondations.formulaires.moteur.structure import ChampCompile, PageCompilee, Structure
from socle.fondations.formulaires.types.piece import list_pieces
from socle.fondations.formulaires.types.structure import TypeChampCalcule, list_lignes
from socle.fondations.formulaires.valeurs import Json, Reponses, Valeur

RECHERCHE_MAX = 20_000
NON_RENSEIGNE = "Non renseigné"


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneResume:
    """Une ligne d’un résumé.

    Attributes:
        genre: « titre » (sans texte), « groupe » (début d’une ligne de bloc), « reponse »,
            « piece » ou « calcul ».
        texte: la réponse en clair ; vide si elle n’est pas renseignée.
        source: provenance quand l’État a fourni la réponse.
        niveau: 1 à 3 pour un titre, 0 sinon.
        pieces: documents joints, pour en faire des liens.
        etapes: détail d’un calcul.
    """

    chemin: str
    libelle: str
    texte: str = ""
    source: str = ""
    genre: str = "reponse"
    niveau: int = 0
    pieces: Sequence[dict[str, Any]] = ()
    etapes: Sequence[Etape] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResume:
    """Le résumé d’une page visible."""

    id: str
    titre: str
    lignes: list[LigneResume] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calcul:
    """Un champ calculé, prêt à montrer.

    Attributes:
        valeur: forme JSON, None si elle ne peut pas encore être calculée.
        texte: « 912 € », ou vide.
        attente: « en attente de « Nombre de parts » », ou vide.
        erreur: phrase si le calcul est impossible.
        conclusion: phrase de la définition, « {valeur} » remplacé.
    """

    chemin: str
    libelle: str
    valeur: Json = None
    texte: str = ""
    attente: str = ""
    erreur: str = ""
    conclusion: str = ""
    etapes: tuple[Etape, ...] = ()


def make_calcul(
    structure: Structure, chemin: str, champ: ChampCalcule, resultat: Resultat
) -> Calcul:
    """Rend un résultat de formule avec ses mots."""
    type_calcul = structure.champs[champ.id].type
    valeur = (
        type_calcul.store(resultat.valeur) if isinstance(type_calcul, TypeChampCalcule) else None
    )
    texte = type_calcul.show(champ, valeur)
    attendus = [f"« {structure.libelles.libelles.get(m, m)} »" for m in resultat.manquants]
    return Calcul(
        chemin=chemin,
        libelle=champ.libelle,
        valeur=valeur,
        texte=texte,
        attente=f"en attente de {join_mots(attendus)}" if attendus else "",
        erreur=resultat.erreur,
        conclusion=champ.conclusion.replace("{valeur}", texte) if texte else "",
        etapes=resultat.etapes,
    )


def calculate(structure: Structure, reponses: Reponses, jour: date) -> dict[str, Calcul]:
    """Rend chaque champ calculé visible, par chemin."""
    etat = evaluate(structure, reponses, jour)
    return list_calculs(structure, etat)


def list_calculs(structure: Structure, etat: Etat) -> dict[str, Calcul]:
    """Rend les calculs d’un état déjà évalué."""
    calculs = {}
    for chemin, resultat in etat.calculs.items():
        champ = structure.champs[chemin.rpartition("-")[2]].champ
        if isinstance(champ, ChampCalcule):
            calculs[chemin] = make_calcul(structure, chemin, champ, resultat)
    return calculs


def lines_resume(structure: Structure, reponses: Reponses, jour: date) -> list[PageResume]:
    """Rend le résumé, page par page, sans les pages ni les champs masqués."""
    etat = evaluate(structure, reponses, jour)
    resumes = []
    for page in etat.list_pages():
        lignes = _list_lignes_page(structure, etat, page)
        if any(ligne.genre != "titre" for ligne in lignes):
            resumes.append(PageResume(id=page.id, titre=page.page.titre, lignes=lignes))
    return resumes


def _list_lignes_page(structure: Structure, etat: Etat, page: PageCompilee) -> list[LigneResume]:
    lignes: list[LigneResume] = []
    for compile_ in page.champs:
        if compile_.id not in etat.visibles:
            continue
        valeur = etat.reponses.get(compile_.id)
        if isinstance(compile_.champ, BlocRepetable):
            lignes.extend(_list_lignes_bloc(structure, etat, compile_, compile_.champ, valeur))
        elif ligne := _make_ligne(structure, etat, compile_, compile_.id, valeur):
            lignes.append(ligne)
    return lignes


def _list_lignes_bloc(
    structure: Structure, etat: Etat, bloc: ChampCompile, champ: BlocRepetable, valeur: Json
) -> list[LigneResume]:
    stockees = list_lignes(valeur)
    if not stockees:
        return [LigneResume(chemin=bloc.id, libelle=champ.libelle)]
    lignes = []
    for rang, stockee in enumerate(stockees, 1):
        titre = f"{champ.libelle_ligne} {rang}"
        chemin = f"{bloc.id}-{stockee['ligne']}"
        lignes.append(LigneResume(chemin=chemin, libelle=titre, genre="groupe"))
        for enfant in bloc.enfants:
            chemin = make_chemin(bloc.id, stockee["ligne"], enfant.id)
            if chemin in etat.visibles:
                reponse = stockee["valeurs"].get(enfant.id)
                if ligne := _make_ligne(structure, etat, enfant, chemin, reponse):
                    lignes.append(ligne)
    return lignes


def _make_ligne(
    structure: Structure, etat: Etat, compile_: ChampCompile, chemin: str, valeur: Json
) -> LigneResume | None:
    champ = compile_.champ
    if isinstance(champ, TitreSection):
        return LigneResume(chemin=chemin, libelle=champ.libelle, genre="titre", niveau=champ.niveau)
    if isinstance(champ, ChampCalcule):
        calcul = make_calcul(structure, chemin, champ, etat.calculs[chemin])
        return LigneResume(
            chemin=chemin,
            libelle=champ.libelle,
            texte=calcul.texte or calcul.erreur or calcul.attente,
            genre="calcul",
            etapes=calcul.etapes,
        )
    if not compile_.saisi or isinstance(champ, Source):
        return None
    piece = isinstance(champ, PieceJustificative)
    vide = valeur is None and compile_.type.nature is not Nature.BOOLEEN
    return LigneResume(
        chemin=chemin,
        libelle=champ.libelle,
        texte="" if vide else compile_.type.show(champ, valeur),
        source=find_provenance(compile_, etat.reponses),
        genre="piece" if piece else "reponse",
        pieces=list_pieces(valeur) if piece else (),
    )


def make_projection(structure: Structure, reponses: Reponses, jour: date) -> dict[str, Valeur]:
    """Rend identifiant → valeur typée (texte, Decimal, date, booléen) des champs hors bloc."""
    etat = evaluate(structure, reponses, jour)
    projection: dict[str, Valeur] = {}
    for compile_ in structure.ordre:
        if compile_.id not in etat.visibles or compile_.type.nature is Nature.AUCUNE:
            continue
        if isinstance(compile_.champ, ChampCalcule):
            valeur = etat.valeurs.get(compile_.id)
        else:
            valeur = compile_.type.project(compile_.champ, reponses.get(compile_.id))
        if valeur is not None:
            projection[compile_.id] = valeur
    return projection


def make_recherche(structure: Structure, reponses: Reponses, jour: date) -> str:
    """Rend le texte à indexer : les réponses visibles, sans les doublons, borné."""
    etat = evaluate(structure, reponses, jour)
    textes: dict[str, None] = {}
    for _, compile_, valeur in etat.iter_reponses():
        if compile_.saisi and valeur is not None:
            textes[compile_.type.search_text(compile_.champ, valeur)] = None
    return " ".join(texte for texte in textes if texte)[:RECHERCHE_MAX]
