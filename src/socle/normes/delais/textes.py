"""Dates en toutes lettres."""

from datetime import date, datetime

_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_NOMBRES = {1: "un", 2: "deux", 3: "trois", 4: "quatre", 6: "six", 10: "dix", 15: "quinze"}


def write_jour(jour: date, *, nom: bool = True) -> str:
    """Écrit une date : « lundi 1er mars 2027 », ou « 1er mars 2027 » sans le nom du jour."""
    numero = "1er" if jour.day == 1 else str(jour.day)
    texte = f"{numero} {_MOIS[jour.month - 1]} {jour.year}"
    return f"{_JOURS[jour.weekday()]} {texte}" if nom else texte


def write_heure(instant: datetime) -> str:
    """Écrit l’heure d’un instant, dans son fuseau : « 9 h », « 14 h 05 »."""
    minutes = f"\N{NO-BREAK SPACE}{instant.minute:02}" if instant.minute else ""
    return f"{instant.hour}\N{NO-BREAK SPACE}h{minutes}"


def write_nombre(nombre: int) -> str:
    """Écrit en lettres les nombres courants des délais, les autres en chiffres."""
    return _NOMBRES.get(nombre, str(nombre))
