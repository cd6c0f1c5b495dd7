"""Calculs élémentaires sur les délais : ajouter, reporter, franchir."""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from socle.normes.delais.calendrier import FRANCE, Calendrier

PARIS = ZoneInfo("Europe/Paris")


def to_jour(instant: datetime) -> date:
    """Donne le jour de Paris d’un instant : à 23 h 30 UTC le 31 décembre, c’est le 1er janvier.

    Raises:
        ValueError: instant sans fuseau horaire.
    """
    if instant.tzinfo is None:
        raise ValueError("Cet instant n’a pas de fuseau horaire.")
    return instant.astimezone(PARIS).date()


def add_mois(depart: date, nombre: int) -> date:
    """Ajoute des mois de quantième à quantième ; sans quantième, le dernier jour du mois.

    Source: code de procédure civile, art. 641.
    """
    annee, mois = divmod(depart.year * 12 + depart.month - 1 + nombre, 12)
    mois += 1
    return date(annee, mois, min(depart.day, monthrange(annee, mois)[1]))


def add_annees(depart: date, nombre: int) -> date:
    """Ajoute des années ; le 29 février devient le 28 s’il le faut."""
    return add_mois(depart, 12 * nombre)


def add_jours(depart: date, nombre: int) -> date:
    """Ajoute des jours calendaires : le jour de départ ne compte pas."""
    return depart + timedelta(nombre)


def add_heures(depart: datetime, nombre: int) -> datetime:
    """Ajoute des heures écoulées : un changement d’heure n’en donne ni n’en prend.

    Returns:
        L’instant, en UTC. Il n’est jamais reporté : un délai en heures finit aussi un dimanche.

    Raises:
        ValueError: instant sans fuseau horaire.

    Source: règlement (CEE, Euratom) n° 1182/71, art. 3, § 4.
    """
    if depart.tzinfo is None:
        raise ValueError("Cet instant n’a pas de fuseau horaire.")
    return depart.astimezone(UTC) + timedelta(hours=nombre)


def add_jours_ouvres(depart: date, nombre: int, *, calendrier: Calendrier = FRANCE) -> date:
    """Donne le n-ième jour ouvré (lundi à vendredi) qui suit le départ.

    Args:
        depart: jour de l’événement ; il ne compte pas, qu’il soit ouvré ou non.
        nombre: nombre de jours ouvrés, au moins 1.
        calendrier: jours fériés du lieu.
    """
    return _avance(depart, nombre, calendrier.is_ouvre)


def add_jours_ouvrables(depart: date, nombre: int, *, calendrier: Calendrier = FRANCE) -> date:
    """Donne le n-ième jour ouvrable (lundi à samedi) qui suit le départ."""
    return _avance(depart, nombre, calendrier.is_ouvrable)


def _avance(depart: date, nombre: int, compte: Callable[[date], bool]) -> date:
    if nombre < 1:
        raise ValueError("Un délai compte au moins un jour.")
    jour = depart
    while nombre:
        jour += timedelta(1)
        nombre -= compte(jour)
    return jour


def roll(jour: date, *, calendrier: Calendrier = FRANCE) -> date:
    """Reporte au premier jour ouvré qui suit un samedi, un dimanche ou un jour férié.

    Source: code de procédure civile, art. 642.
    """
    while not calendrier.is_ouvre(jour):
        jour += timedelta(1)
    return jour


def compute_mois_francs(depart: date, nombre: int, *, calendrier: Calendrier = FRANCE) -> date:
    """Donne le dernier jour utile d’un délai franc en mois, reporté s’il le faut.

    Ni le jour de départ ni le jour du quantième ne comptent : le dernier jour est le lendemain.

    Source: code de justice administrative, art. R. 421-1 ; code de procédure civile, art. 640 à
    642 ; Conseil d’État, 5 juin 2009, n° 312682.
    """
    return roll(add_mois(depart, nombre) + timedelta(1), calendrier=calendrier)


def compute_jours_francs(depart: date, nombre: int, *, calendrier: Calendrier = FRANCE) -> date:
    """Donne le dernier jour utile d’un délai franc en jours, reporté s’il le faut.

    Source: code de procédure civile, art. 640 à 642 ; code de l’urbanisme, art. R. 600-1.
    """
    return roll(depart + timedelta(nombre + 1), calendrier=calendrier)


def compute_envoi_avant(seance: date, jours_francs: int) -> date:
    """Donne le dernier jour d’envoi d’une convocation : ni l’envoi ni la séance ne comptent.

    Tous les jours comptent, fériés compris, et rien n’est reporté.

    Source: code général des collectivités territoriales, art. L. 2121-11 et L. 2121-12.
    """
    return seance - timedelta(jours_francs + 1)
