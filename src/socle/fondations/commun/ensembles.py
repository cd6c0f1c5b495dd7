"""Lire en une seule instruction ce que plusieurs métiers demandent chacun pour soi.

Chaque métier prévoit sa lecture (`LecturePrevue`) sans la faire ; `read_ensemble` les réunit par
`UNION ALL`, chacune réduite à une ligne de JSON, et rend à chacune les objets qu’elle attend.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    DateField,
    DecimalField,
    FloatField,
    JSONField,
    QuerySet,
    TimeField,
    UUIDField,
)

T = TypeVar("T")
# Types que JSON ne garde pas : leur champ les refait.
A_REFAIRE = (DateField, TimeField, DecimalField, UUIDField)


@dataclass(frozen=True, slots=True)
class Brute:
    """Lecture écrite en SQL ; chaque ligne est rendue comme un dictionnaire."""

    sql: str
    valeurs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LecturePrevue(Generic[T]):
    """Ce qu’un métier lira, et ce qu’il en fera.

    Attributes:
        sources: requêtes à lire, ordonnées et bornées.
        build: reçoit la liste lue de chaque source, dans l’ordre.
    """

    sources: tuple["QuerySet[Any, Any] | Brute", ...]
    build: Callable[..., T]

    def read(self) -> T:
        """Lit seule, en une instruction."""
        resultat: T = read_ensemble([self])[0]
        return resultat


def read_listes(*sources: "QuerySet[Any, Any] | Brute") -> list[list[Any]]:
    """Lit plusieurs requêtes d’un coup ; rend la liste de chacune."""
    lues: tuple[list[Any], ...] = LecturePrevue(sources, lambda *listes: listes).read()
    return list(lues)


def read_ensemble(prevues: Sequence[LecturePrevue[Any]]) -> list[Any]:
    """Rend le résultat de chaque lecture, dans l’ordre ; une instruction SQL, ou aucune."""
    sources = [source for prevue in prevues for source in prevue.sources]
    composees = [_compose(source) for source in sources]
    lignes = _fetch([sql for sql, _ in composees])
    lues = iter([rend(lignes.get(rang, [])) for rang, (_, rend) in enumerate(composees)])
    return [prevue.build(*(next(lues) for _ in prevue.sources)) for prevue in prevues]


def _fetch(instructions: Sequence[str]) -> dict[int, list[Any]]:
    branches = [f"SELECT {rang}, ({sql})::text" for rang, sql in enumerate(instructions) if sql]
    if not branches:
        return {}
    with connection.cursor() as curseur:
        curseur.execute(" UNION ALL ".join(branches))
        lues = {rang: texte for rang, texte in curseur.fetchall() if texte}
    return {rang: json.loads(texte, parse_float=Decimal) for rang, texte in lues.items()}


def _compose(source: "QuerySet[Any, Any] | Brute") -> tuple[str, Callable[[list[Any]], list[Any]]]:
    """SQL qui rend un tableau JSON, vide s’il n’y a rien à lire ; et de quoi refaire les objets."""
    if isinstance(source, Brute):
        sql = _inline(source.sql, source.valeurs)
        return f"SELECT json_agg(to_json(t)) FROM ({sql}) t", list  # noqa: S608
    compilateur: Any = source.query.get_compiler(connection=connection)
    try:
        sql = _inline(*compilateur.as_sql())
    except EmptyResultSet:
        return "", list
    noms = ", ".join(f"c{rang}" for rang in range(compilateur.col_count))
    sql = f"SELECT json_agg(json_build_array({noms})) FROM ({sql}) t({noms})"  # noqa: S608
    return sql, lambda lignes: _rebuild(source, compilateur, lignes)


def _inline(sql: str, valeurs: Any) -> str:
    """Met les valeurs à leur place, échappées par psycopg : les lectures ont chacune les leurs."""
    with connection.cursor() as curseur:
        texte: str = curseur.mogrify(sql, valeurs)
    return texte


def _rebuild(source: "QuerySet[Any, Any]", compilateur: Any, lignes: list[Any]) -> list[Any]:
    """Refait les objets : Django reçoit ces lignes comme s’il venait de les lire."""
    refait = [_find_refait(colonne[0]) for colonne in compilateur.select]
    rangs = [rang for rang, refaire in enumerate(refait) if refaire]
    for ligne in lignes:
        for rang in rangs:
            if ligne[rang] is not None:
                ligne[rang] = refait[rang](ligne[rang])
    compilateur.execute_sql = lambda *_, **__: [lignes]
    copie: Any = source.all()
    copie.query.get_compiler = lambda *_, **__: compilateur
    return list(copie)


def _find_refait(expression: Any) -> Any:
    champ = expression.output_field
    if isinstance(champ, JSONField):
        return json.dumps  # le champ attend le texte
    if isinstance(champ, FloatField):
        return float
    return champ.to_python if isinstance(champ, A_REFAIRE) else None
