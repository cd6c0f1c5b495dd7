"""Différences entre deux versions d’un formulaire, et entre deux états d’une demande."""

import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from socle.fondations.formulaires.conditions import describe_condition
from socle.fondations.formulaires.definition import BlocRepetable, ChampBase, Formulaire, Page
from socle.fondations.formulaires.moteur.resume import LigneResume, lines_resume
from socle.fondations.formulaires.moteur.structure import Structure
from socle.fondations.formulaires.types import get_type
from socle.fondations.formulaires.valeurs import Reponses

_ATTRIBUTS = {
    "libelle": "le libellé", "aide": "l’aide", "obligatoire": "le caractère obligatoire",
    "condition": "la condition d’affichage", "options": "les réponses proposées",
    "autre": "la réponse « Autre »", "minimum": "le minimum", "maximum": "le maximum",
    "au_plus_tot": "la date au plus tôt", "au_plus_tard": "la date au plus tard",
    "longueur_max": "la longueur maximale", "formats": "les formats de fichier",
    "taille_max": "la taille maximale", "nombre": "le nombre de fichiers",
    "modele": "le modèle à remplir", "formule": "la formule", "unite": "l’unité",
    "decimales": "le nombre de décimales", "conclusion": "la conclusion", "niveau": "le niveau",
    "texte": "le texte", "texte_replie": "le texte replié", "etranger": "l’adresse à l’étranger",
    "autocomplete": "la saisie automatique", "code": "la source",
    "correspondances": "les données récupérées", "libelle_ligne": "le nom d’une ligne",
    "libelle_ajout": "le texte du bouton d’ajout",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Changement:
    """Une différence entre deux versions.

    Attributes:
        genre: « ajout », « retrait », « deplacement » ou « modification ».
        champ: identifiant du champ, de la page ou du barème.
        phrase: la différence en français.
        attribut: ce qui change dans le champ (« libelle », « options »…) ; vide sinon.
    """

    genre: str
    champ: str
    phrase: str
    attribut: str = ""

    def __str__(self) -> str:
        return self.phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangementReponse:
    """Une réponse qui diffère entre deux états d’une demande."""

    chemin: str
    libelle: str
    avant: str
    apres: str


def compare_versions(avant: Formulaire, apres: Formulaire) -> list[Changement]:
    """Rend ce qui change d’une version à l’autre, dans l’ordre de lecture de la nouvelle."""
    return [
        *_compare_pages(avant, apres),
        *_compare_champs(avant, apres),
        *_compare_baremes(avant, apres),
    ]


def _compare_pages(avant: Formulaire, apres: Formulaire) -> Iterator[Changement]:
    anciennes = {page.id: page for page in avant.pages}
    nouvelles = {page.id: page for page in apres.pages}
    for page in apres.pages:
        if page.id not in anciennes:
            yield Changement(
                genre="ajout", champ=page.id, phrase=f"La page « {page.titre} » est ajoutée."
            )
        else:
            yield from _compare_page(anciennes[page.id], page, avant, apres)
    for page in avant.pages:
        if page.id not in nouvelles:
            phrase = f"La page « {page.titre} » est retirée."
            yield Changement(genre="retrait", champ=page.id, phrase=phrase)
    communes = [page.id for page in avant.pages if page.id in nouvelles]
    if communes != [page.id for page in apres.pages if page.id in anciennes]:
        yield Changement(genre="deplacement", champ="", phrase="L’ordre des pages change.")


def _compare_page(
    ancienne: Page, nouvelle: Page, avant: Formulaire, apres: Formulaire
) -> Iterator[Changement]:
    nom = f"Page « {nouvelle.titre} »"
    if ancienne.titre != nouvelle.titre:
        phrase = f"La page « {ancienne.titre} » s’appelle maintenant « {nouvelle.titre} »."
        yield Changement(genre="modification", champ=nouvelle.id, phrase=phrase)
    if ancienne.description != nouvelle.description:
        phrase = f"{nom} : la description change."
        yield Changement(genre="modification", champ=nouvelle.id, phrase=phrase)
    if ancienne.condition != nouvelle.condition:
        phrase = f"{nom} : {_describe_condition(ancienne, nouvelle, avant, apres)}."
        yield Changement(genre="modification", champ=nouvelle.id, phrase=phrase)


def _index(formulaire: Formulaire) -> dict[str, tuple[str, int, ChampBase]]:
    """Rend identifiant → (contenant, rang dans le contenant, champ)."""
    index: dict[str, tuple[str, int, ChampBase]] = {}
    rangs: dict[str, int] = {}
    for page, bloc, champ in formulaire.iter_champs():
        contenant = bloc.id if bloc else page.id
        rangs[contenant] = rangs.get(contenant, 0) + 1
        index.setdefault(champ.id, (contenant, rangs[contenant], champ))
    return index


def _compare_champs(avant: Formulaire, apres: Formulaire) -> Iterator[Changement]:
    anciens, nouveaux = _index(avant), _index(apres)
    deplaces = _list_deplaces(anciens, nouveaux)
    for identifiant, (_, _, champ) in nouveaux.items():
        nom = _name(champ)
        if identifiant not in anciens:
            type_ = get_type(champ).nom.lower()
            yield Changement(
                genre="ajout", champ=identifiant, phrase=f"{nom} est ajouté ({type_})."
            )
            continue
        yield from _compare_champ(anciens[identifiant][2], champ, avant, apres)
        if identifiant in deplaces:
            phrase = f"{nom} change de place."
            yield Changement(genre="deplacement", champ=identifiant, phrase=phrase)
    for identifiant, (_, _, champ) in anciens.items():
        if identifiant not in nouveaux:
            phrase = f"{_name(champ)} est retiré."
            yield Changement(genre="retrait", champ=identifiant, phrase=phrase)


def _list_deplaces(
    anciens: Mapping[str, tuple[str, int, ChampBase]],
    nouveaux: Mapping[str, tuple[str, int, ChampBase]],
) -> set[str]:
    """Rend les champs dont le contenant change, ou que d’autres champs gardés ont dépassés."""
    gardes = [identifiant for identifiant in nouveaux if identifiant in anciens]
    deplaces = {i for i in gardes if anciens[i][0] != nouveaux[i][0]}
    restes = [i for i in gardes if i not in deplaces]
    suite = _longest_ordered([anciens[i][1] for i in restes], [anciens[i][0] for i in restes])
    return deplaces | {i for rang, i in enumerate(restes) if rang not in suite}


def _longest_ordered(rangs: list[int], contenants: list[str]) -> set[int]:
    """Rend les positions à garder pour que, dans chaque contenant, les rangs croissent."""
    gardees: set[int] = set()
    for contenant in dict.fromkeys(contenants):
        positions = [p for p, c in enumerate(contenants) if c == contenant]
        fins: list[int] = []
        chaine: list[int] = []
        precedents: dict[int, int | None] = {}
        for position in positions:
            place = bisect.bisect_left(fins, rangs[position])
            fins[place : place + 1] = [rangs[position]]
            chaine[place : place + 1] = [position]
            precedents[position] = chaine[place - 1] if place else None
        courant: int | None = chaine[-1]
        while courant is not None:
            gardees.add(courant)
            courant = precedents[courant]
    return gardees


def _compare_champ(
    ancien: ChampBase, nouveau: ChampBase, avant: Formulaire, apres: Formulaire
) -> Iterator[Changement]:
    nom = _name(nouveau)
    if type(ancien) is not type(nouveau):
        types = f"{get_type(ancien).nom.lower()} devient {get_type(nouveau).nom.lower()}"
        yield Changement(genre="modification", champ=nouveau.id, phrase=f"{nom} : {types}.")
        return
    for attribut in type(nouveau).model_fields:
        avant_, apres_ = getattr(ancien, attribut), getattr(nouveau, attribut)
        if attribut in ("id", "type", "champs") or avant_ == apres_:
            continue
        phrase = _describe_attribut(attribut, ancien, nouveau, avant, apres)
        yield Changement(genre="modification", champ=nouveau.id, phrase=f"{nom} : {phrase}.")


def _describe_attribut(
    attribut: str, ancien: ChampBase, nouveau: ChampBase, avant: Formulaire, apres: Formulaire
) -> str:
    if attribut == "libelle":
        return f"le libellé était « {ancien.libelle} »"
    if attribut == "obligatoire":
        return "devient obligatoire" if getattr(nouveau, attribut) else "devient facultatif"
    if attribut == "condition":
        return _describe_condition(ancien, nouveau, avant, apres)
    if attribut == "options":
        return _describe_options(ancien, nouveau)
    return f"{_ATTRIBUTS.get(attribut, attribut)} change"


def _describe_condition(
    ancien: ChampBase | Page, nouveau: ChampBase | Page, avant: Formulaire, apres: Formulaire
) -> str:
    champs = {c.id: c for f in (avant, apres) for _, _, c in f.iter_champs()}
    if nouveau.condition is None:
        return "s’affiche toujours"
    return f"s’affiche maintenant si {describe_condition(nouveau.condition, champs)}"


def _describe_options(ancien: Any, nouveau: Any) -> str:
    anciennes = {o.id: o.libelle for o in ancien.options}
    nouvelles = {o.id: o.libelle for o in nouveau.options}
    morceaux = [f"« {nouvelles[o]} » s’ajoute" for o in nouvelles if o not in anciennes]
    morceaux += [f"« {anciennes[o]} » disparaît" for o in anciennes if o not in nouvelles]
    morceaux += [
        f"« {anciennes[o]} » devient « {nouvelles[o]} »"
        for o in nouvelles
        if o in anciennes and anciennes[o] != nouvelles[o]
    ]
    return ", ".join(morceaux) or "l’ordre des réponses proposées change"


def _compare_baremes(avant: Formulaire, apres: Formulaire) -> Iterator[Changement]:
    anciens = {bareme.id: bareme for bareme in avant.baremes}
    nouveaux = {bareme.id: bareme for bareme in apres.baremes}
    for identifiant in {**anciens, **nouveaux}:
        ancien, nouveau = anciens.get(identifiant), nouveaux.get(identifiant)
        if ancien == nouveau:
            continue
        montre = nouveau or ancien
        nom = f"Le barème « {(montre.libelle if montre else '') or identifiant} »"
        if ancien and nouveau:
            yield Changement(genre="modification", champ=identifiant, phrase=f"{nom} change.")
        else:
            genre, mot = ("ajout", "ajouté") if nouveau else ("retrait", "retiré")
            yield Changement(genre=genre, champ=identifiant, phrase=f"{nom} est {mot}.")


def _name(champ: ChampBase) -> str:
    nom = "Le bloc" if isinstance(champ, BlocRepetable) else "Le champ"
    return f"{nom} « {champ.libelle or champ.id} »"


def compare_reponses(
    structure_avant: Structure,
    structure_apres: Structure,
    avant: Reponses,
    apres: Reponses,
    jour: date,
) -> list[ChangementReponse]:
    """Rend les réponses visibles qui diffèrent, dans l’ordre de lecture de la seconde version."""
    anciennes = _index_lignes(structure_avant, avant, jour)
    nouvelles = _index_lignes(structure_apres, apres, jour)
    changements = []
    for chemin in {**nouvelles, **anciennes}:
        ancienne, nouvelle = anciennes.get(chemin), nouvelles.get(chemin)
        if _content(ancienne) == _content(nouvelle):
            continue
        montree = nouvelle or ancienne
        changements.append(
            ChangementReponse(
                chemin=chemin,
                libelle=montree.libelle if montree else chemin,
                avant=ancienne.texte if ancienne else "",
                apres=nouvelle.texte if nouvelle else "",
            )
        )
    return changements


def _content(ligne: LigneResume | None) -> tuple[str, tuple[str, ...]]:
    """Rend ce qui compte d’une ligne : son texte et ses documents (même nom, autre fichier)."""
    if ligne is None:
        return "", ()
    return ligne.texte, tuple(str(piece.get("document")) for piece in ligne.pieces)


def _index_lignes(structure: Structure, reponses: Reponses, jour: date) -> dict[str, LigneResume]:
    index = {}
    for page in lines_resume(structure, reponses, jour):
        prefixe = ""
        for ligne in page.lignes:
            if ligne.genre == "groupe":
                prefixe = f"{ligne.libelle}, "
            elif ligne.genre != "titre":
                dans_bloc = "-" in ligne.chemin
                index[ligne.chemin] = _prefix(ligne, prefixe) if dans_bloc else ligne
    return index


def _prefix(ligne: LigneResume, prefixe: str) -> LigneResume:
    return LigneResume(
        chemin=ligne.chemin,
        libelle=f"{prefixe}{ligne.libelle}",
        texte=ligne.texte,
        pieces=ligne.pieces,
    )
