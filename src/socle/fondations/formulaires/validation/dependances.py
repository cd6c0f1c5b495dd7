"""Contrôles de ce qui dépend d’autre chose : conditions, formules, cycles, sources."""

from collections.abc import Iterator
from typing import Any

from socle.fondations.formulaires.conditions import check_condition, list_references
from socle.fondations.formulaires.definition import (
    ChampBase,
    ChampCalcule,
    ChoixMultiple,
    ChoixSimple,
    Page,
    is_obligatoire,
)
from socle.fondations.formulaires.enums import Gravite, Nature
from socle.fondations.formulaires.formules import (
    EnvironnementTypes,
    TypeFormule,
    check_formule,
    list_noms,
    type_of_nature,
)
from socle.fondations.formulaires.types import get_type
from socle.fondations.formulaires.valeurs import AUTRE
from socle.fondations.formulaires.validation.anomalie import (
    Anomalie,
    Element,
    Index,
    make_anomalie_page,
)

PASSES_MAX = 50  # calculs en chaîne : au-delà, le type d’un calcul reste inconnu


def check_dependances(index: Index) -> Iterator[Anomalie]:
    """Contrôle conditions et formules : forme, champs cités, ordre, blocs, cycles."""
    types = infer_types(index)
    natures = _list_natures(index, types)
    champs = index.champs()
    for element in index.elements:
        yield from _check_condition(index, element, natures, champs)
        if isinstance(element.champ, ChampCalcule):
            yield from _check_formule(index, element, element.champ, types)
    for rang, page in enumerate(index.definition.pages):
        yield from _check_condition_page(index, rang, page, natures, champs)
    yield from _check_cycles(index)


def infer_types(index: Index) -> dict[str, TypeFormule]:
    """Rend le type de formule de chaque champ, calculs compris (de proche en proche)."""
    types: dict[str, TypeFormule] = {}
    calculs = []
    for identifiant, element in index.par_id.items():
        if isinstance(element.champ, ChampCalcule):
            calculs.append(element.champ)
        elif trouve := type_of_nature(element.nature):
            types[identifiant] = trouve
    for _ in range(PASSES_MAX):
        avant = len(types)
        for champ in calculs:
            _infer_calcul(champ, types, _baremes(index))
        if len(types) == avant:
            break
    return {champ.id: TypeFormule.NOMBRE for champ in calculs} | types


def _infer_calcul(
    champ: ChampCalcule, types: dict[str, TypeFormule], baremes: frozenset[str]
) -> None:
    if champ.id in types or not list_noms(champ.formule) <= types.keys() | baremes:
        return
    environnement = EnvironnementTypes(types=types, baremes=baremes)
    resultat = check_formule(champ.formule, environnement)[0]
    if resultat:
        types[champ.id] = resultat


def _baremes(index: Index) -> frozenset[str]:
    return frozenset(bareme.id for bareme in index.definition.baremes)


_NATURES = {
    TypeFormule.NOMBRE: Nature.NOMBRE,
    TypeFormule.TEXTE: Nature.TEXTE,
    TypeFormule.BOOLEEN: Nature.BOOLEEN,
    TypeFormule.DATE: Nature.DATE,
}


def _list_natures(index: Index, types: dict[str, TypeFormule]) -> dict[str, Nature]:
    natures = index.natures()
    for identifiant, element in index.par_id.items():
        if isinstance(element.champ, ChampCalcule) and identifiant in types:
            natures[identifiant] = _NATURES.get(types[identifiant], Nature.NOMBRE)
    return natures


def _check_condition(
    index: Index, element: Element, natures: dict[str, Nature], champs: dict[str, ChampBase]
) -> Iterator[Anomalie]:
    for erreur in check_condition(element.champ.condition, natures, champs):
        yield element.make_anomalie("condition_illisible", str(erreur), attribut="condition")
    for reference in sorted(list_references(element.champ.condition)):
        raison = _refuse_reference(index, element, reference)
        if raison:
            yield element.make_anomalie(*raison, attribut="condition")


def _refuse_reference(index: Index, element: Element, reference: str) -> tuple[str, str] | None:
    cite = index.par_id.get(reference)
    if cite is None:
        return "champ_inconnu", f"La condition cite « {reference} », qui n’existe pas."
    if cite.id == element.id:
        return "condition_sur_soi", "La condition dépend du champ lui-même."
    if cite.bloc is not None and cite.bloc is not element.bloc:
        nom = cite.bloc.libelle or cite.bloc.id
        return "autre_bloc", f"La condition cite {cite.nom}, enfermé dans le bloc « {nom} »."
    if element.bloc is not None and cite.champ is element.bloc:
        return "autre_bloc", "La condition cite le bloc qui contient le champ."
    if cite.rang > element.rang:
        return "champ_suivant", f"La condition cite {cite.nom}, qui vient après ce champ."
    if cite.nature is Nature.AUCUNE:
        return "champ_muet", f"La condition cite {cite.nom}, qui n’a pas de réponse."
    return None


def _check_condition_page(
    index: Index,
    rang: int,
    page: Page,
    natures: dict[str, Nature],
    champs: dict[str, ChampBase],
) -> Iterator[Anomalie]:
    for erreur in check_condition(page.condition, natures, champs):
        yield make_anomalie_page(rang, page, "condition_illisible", str(erreur))
    for reference in sorted(list_references(page.condition)):
        cite = index.par_id.get(reference)
        if cite is None:
            message = f"La condition cite « {reference} », qui n’existe pas."
            yield make_anomalie_page(rang, page, "champ_inconnu", message)
        elif cite.bloc is not None:
            message = f"La condition cite {cite.nom}, enfermé dans un bloc."
            yield make_anomalie_page(rang, page, "autre_bloc", message)
        elif cite.rang_page >= rang:
            message = f"La condition cite {cite.nom}, qui n’est pas sur une page précédente."
            yield make_anomalie_page(rang, page, "champ_suivant", message)


