"""Ce que la gouvernance sait compter d’elle-même ; ses tables ne se purgent pas."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from socle.fondations.commun.mesures import Mesure
from socle.metiers.gouvernance.enums import EtatDecision, EtatReunion
from socle.metiers.gouvernance.models import Decision, InscriptionAtelier, Reunion


def _find_fin(jour: date) -> datetime:
    return datetime.combine(jour + timedelta(days=1), time(), timezone.get_default_timezone())


def count_decisions(jour: date) -> Decimal:
    """Décisions prises par les deux collèges, depuis le premier jour."""
    prises = Decision.objects.filter(etat=EtatDecision.PRISE, prise_le__lt=_find_fin(jour))
    return Decimal(prises.filter(demonstration=False).count())


def count_reunions(jour: date) -> Decimal:
    """Réunions tenues dont le relevé est publié."""
    tenues = Reunion.objects.filter(etat=EtatReunion.TENUE, debut__lt=_find_fin(jour))
    return Decimal(tenues.filter(demonstration=False).count())


def count_inscrits(jour: date) -> Decimal:
    """Inscriptions aux réunions ouvertes."""
    inscrits = InscriptionAtelier.objects.filter(inscrit_le__lt=_find_fin(jour))
    return Decimal(inscrits.filter(reunion__demonstration=False).count())


MESURES = {
    "gouvernance.decisions": Mesure(
        "Décisions à deux collèges", "décisions",
        "Décisions prises : validées par le collège de l’État et par celui des collectivités."
        " Les exemples fictifs de la démonstration ne comptent pas.",
        count_decisions,
    ),
    "gouvernance.reunions": Mesure(
        "Réunions tenues", "réunions",
        "Réunions d’instance dont le relevé est publié, hors exemples fictifs.",
        count_reunions,
    ),
    "gouvernance.inscrits": Mesure(
        "Inscriptions aux réunions ouvertes", "inscriptions",
        "Agents inscrits à une réunion ouverte, hors exemples fictifs.",
        count_inscrits,
    ),
}  # fmt: skip
