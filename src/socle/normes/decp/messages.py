"""Les phrases : ce qui ne va pas et comment y remédier."""

from collections.abc import Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from socle.normes.decp.devinettes import fold, guess_booleen, guess_jour, guess_nombre

MONTRES = 80  # signes d’une valeur montrée
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
    propose = guess_nombre(valeur) if isinstance(valeur, str) else ""
    return f"Ôtez les guillemets : {propose}." if propose else say_type(attendu, valeur)


def say_booleen(valeur: Any) -> str:
    propose = guess_booleen(valeur)
    return f"Écrivez {propose}, sans guillemets." if propose else say_type("true ou false", valeur)


def say_choix(valeur: Any, valeurs: Sequence[str]) -> str:
    """Propose la valeur la plus proche, sinon les donne toutes."""
    if isinstance(valeur, str) and len(valeur) <= 120:
        plats = {fold(choix): choix for choix in valeurs}
        [*proches] = get_close_matches(fold(valeur), list(plats), n=1, cutoff=0.72)
        if proches:
            return f"Écrivez « {plats[proches[0]]} »."
    return "Choisissez parmi : " + " ; ".join(valeurs) + "."


def say_date(valeur: str) -> str:
    """Rend la date à l’endroit si elle se devine."""
    propose = guess_jour(valeur)
    if propose:
        return f"Écrivez {propose}."
    return "Écrivez un jour qui existe, AAAA-MM-JJ, par exemple 2026-11-22."
