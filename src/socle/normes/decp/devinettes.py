"""Ce qu’une valeur mal écrite veut dire, quand il n’y a qu’une façon de la lire ; sinon rien."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from socle.normes.decp.vocabulaire import ANCIENNES_PROCEDURES

BORDS = " \t\r\n\u00a0\u202f\ufeff\u200b"
LUE_MAX = 120  # signes d’une valeur que l’on cherche à comprendre
_PARIS = ZoneInfo("Europe/Paris")
_JMA = re.compile(r"([0-3]?[0-9])[/.\- ]([01]?[0-9])[/.\- ]([12][0-9]{3})")
_AMJ = re.compile(r"([12][0-9]{3})(?:-([01]?[0-9])-|/([01]?[0-9])/|([01][0-9]))([0-3]?[0-9])")
_HEURE = re.compile(
    r"(?P<jour>.{8,10}?)"
    r"(?:[T ](?P<heure>[0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?)(?:[.,][0-9]{1,9})?)?"
    r"(?P<fuseau>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_MILLIERS = re.compile(r"-?[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?")
_MONNAIE = re.compile(r"\s*(?:€|eur|euros?)?\s*(?:ht)?", re.IGNORECASE)
_NOMBRE = re.compile(r"(-?[0-9]+)(?:[.,]([0-9]+))?")
_POINTS = re.compile(r"-?[0-9]{1,3}(?:(?:\.[0-9]{3})+,[0-9]+|(?:\.[0-9]{3}){2,})")
_VIRGULES = re.compile(r"-?[0-9]{1,3}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})")
_AMBIGU = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")  # « 12,500 » : douze et demi, ou 12 500 ?
_BOOLEENS = {
    "oui": "true", "vrai": "true", "1": "true", "true": "true",
    "non": "false", "faux": "false", "0": "false", "false": "false",
}  # fmt: skip


def guess_nombre(texte: str) -> str:
    """Le nombre, écrit comme en JSON : « 12 000,50 € HT » est 12000.50. Vide si rien n’est sûr."""
    nu = texte.strip(BORDS) if len(texte) <= LUE_MAX else ""
    chiffres = re.match(r"[-0-9., \u00a0\u202f]*", nu)
    reste = nu[chiffres.end() :] if chiffres else nu
    if not chiffres or not _MONNAIE.fullmatch(reste):
        return ""
    nu = nu[: len(nu) - len(reste)].strip(BORDS)
    if _MILLIERS.fullmatch(nu):
        nu = re.sub(r"\s", "", nu)
    elif _POINTS.fullmatch(nu):
        nu = nu.replace(".", "")
    elif _VIRGULES.fullmatch(nu):
        nu = nu.replace(",", "")
    elif _AMBIGU.fullmatch(nu):
        return ""
    lu = _NOMBRE.fullmatch(nu)
    if not lu or len(nu) > 40:
        return ""
    entier = lu[1].replace("-", "").lstrip("0") or "0"
    signe = "-" if lu[1].startswith("-") else ""
    return f"{signe}{entier}.{lu[2]}" if lu[2] else f"{signe}{entier}"


def guess_part(texte: str) -> str:
    """Une part entre 0 et 1 : « 5 % » est 0.05, « 0,6 » est 0.6. Vide si rien n’est sûr."""
    nu = texte.strip(BORDS)[:LUE_MAX]
    if not nu.endswith("%"):
        return guess_nombre(nu)
    nombre = guess_nombre(nu[:-1])
    return f"{(Decimal(nombre) / 100).normalize():f}" if nombre else ""


def guess_booleen(valeur: Any) -> str:
    """« true », « false », ou vide."""
    if isinstance(valeur, int) and not isinstance(valeur, bool):
        valeur = str(valeur) if 0 <= valeur <= 1 else ""
    return _BOOLEENS.get(valeur.strip(BORDS).lower(), "") if isinstance(valeur, str) else ""


def guess_jour(texte: str) -> str:
    """Le jour, AAAA-MM-JJ, d’une date à la française, ou d’un instant.

    Vide si rien n’est sûr : « 2026-03-01T23:00:00Z » est le 1er à Londres et le 2 à Paris.
    """
    lu = _HEURE.fullmatch(texte.strip(BORDS)) if len(texte) <= LUE_MAX else None
    jour = _read_jour(lu["jour"].strip(BORDS)) if lu else None
    if not lu or not jour:
        return ""
    return jour.isoformat() if _is_jour_a_paris(jour, lu["heure"], lu["fuseau"]) else ""


def _is_jour_a_paris(jour: date, heure: str | None, fuseau: str | None) -> bool:
    if not heure:
        return True
    try:
        instant = datetime.fromisoformat(f"{jour}T{heure}{fuseau or ''}")
    except ValueError:
        return False
    return not instant.tzinfo or instant.astimezone(_PARIS).date() == jour


def _read_jour(texte: str) -> date | None:
    francais, iso = _JMA.fullmatch(texte), _AMJ.fullmatch(texte)
    if francais:
        quantieme, mois, an = francais.groups()
    elif iso:
        an, quantieme = iso[1], iso[5]
        mois = iso[2] or iso[3] or iso[4]
    else:
        return None
    try:
        return date(int(an), int(mois), int(quantieme))
    except ValueError:
        return None


def guess_choix(texte: str, valeurs: Sequence[str]) -> str:
    """La seule valeur permise qui s’écrit de même, casse, accents, espaces et tirets à part.

    Un libellé de 2018 rend celui qui l’a remplacé. Vide si rien n’est sûr.
    """
    if len(texte) > LUE_MAX:
        return ""
    plat = fold(texte)
    anciens = {fold(ancien): neuf for ancien, neuf in ANCIENNES_PROCEDURES.items()}
    proches = [valeur for valeur in valeurs if fold(valeur) == plat]
    proches = proches or [valeur for valeur in valeurs if anciens.get(plat) == valeur]
    return proches[0] if len(proches) == 1 else ""


def fold(texte: str) -> str:
    """Une image où la casse, les accents, les apostrophes, les espaces et les tirets sont égaux."""
    plat = texte.casefold().replace("’", "'").replace("œ", "oe")
    nu = "".join(
        " " if signe in "-_\u2010\u2011" else signe
        for signe in unicodedata.normalize("NFKD", plat)
        if not unicodedata.combining(signe) and signe != "\u200b"
    )
    return " ".join(nu.split()).replace("' ", "'")
