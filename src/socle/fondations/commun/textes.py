"""Typographie française des dates, heures, tailles et listes : les mêmes mots partout.

Dates en toutes lettres pour les usagers, courtes dans les listes des agents, espaces insécables là
où une ligne ne doit pas se couper.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

INSECABLE = "\u00a0"
MOIS = (
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
MOIS_COURTS = (
    "janv.",
    "févr.",
    "mars",
    "avril",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MUETS = "helen|helo|henr|herm|herv|hipp|honor|hopit|hortens|hotel|hubert|hugue|humbert|hyac"
_ELISION = re.compile(rf"[aeiouœæ]|y[^aeiouy\W]|{_MUETS}|habit|harmoni|histoi|horl")
_HEURE = re.compile(r"\b\d{1,2}\s+h(?:\s+\d{2})?\b")
UNITES = ("octets", "Ko", "Mo", "Go", "To")
_INVARIABLES = {"mois", "pass", "fois", "pays", "processus", "accès", "bus"}
PAS_DU_TEXTE = re.compile("[\x00\ud800-\udfff]")  # nul, moitié de signe : la base les refuse
_FIN_DU_GROUPE = re.compile(r"(?=\s(?:(?:de|du|des|en|à|au|aux|par|pour|sur)\s|[dl]’))")


def accorde(unite: str, nombre: Decimal | None) -> str:
    """Accorde une unité écrite au pluriel : « comptes » donne « compte » au-dessous de deux.

    Le complément garde le sien : « millions d’euros » donne « million d’euros ».
    """
    if nombre is None or abs(nombre) >= 2:
        return unite
    tete, *suite = _FIN_DU_GROUPE.split(unite, maxsplit=1)
    return " ".join(map(_singulier, tete.split(" "))) + "".join(suite)


def _singulier(mot: str) -> str:
    if mot in _INVARIABLES:
        return mot
    if mot.endswith("eaux"):
        return mot[:-1]
    return mot[:-1] if mot.endswith("s") and len(mot) > 1 else mot


def format_jour(quand: date, *, semaine: bool = False) -> str:
    """« 20 novembre 2026 », « 1er décembre 2026 », avec `semaine` « vendredi 20 novembre 2026 »."""
    local = _local(quand)
    texte = f"{_quantieme(local)}{INSECABLE}{MOIS[local.month - 1]} {local.year}"
    return f"{JOURS[local.weekday()]} {texte}" if semaine else texte


def format_jour_court(quand: date) -> str:
    """« 20 nov. 2026 », pour les listes denses."""
    local = _local(quand)
    return f"{_quantieme(local)}{INSECABLE}{MOIS_COURTS[local.month - 1]} {local.year}"


def format_heure(quand: datetime) -> str:
    """« 10 h 51 », « 9 h » à l’heure pile (heure de Paris)."""
    local = _local(quand)
    minutes = f"{INSECABLE}{local:%M}" if local.minute else ""
    return f"{local.hour}{INSECABLE}h{minutes}"


def format_instant(quand: date) -> str:
    """« 20 novembre 2026 à 10 h 51 » ; une date sans heure rend le jour seul."""
    if not isinstance(quand, datetime):
        return format_jour(quand)
    return f"{format_jour(quand)} à{INSECABLE}{format_heure(quand)}"


def format_euros(valeur: Decimal | int) -> str:
    """Rend « 12 500 € », « 1 250,50 € »."""
    return f"{format_nombre(valeur)}{INSECABLE}€"


def format_nombre(valeur: Decimal | int) -> str:
    """Rend « 12 500 », « 1 250,50 » : les centimes seulement s’il y en a."""
    entier = valeur == int(valeur)
    texte = f"{int(valeur):,}" if entier else f"{valeur:,.2f}"
    return texte.replace(",", INSECABLE).replace(".", ",")


def format_taille(octets: int) -> str:
    """« 84 Ko », « 1,2 Mo » : unités de mille, une décimale sous dix."""
    valeur, rang = float(octets), 0
    while valeur >= 999.5 and rang < len(UNITES) - 1:
        valeur, rang = valeur / 1000, rang + 1
    if rang == 0:
        return f"{octets}{INSECABLE}octet{'s' if octets > 1 else ''}"
    chiffres = f"{valeur:.1f}" if valeur < 9.95 else f"{valeur:.0f}"
    return f"{chiffres.removesuffix('.0').replace('.', ',')}{INSECABLE}{UNITES[rang]}"


def join_mots(mots: Iterable[str], liaison: str = "et") -> str:
    """« lundi, mardi et jeudi »."""
    liste = list(mots)
    if len(liste) < 2:
        return "".join(liste)
    return f"{', '.join(liste[:-1])} {liaison} {liste[-1]}"


def join_de(nom: str) -> str:
    """« d’Aurélien », « de Zoé », « d’Hélène », « de Halima », « d’Yves », « de Yann ».

    Le h est muet pour les débuts de mots courants où l’usage élide ; ailleurs « de » ne choque pas.
    """
    nu = unicodedata.normalize("NFD", nom.strip().lower())
    nu = "".join(signe for signe in nu if not unicodedata.combining(signe))
    return f"d’{nom}" if _ELISION.match(nu) else f"de {nom}"


def bind_heures(texte: str) -> str:
    """Horaires écrits à la main : « 17 h 30 » ne se coupe jamais en fin de ligne."""
    return _HEURE.sub(lambda heure: INSECABLE.join(heure[0].split()), texte)


def replace_illisibles(texte: str) -> str:
    """Montre par « � » ce qu’un fichier reçu contient et qu’aucune base de données ne garde."""
    return PAS_DU_TEXTE.sub("\N{REPLACEMENT CHARACTER}", texte)


def _local(quand: date) -> datetime:
    """Rend un instant à l’heure de Paris ; un jour nu devient ce jour à minuit."""
    if not isinstance(quand, datetime):
        return datetime(quand.year, quand.month, quand.day)  # noqa: DTZ001  un jour n’a pas de fuseau
    return timezone.localtime(quand) if timezone.is_aware(quand) else quand


def _quantieme(quand: date) -> str:
    return "1er" if quand.day == 1 else str(quand.day)
