"""JSON canonique : une valeur, une seule suite d’octets. Sans lui, aucune empreinte ne se refait.

Source: RFC 8785 (JCS), nombres à la manière d’ECMAScript (ECMA-262, Number::toString).
"""

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, Never

from socle.normes.preuve.errors import JsonNonCanonique

ENTIER_MAX = 2**53 - 1
PROFONDEUR_MAX = 32
TAILLE_MAX = 4 * 1024 * 1024
_EXPOSANT_MAX = 21


def encode_json(valeur: object) -> bytes:
    """Écrit une valeur sous sa forme canonique, en UTF-8, sans espace ni saut de ligne.

    Args:
        valeur: None, bool, int (exact en double), float fini, str, list, tuple ou dict à clés str.

    Raises:
        JsonNonCanonique: NaN, infini, entier trop grand, demi-paire UTF-16, clé qui n’est pas un
            texte, autre type, ou plus de 32 niveaux.
    """
    morceaux: list[str] = []
    _write(valeur, 0, morceaux)
    try:
        return "".join(morceaux).encode()
    except UnicodeEncodeError as cause:
        raise JsonNonCanonique("Un texte contient une demi-paire UTF-16 isolée.") from cause


def decode_json(octets: bytes, *, taille_max: int = TAILLE_MAX) -> Any:
    """Lit un texte JSON et refuse tout ce qui n’est pas exactement sa forme canonique.

    Raises:
        JsonNonCanonique: trop long, mal formé, clé en double, espace superflu, ordre différent…
    """
    if len(octets) > taille_max:
        raise JsonNonCanonique(f"Texte JSON de plus de {taille_max} octets.")
    try:
        valeur = json.loads(octets.decode(), parse_constant=_refuse_constante)
    except (ValueError, RecursionError) as cause:
        raise JsonNonCanonique("Texte JSON illisible.") from cause
    if encode_json(valeur) != octets:
        raise JsonNonCanonique("Texte JSON lisible, mais pas sous sa forme canonique.")
    return valeur


def _write(valeur: object, niveau: int, sortie: list[str]) -> None:
    """Ajoute les morceaux d’une valeur ; une liste va deux fois plus vite qu’un générateur."""
    if niveau > PROFONDEUR_MAX:
        raise JsonNonCanonique(f"Plus de {PROFONDEUR_MAX} niveaux imbriqués.")
    if isinstance(valeur, str):
        sortie.append(encode_basestring(valeur))
    elif isinstance(valeur, int | float):
        sortie.append(_format_simple(valeur))
    elif isinstance(valeur, dict | Mapping):
        _write_objet(valeur, niveau, sortie)
    elif isinstance(valeur, list | tuple):
        virgule = "["
        for element in valeur:
            sortie.append(virgule)
            _write(element, niveau + 1, sortie)
            virgule = ","
        sortie.append("]" if virgule == "," else "[]")
    else:
        sortie.append(_format_simple(valeur))


def _write_objet(valeur: Mapping[object, object], niveau: int, sortie: list[str]) -> None:
    virgule = "{"
    for cle in _sort_cles(valeur):
        sortie.append(f"{virgule}{encode_basestring(cle)}:")
        _write(valeur[cle], niveau + 1, sortie)
        virgule = ","
    sortie.append("}" if virgule == "," else "{}")


def _sort_cles(valeur: Mapping[object, object]) -> list[str]:
    """Trie par unités UTF-16 (RFC 8785, §3.2.3) : Python trie par points de code."""
    cles = [cle for cle in valeur if isinstance(cle, str)]
    if len(cles) != len(valeur):
        raise JsonNonCanonique("Une clé d’objet n’est pas un texte.")
    if all(map(str.isascii, cles)):
        return sorted(cles)
    return sorted(cles, key=lambda cle: cle.encode("utf-16-be", "surrogatepass"))


def _format_simple(valeur: object) -> str:
    if valeur is None:
        return "null"
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    if isinstance(valeur, int):
        return int.__repr__(valeur) if abs(valeur) <= ENTIER_MAX else _format_grand(valeur)
    if isinstance(valeur, float):
        return _format_flottant(valeur)
    raise JsonNonCanonique(f"Type sans forme JSON : {type(valeur).__name__}.")


def _format_grand(valeur: int) -> str:
    """Un grand entier n’est admis que si le double le plus proche s’écrit avec la même valeur."""
    try:
        texte = _format_flottant(float(valeur))
    except OverflowError as cause:
        raise JsonNonCanonique("Entier trop grand : l’écrire comme un texte.") from cause
    if Decimal(texte) != valeur:
        raise JsonNonCanonique("Entier de plus de 53 bits : l’écrire comme un texte.")
    return texte


def _format_flottant(valeur: float) -> str:
    """Écrit un double comme ECMAScript : les mêmes chiffres que Python, une autre mise en page."""
    if not math.isfinite(valeur):
        raise JsonNonCanonique("NaN et l’infini n’ont pas de forme JSON.")
    if valeur == 0:
        return "0"
    signe = "-" if valeur < 0 else ""
    mantisse, _, puissance = repr(abs(float(valeur))).partition("e")
    entiers, _, decimales = mantisse.partition(".")
    suite = (entiers + decimales).lstrip("0")
    point = len(entiers) + int(puissance or 0) - (len(entiers + decimales) - len(suite))
    return signe + _place_point(suite.rstrip("0"), point)


def _place_point(chiffres: str, point: int) -> str:
    """Met en page `0,chiffres × 10^point` (ECMA-262, Number::toString, étapes 6 à 10)."""
    if len(chiffres) <= point <= _EXPOSANT_MAX:
        return chiffres.ljust(point, "0")
    if 0 < point <= _EXPOSANT_MAX:
        return f"{chiffres[:point]}.{chiffres[point:]}"
    if -6 < point <= 0:  # jusqu’à 0.000001
        return f"0.{'0' * -point}{chiffres}"
    decimales = f".{chiffres[1:]}" if len(chiffres) > 1 else ""
    return f"{chiffres[0]}{decimales}e{point - 1:+d}"


def _refuse_constante(nom: str) -> Never:
    raise JsonNonCanonique(f"« {nom} » n’est pas du JSON.")
