"""Une condition en une phrase française, pour l’agent qui construit ou relit le formulaire."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from socle.fondations.commun.textes import format_jour
from socle.fondations.formulaires.definition import (
    ChampBase,
    ChampDate,
    ChoixMultiple,
    ChoixSimple,
)
from socle.fondations.formulaires.definition.base import freeze_condition
from socle.fondations.formulaires.textes import format_nombre
from socle.fondations.formulaires.valeurs import AUTRE, read_date_iso, read_decimal

ILLISIBLE = "condition illisible"

_PHRASES = {
    "=": "{a} est {b}",
    "!=": "{a} n’est pas {b}",
    "<": "{a} est inférieur à {b}",
    "<=": "{a} est inférieur ou égal à {b}",
    ">": "{a} est supérieur à {b}",
    ">=": "{a} est supérieur ou égal à {b}",
    "includes": "{a} contient {b}",
    "excludes": "{a} ne contient pas {b}",
    "contains": "{a} contient {b}",
    "starts-with": "{a} commence par {b}",
    "in-departement": "{a} est dans le département {b}",
    "not-in-departement": "{a} n’est pas dans le département {b}",
    "in-region": "{a} est dans la région {b}",
    "not-in-region": "{a} n’est pas dans la région {b}",
}
_PHRASES_DATE = {
    "=": "{a} est {b}",
    "!=": "{a} n’est pas {b}",
    "<": "{a} est avant {b}",
    "<=": "{a} est au plus tard {b}",
    ">": "{a} est après {b}",
    ">=": "{a} est au plus tôt {b}",
}


def describe_condition(condition: Any, champs: Mapping[str, ChampBase]) -> str:
    """Décrit une condition avec les libellés des champs. Vide sans condition. Ne lève jamais.

    Exemple : « Avez-vous des enfants ? » est « Oui » et « Âge » est supérieur à 3.
    """
    if condition is None:
        return ""
    try:
        return _describe(freeze_condition(condition), champs, englobee=False)
    except ValueError:
        return ILLISIBLE


def _describe(noeud: Any, champs: Mapping[str, ChampBase], *, englobee: bool) -> str:
    if not isinstance(noeud, tuple) or not noeud or not isinstance(noeud[0], str):
        return ILLISIBLE
    operateur, *arguments = noeud
    if operateur in ("and", "or") and arguments:
        mot = " et " if operateur == "and" else " ou "
        texte = mot.join(_describe(a, champs, englobee=True) for a in arguments)
        return f"({texte})" if englobee and len(arguments) > 1 else texte
    if operateur in ("empty?", "filled?") and len(arguments) == 1:
        suite = "n’est pas rempli" if operateur == "empty?" else "est rempli"
        return f"{_describe_cote(arguments[0], None, champs)} {suite}"
    if operateur not in _PHRASES or len(arguments) != 2:
        return ILLISIBLE
    a, b = arguments
    phrases = _PHRASES_DATE if _is_date(a, champs) or _is_date(b, champs) else _PHRASES
    phrase = phrases.get(operateur, _PHRASES[operateur])
    return phrase.format(a=_describe_cote(a, b, champs), b=_describe_cote(b, a, champs))


def _find_champ(noeud: Any, champs: Mapping[str, ChampBase]) -> tuple[str, ChampBase | None]:
    """Rend l’identifiant du champ que désigne un côté et le champ ; « » si ce n’en est pas un."""
    while isinstance(noeud, tuple) and len(noeud) == 2 and noeud[0] in ("champ", "age"):
        noeud = noeud[1]
        if isinstance(noeud, str):
            return noeud, champs.get(noeud)
    return "", None


def _is_date(noeud: Any, champs: Mapping[str, ChampBase]) -> bool:
    if noeud == ("aujourdhui",):
        return True
    directe = isinstance(noeud, tuple) and bool(noeud) and noeud[0] == "champ"
    return directe and isinstance(_find_champ(noeud, champs)[1], ChampDate)


def _describe_cote(noeud: Any, autre: Any, champs: Mapping[str, ChampBase]) -> str:
    if noeud == ("aujourdhui",):
        return "le jour de la demande"
    if isinstance(noeud, tuple):
        identifiant, champ = _find_champ(noeud, champs)
        if not identifiant:
            return ILLISIBLE
        libelle = f"« {(champ.libelle if champ else '') or identifiant} »"
        return f"l’âge tiré de {libelle}" if noeud[0] == "age" else libelle
    return _describe_constante(noeud, autre, champs)


def _describe_constante(constante: Any, autre: Any, champs: Mapping[str, ChampBase]) -> str:
    champ = _find_champ(autre, champs)[1]
    if isinstance(champ, ChoixSimple | ChoixMultiple):
        libelles = {option.id: option.libelle for option in champ.options}
        if isinstance(champ, ChoixSimple) and champ.autre:
            libelles.setdefault(AUTRE, "Autre")
        return f"« {libelles.get(str(constante), constante)} »"
    if isinstance(constante, bool):
        return "« Oui »" if constante else "« Non »"
    if isinstance(constante, int | Decimal):
        return format_nombre(constante, getattr(champ, "unite", ""), decimales=6)
    if _is_date(autre, champs):
        jour = read_date_iso(str(constante))
        return f"le {format_jour(jour)}" if jour else f"« {constante} »"
    nombre = read_decimal(str(constante)) if hasattr(champ, "unite") else None
    if nombre is not None:
        return format_nombre(nombre, getattr(champ, "unite", ""), decimales=6)
    return f"« {constante} »"
