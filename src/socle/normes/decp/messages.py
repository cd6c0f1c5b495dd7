"""Les phrases : ce qui ne va pas et comment y remédier."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

MONTRES = 80  # signes d’une valeur montrée
_JMA = re.compile(r"([0-3]?[0-9])[/.\- ]([01]?[0-9])[/.\- ]([12][0-9]{3})")
_SORTES = {
    bool: "un booléen",
    int: "un nombre",
    Decimal: "un nombre",
    str: "un texte",
    list: "une liste",
    dict: "un objet",
    type(None): "null",
}


def show(valeur: Any) -> str:
    """Une valeur sur une ligne, courte, sans signe qui casse l’affichage."""
    if isinstance(valeur, bool) or valeur is None:
        texte = {True: "true", False: "false", None: "null"}[valeur]
    elif isinstance(valeur, list | dict):
        texte = f"{_SORTES[type(valeur)]} de {len(valeur)}"
    elif isinstance(valeur, Decimal | int):
        texte = _show_nombre(valeur)
    else:
        texte = str(valeur[: MONTRES + 1])
    propre = "".join(signe if signe.isprintable() else "\ufffd" for signe in texte)
    return propre if len(propre) <= MONTRES else propre[:MONTRES] + "…"


def _show_nombre(valeur: Decimal | int) -> str:
    if isinstance(valeur, int) and abs(valeur) > 10**MONTRES:
        return "nombre démesuré"
    return str(valeur)


def say_type(attendu: str, valeur: Any) -> str:
    """« Écrivez un nombre, pas un texte. »"""
    return f"Écrivez {attendu}, pas {_SORTES.get(type(valeur), 'cela')}."


def say_type_proche(attendu: str, valeur: Any) -> str:
    """Comme `say_type`, mais donne la bonne écriture quand elle se devine."""
    if isinstance(valeur, str):
        nu = valeur.strip().replace("\u202f", "").replace("\xa0", "").replace(" ", "")
        if re.fullmatch(r"-?[0-9]{1,15}([.,][0-9]{1,4})?", nu):
            return f"Ôtez les guillemets : {nu.replace(',', '.')}."
    return say_type(attendu, valeur)


def say_booleen(valeur: Any) -> str:
    propose = {"oui": "true", "vrai": "true", "1": "true", "true": "true"} | {
        "non": "false", "faux": "false", "0": "false", "false": "false"
    }  # fmt: skip
    proche = propose.get(valeur.strip().lower()) if isinstance(valeur, str) else None
    return f"Écrivez {proche}, sans guillemets." if proche else say_type("true ou false", valeur)


def say_choix(valeur: Any, valeurs: Sequence[str]) -> str:
    """Propose la valeur la plus proche, sinon les donne toutes."""
    if isinstance(valeur, str) and len(valeur) <= 120:
        plats = {_flatten(choix): choix for choix in valeurs}
        [*proches] = get_close_matches(_flatten(valeur), list(plats), n=1, cutoff=0.72)
        if proches:
            return f"Écrivez « {plats[proches[0]]} »."
    return "Choisissez parmi : " + " ; ".join(valeurs) + "."


def _flatten(texte: str) -> str:
    plat = texte.strip().casefold().replace("’", "'").replace("œ", "oe")
    return plat.translate(str.maketrans("àâéèêëîïôûùç", "aaeeeeiiouuc"))


def say_date(valeur: str) -> str:
    """Rend la date à l’endroit si elle se devine."""
    trouve = _JMA.fullmatch(valeur.strip()[:20])
    if trouve:
        jour, mois, an = (int(part) for part in trouve.groups())
        try:
            return f"Écrivez {date(an, mois, jour).isoformat()}."
        except ValueError:
            pass
    return "Écrivez un jour qui existe, AAAA-MM-JJ, par exemple 2026-11-22."
