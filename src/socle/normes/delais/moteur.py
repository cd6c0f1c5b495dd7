"""Calcule une échéance nommée et l’explique en une phrase."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from socle.normes.delais.calculs import (
    PARIS,
    add_annees,
    add_heures,
    add_jours,
    add_jours_ouvrables,
    add_jours_ouvres,
    add_mois,
    roll,
    to_jour,
)
from socle.normes.delais.calendrier import FRANCE, Calendrier
from socle.normes.delais.regles import Regle, Unite, find_regle
from socle.normes.delais.suspension import Suspension, count_jours, find_depart
from socle.normes.delais.textes import write_heure, write_jour

Jour = date


@dataclass(frozen=True, slots=True, kw_only=True)
class Echeance:
    """Dernier jour d’un délai.

    Attributes:
        article: le texte, cité.
        explication: une phrase, qui se lit telle quelle.
        depuis: jour depuis lequel la règle est tenue pour valable, quand on le sait.
        reserve: une phrase si la règle n’était pas encore valable au départ, sinon vide.
        instant: heure exacte de la fin, pour un délai en heures.
    """

    code: str
    depart: Jour
    date: Jour
    article: str
    explication: str
    depuis: Jour | None = None
    reserve: str = ""
    instant: datetime | None = None


def compute_delai(
    code: str,
    depart: date | datetime,
    *,
    calendrier: Calendrier = FRANCE,
    suspensions: Iterable[Suspension] = (),
    interruptions: Iterable[date] = (),
) -> Echeance:
    """Calcule une échéance nommée (`regles.list_regles`).

    Args:
        depart: jour de l’événement ; un instant avec son fuseau pour un délai en heures.
        calendrier: jours fériés du lieu.
        suspensions: périodes où le délai ne court pas.
        interruptions: jours où le délai repart de zéro.

    Raises:
        DelaiInconnu: aucun délai de ce nom.
        ValueError: suspension d’un délai qui remonte ou se compte en heures, jour sans heure.
    """
    jour = to_jour(depart) if isinstance(depart, datetime) else depart
    regle = find_regle(code, jour)
    if regle.unite is Unite.HEURE:
        return _compute_heures(regle, depart, [*suspensions, *interruptions])
    suspensions = tuple(suspensions)
    parti = find_depart(jour, interruptions, lambda d: _compute(regle, d, calendrier, suspensions))
    sans_report = _count(regle, parti, calendrier, suspensions)
    dernier = roll(sans_report, calendrier=calendrier) if regle.report else sans_report
    suites = [
        _explain_interruption(jour, parti),
        _explain_suspension(count_jours(parti, _count(regle, parti, calendrier), suspensions)),
        explain_report(sans_report, dernier, calendrier),
    ]
    return _build(regle, jour, dernier, write_jour(dernier), "".join(suites))


def explain_report(avant: date, apres: date, calendrier: Calendrier) -> str:
    """Dit pourquoi un délai est reporté : un bout de phrase, vide s’il ne l’est pas."""
    if avant == apres:
        return ""
    ferie = calendrier.find_ferie(avant)
    cause = f"un jour férié ({ferie})" if ferie else f"un {write_jour(avant).split()[0]}"
    return (
        f", et il est reporté au premier jour ouvré car le {write_jour(avant, nom=False)} est "
        f"{cause}"
    )


def build_reserve(regle: Regle, depart: date) -> str:
    """Dit que la règle n’était pas encore valable, ou ne l’est plus ; vide si elle l’est."""
    if regle.is_valable(depart):
        return ""
    return (
        f"Cette règle n’est vérifiée que depuis le {write_jour(regle.depuis, nom=False)} : "
        "cherchez le texte d’alors."
    )


def _compute(
    regle: Regle, depart: date, calendrier: Calendrier, suspensions: tuple[Suspension, ...]
) -> date:
    jour = _count(regle, depart, calendrier, suspensions)
    return roll(jour, calendrier=calendrier) if regle.report else jour


def _count(
    regle: Regle,
    depart: date,
    calendrier: Calendrier,
    suspensions: tuple[Suspension, ...] = (),
) -> date:
    """Dernier jour avant report, suspensions comprises."""
    if regle.avant:
        if suspensions:
            raise ValueError("Un délai qui remonte depuis son départ ne se suspend pas.")
        return depart - timedelta(regle.nombre + regle.franc)
    fin = _add(regle, depart, calendrier) + timedelta(regle.franc)
    return fin + timedelta(count_jours(depart, fin, suspensions))


def _add(regle: Regle, depart: date, calendrier: Calendrier) -> date:
    match regle.unite:
        case Unite.MOIS:
            return add_mois(depart, regle.nombre)
        case Unite.AN:
            return add_annees(depart, regle.nombre)
        case Unite.JOUR_OUVRE:
            return add_jours_ouvres(depart, regle.nombre, calendrier=calendrier)
        case Unite.JOUR_OUVRABLE:
            return add_jours_ouvrables(depart, regle.nombre, calendrier=calendrier)
    return add_jours(depart, regle.nombre * (7 if regle.unite is Unite.SEMAINE else 1))


def _compute_heures(regle: Regle, depart: date | datetime, arrets: list[object]) -> Echeance:
    if not isinstance(depart, datetime):
        raise ValueError("Ce délai se compte en heures : donnez l’instant de départ.")
    if arrets:
        raise ValueError("Un délai en heures ne se suspend pas et ne s’interrompt pas.")
    fin = add_heures(depart, regle.nombre)
    local = fin.astimezone(PARIS)
    return _build(
        regle,
        to_jour(depart),
        local.date(),
        f"{write_jour(local.date())} à {write_heure(local)}",
        "",
        depart=f"{write_jour(to_jour(depart))} à {write_heure(depart.astimezone(PARIS))}",
        instant=fin,
    )


def _build(
    regle: Regle,
    jour: date,
    dernier: date,
    texte: str,
    suites: str,
    *,
    depart: str = "",
    instant: datetime | None = None,
) -> Echeance:
    lien = "avant" if regle.avant else "à compter"
    franc = " (ni le premier ni le dernier jour ne comptent)" if regle.franc else ""
    return Echeance(
        code=regle.code,
        depart=jour,
        date=dernier,
        article=regle.article,
        explication=f"{regle.effet.format(jour=texte)} : le délai est {_write_de(regle.duree)}"
        f"{franc} {lien} {regle.evenement}, le {depart or write_jour(jour)}{suites}.",
        depuis=regle.depuis,
        reserve=build_reserve(regle, jour),
        instant=instant,
    )


def _explain_interruption(depart: date, parti: date) -> str:
    return "" if parti == depart else f", et il est reparti de zéro le {write_jour(parti)}"


def _explain_suspension(jours: int) -> str:
    if not jours:
        return ""
    return f", plus {jours} jour{'s' if jours > 1 else ''} de suspension"


def _write_de(duree: str) -> str:
    return f"d’{duree}" if duree.startswith("un") else f"de {duree}"
