"""Rapprocher deux écritures d’un même nom de voie : « R. St-Jean » et « rue Saint Jean ».

Mêmes règles que le validateur officiel (`@ban-team/adresses-util` 0.9) : sans accents, abréviations
dites en entier, petits mots ôtés, nombres en lettres.
"""

import re
import unicodedata
from functools import lru_cache

_PETITS_MOTS = frozenset({
    "la", "le", "les", "l", "d", "du",
    "de", "des", "dos", "las", "los", "sur", "sous", "a", "par", "et", "au", "aux",
})  # fmt: skip
_PREMIERS = {
    "pl": "place", "av": "avenue", "bd": "boulevard", "sq": "square", "che": "chemin",
    "chem": "chemin", "rte": "route", "all": "allee", "pas": "passage", "vla": "villa",
    "imp": "impasse", "qu": "quai", "ham": "hammeau", "prt": "porte", "parv": "parvis",
    "lot": "lotissement", "sen": "sente", "r": "rue", "rle": "ruelle", "car": "carrefour",
    "mte": "montee", "ptte": "placette", "str": "sentier", "tsse": "terrasse", "snt": "sente",
}  # fmt: skip
_SUIVANTS = {"st": "saint", "ste": "sainte", "gal": "general", "mal": "marechal"}
_LIGATURES = {
    "Æ": "Ae", "æ": "ae", "Ð": "D", "ð": "d", "Ø": "O", "ø": "o", "Þ": "Th", "þ": "th", "ß": "ss",
    "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i", "Ĳ": "IJ", "ĳ": "ij", "ĸ": "k", "Ł": "L",
    "ł": "l", "Ŋ": "N", "ŋ": "n", "Œ": "Oe", "œ": "oe", "Ŧ": "T", "ŧ": "t", "ŉ": "'n", "ſ": "s",
    "Ŀ": "L", "ŀ": "l",
}  # fmt: skip
_MARQUES = [*range(0x300, 0x370), *range(0xFE20, 0xFE30), *range(0x20D0, 0x2100)]


def _build_table() -> dict[int, str]:
    """Lettres latines de base et étendues A, marques ôtées ; les autres ne changent pas."""
    table = dict.fromkeys(_MARQUES, "")
    for point in range(0xC0, 0x180):
        if point not in (0xD7, 0xF7):
            lettre = chr(point)
            base = unicodedata.normalize("NFD", lettre)[0]
            table[point] = _LIGATURES.get(lettre, base)
    return table


_TABLE = _build_table()
_COUPURE = (
    "\xac\xb1\xd7\xf7\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\xbf\u2000-\u206f\\s\ufeff\u180e"
    "\U00010000-\U0010ffff\ud800-\udfff"
)
_BAS = "a-zß-öø-ÿ"
_AUTRE = f"[^{_COUPURE}0-9+\u2700-\u27bf{_BAS}A-ZÀ-ÖØ-Þ]"
_CONTRACTION = "(?:['’](?:d|ll|m|re|s|t|ve))?"
_MOTS_SIMPLES = re.compile(r"[a-z0-9]+")
_COMPLEXE = re.compile(r"[0-9][a-z]|[a-z][0-9]|[^a-z0-9 ]")
_MOTS = re.compile(
    f"[{_BAS}]+{_CONTRACTION}(?=[{_COUPURE}]|\\Z)"
    f"|(?:[{_BAS}]|{_AUTRE})+{_CONTRACTION}"
    r"|[0-9]*(?:1st|2nd|3rd|(?![123])[0-9]th)(?=\b|_)"
    r"|[0-9]+"
)


def deburr(texte: str) -> str:
    """Ôte les accents et sépare les ligatures des lettres latines."""
    return texte if texte.isascii() else texte.translate(_TABLE)


def _list_mots(texte: str) -> list[str]:
    return (_MOTS if _COMPLEXE.search(texte) else _MOTS_SIMPLES).findall(texte)


@lru_cache(maxsize=8192)
def normalize(nom: str | None) -> str:
    """Rend les mots qui comptent, séparés par un espace ; vide si le nom est vide."""
    if not nom:
        return ""
    mots = _list_mots(deburr(nom).lower())
    mots = [
        (_SUIVANTS if rang else _PREMIERS).get(mot, mot) for rang, mot in enumerate(mots)
    ]  # fmt: skip
    if len(mots) > 1 and mots[0] == "rue" and any(mot.endswith("rue") for mot in mots[1:]):
        del mots[0]
    if len(mots) > 2 and mots[:2] == ["lieu", "dit"]:
        del mots[:2]
    comptent = (mot for mot in mots if mot not in _PETITS_MOTS)
    return " ".join(
        " ".join(write_nombre(mot)) if mot.isascii() and mot.isdigit() else mot for mot in comptent
    )


_UNITES = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit",
    "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize",
)  # fmt: skip
_DIZAINES = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}


def write_nombre(chiffres: str) -> list[str]:
    """Dit un nombre en lettres, mot à mot ; au-delà du million, ses chiffres sans zéros de tête."""
    chiffres = chiffres.lstrip("0") or "0"
    if len(chiffres) > 6:
        return [chiffres]
    nombre = int(chiffres)
    milliers, reste = divmod(nombre, 1000)
    mots = [] if not milliers else [*([] if milliers == 1 else _say_centaines(milliers)), "mille"]
    return mots + _say_centaines(reste) if reste or not mots else mots


def _say_centaines(nombre: int) -> list[str]:
    centaines, reste = divmod(nombre, 100)
    mots: list[str] = []
    if centaines:
        cent = "cents" if centaines > 1 and not reste else "cent"
        mots = [*([] if centaines == 1 else _say_dizaines(centaines)), cent]
    return mots + _say_dizaines(reste) if reste or not mots else mots


def _say_dizaines(nombre: int) -> list[str]:
    if nombre < 17:
        return [_UNITES[nombre]]
    if nombre < 20:
        return ["dix", _UNITES[nombre - 10]]
    if nombre >= 80:
        suite = ["vingts"] if nombre == 80 else ["vingt", *_say_dizaines(nombre - 80)]
        return ["quatre", *suite]
    base = min(nombre // 10 * 10, 60)
    unite = nombre - base
    if not unite:
        return [_DIZAINES[base]]
    liaison = ["et"] if unite in (1, 11) else []
    return [_DIZAINES[base], *liaison, *_say_dizaines(unite)]
