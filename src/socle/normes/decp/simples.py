"""Juger une valeur seule, écrite en JSON ou en XML."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from socle.normes.decp.grammaire import Booleen, Entier, Jour, Nombre, Simple, Texte
from socle.normes.decp.messages import (
    say_booleen,
    say_choix,
    say_date,
    say_type,
    say_type_proche,
)
from socle.normes.decp.vocabulaire import FAUX_XML, VRAIS_XML

CHIFFRES_MAX = 40  # d’un nombre ; au-delà il n’est pas d’argent
_DATE_OFFICIELLE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # cherchée, comme le schéma JSON
_DATE_XML = re.compile(
    r"(-?[0-9]{4,})-([0-9]{2})-([0-9]{2})(Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
)
_DECIMAL_XML = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_ENTIER_XML = re.compile(r"[+-]?[0-9]+")
INTERDITS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Faute(NamedTuple):
    """Une faute sur une valeur ; `officiel` : le schéma du format la voit."""

    code: str
    message: str
    officiel: bool = True


def judge_json(noeud: Simple, valeur: Any) -> Iterator[Faute]:
    """Les fautes d’une valeur JSON ; les nombres sont des `int` ou des `Decimal`."""
    return _JUGES_JSON[type(noeud)](noeud, valeur)


def _judge_texte(noeud: Texte, valeur: Any) -> Iterator[Faute]:
    if not isinstance(valeur, str):
        if noeud.type_dit:
            yield Faute("type", say_type_proche_texte(valeur))
        else:
            yield Faute("enum", say_choix(valeur, noeud.valeurs))
        return
    yield from _judge_chaine(noeud, valeur)


def say_type_proche_texte(valeur: Any) -> str:
    """Un nombre là où il faut un texte n’a souvent besoin que de guillemets."""
    if isinstance(valeur, int) and not isinstance(valeur, bool) and 0 <= valeur < 10**20:
        return f'Mettez des guillemets : "{valeur}".'
    return say_type("un texte", valeur)


def _judge_chaine(noeud: Texte, valeur: str) -> Iterator[Faute]:
    if noeud.valeurs and valeur not in noeud.valeurs:
        yield Faute("enum", say_choix(valeur, noeud.valeurs))
        return
    if noeud.motif and not noeud.motif.fullmatch(valeur):
        yield Faute("pattern", f"Écrivez {noeud.aide}.")
    if len(valeur) < noeud.minimum:
        yield Faute("minLength", "Ce texte ne peut pas être vide.")
    if noeud.maximum is not None and len(valeur) > noeud.maximum:
        yield Faute(
            "maxLength", f"Gardez {noeud.maximum} signes au plus ; il y en a {len(valeur)}."
        )
    if INTERDITS.search(valeur):
        yield Faute("caractere", "Ôtez les signes de contrôle ou abîmés de ce texte.", False)


def _judge_entier(noeud: Entier, valeur: Any) -> Iterator[Faute]:
    if not _is_nombre(valeur):
        yield Faute("type", say_type_proche("un nombre entier", valeur))
    elif not _is_entier(valeur):
        yield Faute("type", "Écrivez un nombre entier : arrondissez au-dessus.")
    else:
        yield from _judge_bornes(noeud.minimum, None, valeur)


def _judge_nombre(noeud: Nombre, valeur: Any) -> Iterator[Faute]:
    if not _is_nombre(valeur):
        if noeud.vide and valeur is None:
            yield Faute("type", "Ôtez ce champ : depuis la version 2.0.2, null n’est plus admis.")
        else:
            yield Faute("type", say_type_proche("un nombre", valeur))
    else:
        yield from _judge_bornes(noeud.minimum, noeud.maximum, valeur)


def _judge_bornes(minimum: int, maximum: int | None, valeur: int | Decimal) -> Iterator[Faute]:
    if valeur < minimum:
        yield Faute("minimum", f"Écrivez {minimum} ou plus.")
    elif maximum is not None and valeur > maximum:
        yield Faute("maximum", f"Écrivez une part entre {minimum} et {maximum} : 0.6 pour 60 %.")


def _judge_booleen(_noeud: Booleen, valeur: Any) -> Iterator[Faute]:
    if not isinstance(valeur, bool):
        yield Faute("type", say_booleen(valeur))


def _judge_jour(_noeud: Jour, valeur: Any) -> Iterator[Faute]:
    if not isinstance(valeur, str):
        yield Faute("type", say_type("une date entre guillemets, AAAA-MM-JJ", valeur))
    elif not _DATE_OFFICIELLE.search(valeur):
        yield Faute("pattern", say_date(valeur))
    elif read_jour(valeur) is None:
        yield Faute("date", say_date(valeur), False)


def read_jour(texte: str) -> date | None:
    """Rend le jour écrit AAAA-MM-JJ, sinon None."""
    if not _DATE_OFFICIELLE.fullmatch(texte):
        return None
    try:
        return date.fromisoformat(texte)
    except ValueError:
        return None


def _is_nombre(valeur: Any) -> bool:
    return isinstance(valeur, int | Decimal) and not isinstance(valeur, bool)


def _is_entier(valeur: int | Decimal) -> bool:
    return isinstance(valeur, int) or valeur == valeur.to_integral_value()


_JUGES_JSON: dict[type, Callable[[Any, Any], Iterator[Faute]]] = {
    Texte: _judge_texte,
    Entier: _judge_entier,
    Nombre: _judge_nombre,
    Booleen: _judge_booleen,
    Jour: _judge_jour,
}


def read_xml(noeud: Simple, texte: str) -> tuple[Any, list[Faute]]:
    """Rend la valeur d’un élément XML, telle que le JSON la porterait, et ses fautes."""
    return _LECTEURS_XML[type(noeud)](noeud, texte)


def _read_texte(noeud: Texte, texte: str) -> tuple[Any, list[Faute]]:
    return texte, list(_judge_chaine(noeud, texte))


def _read_entier(noeud: Entier, texte: str) -> tuple[Any, list[Faute]]:
    nu = texte.strip(" \t\r\n")
    if not _ENTIER_XML.fullmatch(nu):
        return None, [Faute("type", "Écrivez un nombre entier, en chiffres.")]
    if len(nu) > CHIFFRES_MAX:
        return None, [Faute("maximum", "Ce nombre est démesuré.", False)]
    return int(nu), list(_judge_bornes(noeud.minimum, None, int(nu)))


def _read_nombre(noeud: Nombre, texte: str) -> tuple[Any, list[Faute]]:
    nu = texte.strip(" \t\r\n")
    if noeud.vide and not texte:
        return None, []
    if not _DECIMAL_XML.fullmatch(nu):
        propose = nu.replace(",", ".").replace("\u202f", "").replace("\xa0", "").replace(" ", "")
        bon = bool(_DECIMAL_XML.fullmatch(propose)) and len(propose) <= CHIFFRES_MAX
        return None, [Faute("type", f"Écrivez {propose if bon else 'un nombre en chiffres'}.")]
    if len(nu) > CHIFFRES_MAX:
        return None, [Faute("maximum", "Ce nombre est démesuré.", False)]
    valeur = Decimal(nu)
    return valeur, list(_judge_bornes(noeud.minimum, noeud.maximum, valeur))


def _read_booleen(_noeud: Booleen, texte: str) -> tuple[Any, list[Faute]]:
    if texte in VRAIS_XML:
        return True, []
    return False, [] if texte in FAUX_XML else [Faute("enum", "Écrivez true ou false.")]


def _read_jour(_noeud: Jour, texte: str) -> tuple[Any, list[Faute]]:
    trouve = _DATE_XML.fullmatch(texte.strip(" \t\r\n"))
    if not trouve:
        return None, [Faute("type", say_date(texte))]
    an, mois, jour, _fuseau = trouve.groups()
    if len(an) != 4:
        return None, [Faute("date", "Écrivez l’année en quatre chiffres.", False)]
    lu = f"{an}-{mois}-{jour}"
    if read_jour(lu) is None:
        return lu, [Faute("type", say_date(lu))]
    serre = texte.strip(" \t\r\n") == texte  # admis par la norme, refusé par des validateurs
    return lu, [] if serre else [Faute("date", f"Ôtez les espaces : {lu}.", False)]


_LECTEURS_XML: dict[type, Callable[[Any, str], tuple[Any, list[Faute]]]] = {
    Texte: _read_texte,
    Entier: _read_entier,
    Nombre: _read_nombre,
    Booleen: _read_booleen,
    Jour: _read_jour,
}


def read_decimal(texte: str) -> Decimal:
    """Un nombre à virgule du JSON, exact ; refuse ce qui coûterait cher à écrire.

    Raises:
        ValueError: plus de quarante chiffres, exposant compris.
    """
    try:
        valeur = Decimal(texte)
    except InvalidOperation as cause:
        raise ValueError("Un nombre est démesuré.") from cause
    if (
        len(texte) > 4 * CHIFFRES_MAX
        or not valeur.is_finite()
        or abs(valeur.adjusted()) > CHIFFRES_MAX
    ):
        raise ValueError("Un nombre est démesuré.")
    return valeur
