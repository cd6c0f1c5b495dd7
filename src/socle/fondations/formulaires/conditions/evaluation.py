"""Évaluation d’une condition : une fermeture par nœud, préparée une fois, qui ne lève jamais.

Règle du vide : un champ vide ou masqué vaut None, et toute comparaison avec None est fausse, « != »
et « excludes » compris. Seul « empty? » est vrai sur None.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from socle.fondations.formulaires.definition.base import freeze_condition
from socle.fondations.formulaires.textes import fold
from socle.fondations.formulaires.valeurs import (
    Lieu,
    Valeur,
    Valeurs,
    compute_age,
    read_date_iso,
    read_decimal,
)

Predicat = Callable[[Valeurs, date], bool]
Operande = Callable[[Valeurs, date], Any]

_BOOLEENS = {"oui": True, "true": True, "vrai": True, "non": False, "false": False, "faux": False}
_ORDRES: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Litteral:
    """Une constante sous toutes ses lectures possibles ; le champ en face choisit la sienne."""

    texte: str
    nombre: Decimal | None
    jour: date | None
    booleen: bool | None

    def adapt(self, valeur: Valeur) -> Valeur:
        """Rend la constante dans le type de la valeur en face, None si elle ne s’y lit pas."""
        if isinstance(valeur, bool):
            return self.booleen
        if isinstance(valeur, Decimal):
            return self.nombre
        if isinstance(valeur, date):
            return self.jour
        return self.texte


def read_litteral(constante: Any) -> Litteral | None:
    """Lit une constante d’une condition ; None si ce n’en est pas une."""
    if isinstance(constante, bool):
        return Litteral("oui" if constante else "non", None, None, constante)
    if isinstance(constante, int | Decimal):
        return Litteral(str(constante), Decimal(constante), None, None)
    if isinstance(constante, str):
        texte = fold(constante)
        jour = read_date_iso(constante.strip())
        return Litteral(texte, read_decimal(constante), jour, _BOOLEENS.get(texte))
    return None


def compile_condition(condition: Any) -> Predicat:
    """Prépare une condition. None est toujours vraie, une condition illisible toujours fausse."""
    if condition is None:
        return _always
    try:
        return _compile(freeze_condition(condition))
    except ValueError:
        return _never


def evaluate_condition(condition: Any, valeurs: Valeurs, jour: date) -> bool:
    """Évalue une condition sur des valeurs typées, à un jour donné. Ne lève jamais."""
    return compile_condition(condition)(valeurs, jour)


def _always(valeurs: Valeurs, jour: date) -> bool:
    return True


def _never(valeurs: Valeurs, jour: date) -> bool:
    return False


def _compile(noeud: Any) -> Predicat:
    if not isinstance(noeud, tuple) or not noeud or not isinstance(noeud[0], str):
        return _never
    operateur, *arguments = noeud
    if operateur in ("and", "or"):
        if not arguments:
            return _never
        return partial(_and if operateur == "and" else _or, tuple(map(_compile, arguments)))
    if operateur in ("empty?", "filled?") and len(arguments) == 1:
        return _compile_vide(operateur, arguments[0])
    if len(arguments) == 2 and operateur in _COMPARATEURS:
        gauche, droite = _compile_operande(arguments[0]), _compile_operande(arguments[1])
        if gauche and droite:
            return partial(_compare, _COMPARATEURS[operateur], gauche, droite)
    return _never


def _and(termes: tuple[Predicat, ...], valeurs: Valeurs, jour: date) -> bool:
    return all(terme(valeurs, jour) for terme in termes)


def _or(termes: tuple[Predicat, ...], valeurs: Valeurs, jour: date) -> bool:
    return any(terme(valeurs, jour) for terme in termes)


def _compile_vide(operateur: str, argument: Any) -> Predicat:
    operande = _compile_operande(argument)
    if operande is None or not isinstance(argument, tuple):
        return _never
    return partial(_is_vide, operande, operateur == "empty?")


def _is_vide(operande: Operande, attendu: bool, valeurs: Valeurs, jour: date) -> bool:
    return (operande(valeurs, jour) is None) == attendu


def _compile_operande(noeud: Any) -> Operande | None:
    if not isinstance(noeud, tuple):
        litteral = read_litteral(noeud)
        return None if litteral is None else partial(_read_constante, litteral)
    if noeud == ("aujourdhui",):
        return _read_jour
    if len(noeud) != 2 or noeud[0] not in ("champ", "age"):
        return None
    identifiant = noeud[1]
    if noeud[0] == "age" and isinstance(identifiant, tuple) and len(identifiant) == 2:
        identifiant = identifiant[1]
    if not isinstance(identifiant, str):
        return None
    return partial(_read_champ if noeud[0] == "champ" else _read_age, identifiant)


def _read_constante(litteral: Litteral, valeurs: Valeurs, jour: date) -> Litteral:
    return litteral


def _read_jour(valeurs: Valeurs, jour: date) -> date:
    return jour


def _read_champ(identifiant: str, valeurs: Valeurs, jour: date) -> Valeur:
    return valeurs.get(identifiant)


def _read_age(identifiant: str, valeurs: Valeurs, jour: date) -> Decimal | None:
    naissance = valeurs.get(identifiant)
    if not isinstance(naissance, date):
        return None
    age = compute_age(naissance, jour)
    return None if age is None else Decimal(age)


def _compare(
    comparateur: Callable[[Any, Any], bool],
    gauche: Operande,
    droite: Operande,
    valeurs: Valeurs,
    jour: date,
) -> bool:
    a, b = gauche(valeurs, jour), droite(valeurs, jour)
    if isinstance(b, Litteral) and not isinstance(a, Litteral):
        b = b.adapt(a)
    elif isinstance(a, Litteral) and not isinstance(b, Litteral):
        a = a.adapt(b)
    if a is None or b is None:
        return False
    return comparateur(a, b)


def _comparable(valeur: Any) -> Any:
    """Rend la forme qui se compare : un texte sans accent ni casse, un lieu par son code."""
    if isinstance(valeur, str):
        return fold(valeur)
    return fold(valeur.code) if isinstance(valeur, Lieu) else valeur


def _same_type(a: Any, b: Any) -> bool:
    return type(a) is type(b) and isinstance(a, str | bool | Decimal | date)


def _equals(a: Any, b: Any) -> bool:
    a, b = _comparable(a), _comparable(b)
    return _same_type(a, b) and bool(a == b)


def _differs(a: Any, b: Any) -> bool:
    a, b = _comparable(a), _comparable(b)
    return _same_type(a, b) and bool(a != b)


def _order(comparaison: Callable[[Any, Any], bool], a: Any, b: Any) -> bool:
    return _same_type(a, b) and isinstance(a, Decimal | date) and comparaison(a, b)


def _includes(a: Any, b: Any) -> bool:
    return isinstance(a, frozenset) and isinstance(b, str) and b in a


def _excludes(a: Any, b: Any) -> bool:
    return isinstance(a, frozenset) and isinstance(b, str) and b not in a


def _contains(a: Any, b: Any) -> bool:
    return isinstance(a, str) and isinstance(b, str) and bool(b) and fold(b) in fold(a)


def _starts_with(a: Any, b: Any) -> bool:
    return isinstance(a, str) and isinstance(b, str) and bool(b) and fold(a).startswith(fold(b))


def _is_in(attribut: str, attendu: bool, a: Any, b: Any) -> bool:
    if not isinstance(a, Lieu) or not isinstance(b, str):
        return False
    code = getattr(a, attribut)
    return bool(code) and (fold(code) == b) == attendu


_COMPARATEURS: dict[str, Callable[[Any, Any], bool]] = {
    "=": _equals,
    "!=": _differs,
    "includes": _includes,
    "excludes": _excludes,
    "contains": _contains,
    "starts-with": _starts_with,
    "in-departement": partial(_is_in, "departement", True),
    "not-in-departement": partial(_is_in, "departement", False),
    "in-region": partial(_is_in, "region", True),
    "not-in-region": partial(_is_in, "region", False),
    **{code: partial(_order, ordre) for code, ordre in _ORDRES.items()},
}