def _check_formule(
    index: Index, element: Element, champ: ChampCalcule, types: dict[str, TypeFormule]
) -> Iterator[Anomalie]:
    if not champ.formule:
        message = "Écrivez la formule de ce calcul."
        yield element.make_anomalie("formule_vide", message, attribut="formule")
        return
    for nom in sorted(list_noms(champ.formule)):
        raison = _refuse_nom(element, index.par_id[nom]) if nom in index.par_id else ""
        if raison:
            yield element.make_anomalie("formule_mal_placee", raison, attribut="formule")
    environnement = EnvironnementTypes(
        types=_list_types_visibles(index, element, types),
        baremes=_baremes(index),
        options=_list_options(index),
        muets=frozenset(index.par_id),
    )
    for erreur in check_formule(champ.formule, environnement)[1]:
        yield element.make_anomalie("formule_fausse", str(erreur), attribut="formule")
    yield from _advise_facultatifs(index, element, champ)


def _list_types_visibles(
    index: Index, element: Element, types: dict[str, TypeFormule]
) -> dict[str, TypeFormule]:
    """Rend le type de chaque champ vu de ce calcul : une colonne s’il est dans un autre bloc."""
    visibles = {}
    for identifiant, cite in index.par_id.items():
        if cite.bloc is not None and cite.bloc is not element.bloc:
            trouve = type_of_nature(cite.nature, en_colonne=True)
        else:
            trouve = types.get(identifiant)
        if trouve:
            visibles[identifiant] = trouve
    return visibles


def _refuse_nom(element: Element, cite: Element) -> str:
    if cite.id == element.id:
        return "La formule cite le calcul lui-même."
    if cite.rang_page > element.rang_page:
        return f"La formule cite {cite.nom}, qui est sur une page suivante."
    if cite.bloc and element.bloc and cite.bloc is not element.bloc:
        return f"La formule cite {cite.nom}, qui est dans un autre bloc."
    if cite.bloc and not element.bloc and cite.rang > element.rang:
        return f"La formule cite {cite.nom}, dont le bloc vient après ce calcul."
    return ""


def _list_options(index: Index) -> dict[str, frozenset[str]]:
    options = {}
    for identifiant, element in index.par_id.items():
        champ = element.champ
        if isinstance(champ, ChoixSimple | ChoixMultiple):
            autre = {AUTRE} if getattr(champ, "autre", False) else set()
            options[identifiant] = frozenset({o.id for o in champ.options} | autre)
    return options


def _advise_facultatifs(index: Index, element: Element, champ: ChampCalcule) -> Iterator[Anomalie]:
    if "DEFAUT" in champ.formule.upper():
        return
    for nom in sorted(list_noms(champ.formule)):
        cite = index.par_id.get(nom)
        if cite is None or cite.bloc or not get_type(cite.champ).saisi:
            continue
        if not is_obligatoire(cite.champ) and cite.nature is not Nature.BOOLEEN:
            message = (
                f"{cite.nom} est facultatif : s’il reste vide, le calcul attend. "
                f"Écrivez DEFAUT({nom} ; 0) pour donner une valeur."
            )
            yield element.make_anomalie(
                "calcul_facultatif", message, attribut="formule", gravite=Gravite.CONSEIL
            )


def _check_cycles(index: Index) -> Iterator[Anomalie]:
    """Un champ ne peut pas dépendre de lui-même par une suite de conditions et de formules."""
    graphe = {i: _list_attendus(index, e) for i, e in index.par_id.items()}
    etats: dict[str, Any] = {}
    for depart in graphe:
        yield from _follow(index, graphe, etats, depart)


def _list_attendus(index: Index, element: Element) -> list[str]:
    attendus = list_references(element.champ.condition) | list_references(element.page.condition)
    if isinstance(element.champ, ChampCalcule):
        attendus |= list_noms(element.champ.formule)
    if element.bloc is not None:
        attendus |= {element.bloc.id} if element.bloc.condition else set()
    return sorted(a for a in attendus if a in index.par_id and a != element.id)


def _follow(
    index: Index, graphe: dict[str, list[str]], etats: dict[str, Any], depart: str
) -> Iterator[Anomalie]:
    """Parcourt en profondeur, sans récursion. État : « ouvert » sur le chemin, « clos » ensuite."""
    pile = [(depart, iter(graphe[depart]))] if depart not in etats else []
    if pile:
        etats[depart] = "ouvert"
    while pile:
        courant, suite = pile[-1]
        suivant = next(suite, None)
        if suivant is None:
            etats[courant] = "clos"
            pile.pop()
        elif suivant not in etats:
            etats[suivant] = "ouvert"
            pile.append((suivant, iter(graphe[suivant])))
        elif etats[suivant] == "ouvert":
            chemin = [identifiant for identifiant, _ in pile]
            boucle = chemin[chemin.index(suivant) :]
            yield _refuse_cycle(index, boucle)


def _refuse_cycle(index: Index, boucle: list[str]) -> Anomalie:
    noms = " → ".join(index.par_id[i].nom for i in [*boucle, boucle[0]])
    element = index.par_id[boucle[0]]
    attribut = "formule" if isinstance(element.champ, ChampCalcule) else "condition"
    message = f"Ces champs dépendent les uns des autres en boucle : {noms}."
    return element.make_anomalie("cycle", message, attribut=attribut)
