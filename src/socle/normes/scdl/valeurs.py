"""Lire une cellule : la vérité de chaque type, valeur par valeur.

Ces lecteurs suivent frictionless (« 1_000 » est un entier, « 2017-1-5 » une date). Le moteur par
colonnes écarte d’abord en bloc ce qui est sûrement bon ; eux ne voient que le reste, une fois par
valeur distincte.
"""

import base64
import binascii
import json
import re
import uuid
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from socle.normes.scdl.schema import Champ

Lecteur = Callable[[str], Any]
CELLULE_MAX = 5_000  # signes d’un nombre : au-delà, la conversion coûterait trop
_URI = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:")
_LATIN = "\u0100-\u017f\u0180-\u024f\u00a0-\u00ff"
_ATOME = rf"[{_LATIN}0-9a-z!#$%&'*+/=?^_`{{}}|~\-]+"
_LETTRE = "[a-z0-9\u00a1-\uffff]"
_SUITE = rf"[a-z0-9\u00a1-\uffff-]{{0,61}}{_LETTRE}"
_DUREE = re.compile(r"^[+-]?P(?!$)(?:\d+(?:[.,]\d+)?[YMWD])*(?:T(?:\d+(?:[.,]\d+)?[HMS])+)?$")
_NU = re.compile(r"((^[^-\d]*)|(\D*$))")


def build_lecteur(champ: Champ) -> Lecteur:
    """Rend la fonction qui lit une cellule remplie : sa valeur, ou None si elle n’est pas du type.

    Elle ne lève rien, quelle que soit la cellule.
    """
    lecture = _build_lecture(champ)

    def read(cellule: str) -> Any:
        try:
            return lecture(cellule)
        except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError):
            return None

    return read


def _build_lecture(champ: Champ) -> Lecteur:
    if champ.type == "string":
        return _CHAINES.get(champ.format, str)
    if champ.type in {"integer", "number"}:
        return _build_nombre(champ)
    if champ.type in {"date", "datetime", "time"}:
        return _build_instant(champ)
    if champ.type == "boolean":
        table = dict.fromkeys(champ.vrais, True) | dict.fromkeys(champ.faux, False)
        return table.get
    if champ.type == "geopoint":
        return lambda cellule: _read_geopoint(cellule, champ.format)
    if champ.type == "list":
        separateur = str(champ.options.get("delimiter") or ",")
        return lambda cellule: cellule.split(separateur)
    return _SIMPLES.get(champ.type, str)


def _build_nombre(champ: Champ) -> Lecteur:
    options, sorte = champ.options, int if champ.type == "integer" else Decimal
    decimale, milliers = str(options.get("decimalChar", ".")), str(options.get("groupChar", ""))

    def read(cellule: str) -> Any:
        if len(cellule) > CELLULE_MAX:
            return None
        nombre = cellule.strip()
        if options.get("bareNumber") is False:
            nombre = _NU.sub("", nombre)
        if sorte is Decimal and (milliers or decimale != "."):
            nombre = nombre.replace(milliers, "") if milliers else nombre
            if decimale != "." and "." in nombre:
                return None
            nombre = nombre.replace(decimale, ".")
        try:
            return sorte(nombre)
        except InvalidOperation:
            return None

    return read


def _build_instant(champ: Champ) -> Lecteur:
    def read_format(cellule: str) -> Any:
        lu = datetime.strptime(cellule, champ.format)  # noqa: DTZ007  le tableau n’a pas de fuseau
        return {"date": lu.date, "time": lu.timetz, "datetime": lambda: lu}[champ.type]()

    def read_date(cellule: str) -> Any:
        return datetime.strptime(cellule, "%Y-%m-%d").date()  # noqa: DTZ007

    def read_datetime(cellule: str) -> Any:
        return datetime.fromisoformat(cellule) if len(cellule) > 18 and cellule[16] == ":" else None

    def read_time(cellule: str) -> Any:
        complet = len(cellule) > 7 and cellule[5] == ":"
        return datetime.fromisoformat(f"2000-01-01T{cellule}").timetz() if complet else None

    if champ.format not in {"default", "any"}:
        return read_format
    return {"date": read_date, "datetime": read_datetime, "time": read_time}[champ.type]


def _read_annee(cellule: str) -> int | None:
    annee = int(cellule) if len(cellule) == 4 else -1
    return annee if annee >= 0 else None


def _read_mois(cellule: str) -> tuple[int, int] | None:
    annee, mois = map(int, cellule.split("-"))
    return (annee, mois) if 1 <= mois <= 12 else None


def _read_json(sorte: type) -> Lecteur:
    def read(cellule: str) -> Any:
        lu = json.loads(cellule)
        return lu if isinstance(lu, sorte) else None

    return read


def _read_geojson(cellule: str) -> Any:
    lu = json.loads(cellule)
    return lu if isinstance(lu, dict) and lu.get("type") in _FORMES else None


def _read_geopoint(cellule: str, forme: str) -> tuple[Decimal, Decimal] | None:
    if forme == "array":
        longitude, latitude = json.loads(cellule)
    elif forme == "object":
        lu = json.loads(cellule)
        if len(lu) != 2:
            return None
        longitude, latitude = lu["lon"], lu["lat"]
    else:
        longitude, latitude = (part.strip() for part in cellule.split(","))
    point = Decimal(longitude), Decimal(latitude)
    return point if abs(point[0]) <= 180 and abs(point[1]) <= 90 else None


def _read_uri(cellule: str) -> str | None:
    return cellule if _URI.match(cellule) else None


def _read_courriel(cellule: str) -> str | None:
    sujet, arobase, domaine = cellule.rpartition("@")
    bon = arobase and "@" not in sujet and len(sujet) <= 64 and len(domaine) <= 253
    forme_sujet, forme_domaine = _compile_courriel()
    return cellule if bon and forme_sujet.match(sujet) and forme_domaine.match(domaine) else None


@cache
def _compile_courriel() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Au premier courriel seulement : ces motifs sont longs à préparer."""
    domaine = rf"^(?:{_LETTRE}(?:{_SUITE})?\.)+[a-z\u00a1-\uffff]{_SUITE}$"
    return (
        re.compile(rf"^{_ATOME}(\.{_ATOME})*$", re.IGNORECASE),
        re.compile(domaine, re.IGNORECASE),
    )


def _read_uuid(cellule: str) -> str | None:
    return cellule if uuid.UUID(cellule) else None


def _read_base64(cellule: str) -> str | None:
    try:
        base64.b64decode(cellule)
    except binascii.Error:
        return None
    return cellule


_FORMES = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection", "Feature", "FeatureCollection",
}  # fmt: skip
_CHAINES: dict[str, Lecteur] = {
    "uri": _read_uri,
    "email": _read_courriel,
    "uuid": _read_uuid,
    "binary": _read_base64,
}
_SIMPLES: dict[str, Lecteur] = {
    "year": _read_annee,
    "yearmonth": _read_mois,
    "array": _read_json(list),
    "object": _read_json(dict),
    "geojson": _read_geojson,
    "duration": lambda cellule: cellule if _DUREE.match(cellule) else None,
}
