"""Grammaire des conditions : opérateurs, natures admises, erreurs avec leur place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from socle.fondations.formulaires.conditions.evaluation import read_litteral
from socle.fondations.formulaires.definition import ChampBase, ChoixMultiple, ChoixSimple
from socle.fondations.formulaires.definition.base import freeze_condition
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.valeurs import AUTRE

_QUANTITES = frozenset({Nature.NOMBRE, Nature.DATE, Nature.LIGNES, Nature.PIECES})
_EGALABLES = _QUANTITES | {Nature.TEXTE, Nature.BOOLEEN, Nature.CHOIX, Nature.LIEU}
_TOUTES = frozenset(Nature) - {Nature.AUCUNE}

OPERATEURS: dict[str, frozenset[Nature]] = {
    "=": _EGALABLES,
    "!=": _EGALABLES,
    "<": _QUANTITES,
    "<=": _QUANTITES,
    ">": _QUANTITES,
    ">=": _QUANTITES,
    "empty?": _TOUTES,
    "filled?": _TOUTES,
    "includes": frozenset({Nature.CHOIX_MULTIPLE}),
    "excludes": frozenset({Nature.CHOIX_MULTIPLE}),
    "contains": frozenset({Nature.TEXTE}),
    "starts-with": frozenset({Nature.TEXTE}),
    "in-departement": frozenset({Nature.LIEU}),
    "not-in-departement": frozenset({Nature.LIEU}),
    "in-region": frozenset({Nature.LIEU}),
    "not-in-region": frozenset({Nature.LIEU}),
}
COMPARAISONS = frozenset(OPERATEURS) - {"empty?", "filled?"}
_CODE_DEPARTEMENT = re.compile(r"(\d{2}|2[AB]|9[78]\d)\Z")
_CODE_REGION = re.compile(r"\d{2,3}\Z")


@dataclass(frozen=True, slots=True)
class ErreurCondition:
    """Une faute dans une condition. `chemin` donne les rangs à suivre dans le JSON."""

    chemin: tuple[int, ...]
    raison: str

    def __str__(self) -> str:
        place = " puis ".join(str(rang) for rang in self.chemin)
        return f"{self.raison} (élément {place})" if place else self.raison


def list_references(condition: Any) -> frozenset[str]:
    """Rend les identifiants de champs dont dépend une condition, même mal formée."""
    try:
        return frozenset(_iter_references(freeze_condition(condition)))
    except ValueError:
        return frozenset()


def _iter_references(noeud: Any) -> Iterator[str]:
    if not isinstance(noeud, tuple) or not noeud:
        return
    if noeud[0] in ("champ", "age") and len(noeud) == 2 and isinstance(noeud[1], str):
        yield noeud[1]
    for enfant in noeud:
        yield from _iter_references(enfant)


def check_condition(
    condition: Any, natures: Mapping[str, Nature], champs: Mapping[str, ChampBase]
) -> list[ErreurCondition]:
    """Vérifie la forme d’une condition, les natures comparées et l’existence des options.

    Un champ absent de `natures` n’est pas signalé ici : `validation` le fait avec sa place.
    """
    if condition is None:
        return []
    try:
        return list(_check(freeze_condition(condition), (), natures, champs))
    except ValueError as cause:
        return [ErreurCondition((), str(cause))]


def _check(
    noeud: Any,
    chemin: tuple[int, ...],
    natures: Mapping[str, Nature],
    champs: Mapping[str, ChampBase],
) -> Iterator[ErreurCondition]:
    if not isinstance(noeud, tuple) or not noeud:
        yield ErreurCondition(chemin, "Une condition est une liste qui commence par un opérateur.")
        return
    operateur, *arguments = noeud
    if operateur in ("and", "or"):
        if not arguments:
            mot = "Toutes" if operateur == "and" else "Au moins une"
            yield ErreurCondition(chemin, f"Le groupe « {mot} » est vide.")
        for rang, argument in enumerate(arguments, 1):
            yield from _check(argument, (*chemin, rang), natures, champs)
    elif operateur not in OPERATEURS:
        yield ErreurCondition(chemin, f"L’opérateur « {operateur} » n’existe pas.")
    else:
        yield from _check_comparaison(operateur, arguments, chemin, natures, champs)


def _check_comparaison(
    operateur: str,
    arguments: list[Any],
    chemin: tuple[int, ...],
    natures: Mapping[str, Nature],
    champs: Mapping[str, ChampBase],
) -> Iterator[ErreurCondition]:
    attendus = 2 if operateur in COMPARAISONS else 1
    if len(arguments) != attendus:
        yield ErreurCondition(chemin, f"« {operateur} » attend {attendus} élément(s).")
        return
    cotes = [_read_nature(argument, natures) for argument in arguments]
    for rang, cote in enumerate(cotes, 1):
        if cote == "?":
            yield ErreurCondition((*chemin, rang), "Cet élément n’est ni un champ ni une valeur.")
        elif isinstance(cote, Nature) and cote not in OPERATEURS[operateur]:
            yield ErreurCondition(
                (*chemin, rang), f"« {operateur} » ne s’applique pas à une réponse de cette nature."
            )
    if not any(isinstance(cote, Nature) or cote is None for cote in cotes):
        yield ErreurCondition(chemin, "Cette comparaison ne porte sur aucun champ.")
    if attendus == 2:
        yield from _check_cotes(operateur, arguments, cotes, chemin, champs)


def _read_nature(noeud: Any, natures: Mapping[str, Nature]) -> Nature | str | None:
    """Rend la nature d’un côté ; « valeur » pour une constante, None si le champ est inconnu."""
    if not isinstance(noeud, tuple):
        return "valeur" if read_litteral(noeud) else "?"
    if noeud == ("aujourdhui",):
        return Nature.DATE
    if len(noeud) != 2:
        return "?"
    references = list(_iter_references(noeud))
    if noeud[0] not in ("champ", "age") or len(references) != 1:
        return "?"
    nature = natures.get(references[0])
    if noeud[0] == "champ" or nature is None:
        return nature
    return Nature.NOMBRE if nature is Nature.DATE else "?"


def _check_cotes(
    operateur: str,
    arguments: list[Any],
    cotes: list[Nature | str | None],
    chemin: tuple[int, ...],
    champs: Mapping[str, ChampBase],
) -> Iterator[ErreurCondition]:
    gauche, droite = cotes
    if isinstance(gauche, Nature) and isinstance(droite, Nature):
        if _famille(gauche) != _famille(droite):
            yield ErreurCondition(chemin, "Les deux champs comparés ne sont pas de même nature.")
        return
    rang = 1 if gauche == "valeur" else 2
    nature = droite if rang == 1 else gauche
    constante, autre = arguments[rang - 1], arguments[2 - rang]
    if not isinstance(nature, Nature) or isinstance(constante, tuple):
        return
    references = list(_iter_references(autre))
    champ = champs.get(references[0]) if references else None
    raison = _refuse_constante(operateur, nature, constante, champ)
    if raison:
        yield ErreurCondition((*chemin, rang), raison)


def _famille(nature: Nature) -> str:
    if nature in (Nature.LIGNES, Nature.PIECES):
        return Nature.NOMBRE
    return Nature.TEXTE if nature is Nature.CHOIX else nature


def _refuse_constante(
    operateur: str, nature: Nature, constante: Any, champ: ChampBase | None
) -> str:
    litteral = read_litteral(constante)
    if litteral is None:
        return "Cette valeur n’est pas lisible."
    if nature in (Nature.CHOIX, Nature.CHOIX_MULTIPLE):
        return _refuse_option(constante, champ)
    if nature is Nature.LIEU and "departement" in operateur:
        correct = _CODE_DEPARTEMENT.match(str(constante).upper())
        return "" if correct else f"« {constante} » n’est pas un code de département."
    if nature is Nature.LIEU and "region" in operateur:
        correct = _CODE_REGION.match(str(constante))
        return "" if correct else f"« {constante} » n’est pas un code de région."
    lisible = {
        Nature.NOMBRE: (litteral.nombre, "un nombre"),
        Nature.LIGNES: (litteral.nombre, "un nombre de lignes"),
        Nature.PIECES: (litteral.nombre, "un nombre de fichiers"),
        Nature.DATE: (litteral.jour, "une date (AAAA-MM-JJ)"),
        Nature.BOOLEEN: (litteral.booleen, "« oui » ou « non »"),
    }.get(nature, (litteral.texte or None, "un texte"))
    return "" if lisible[0] is not None else f"La valeur attendue ici est {lisible[1]}."


def _refuse_option(constante: Any, champ: ChampBase | None) -> str:
    if not isinstance(champ, ChoixSimple | ChoixMultiple):
        return ""
    admises = {option.id for option in champ.options}
    if isinstance(champ, ChoixSimple) and champ.autre:
        admises.add(AUTRE)
    return "" if constante in admises else f"« {constante} » n’est pas une réponse proposée."
