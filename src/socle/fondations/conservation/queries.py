"""Lectures des règles de conservation, sous le locataire de la collectivité."""

from django.db.models import QuerySet

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.conservation.models import RegleDeConservation


def list_regles(collectivite: Collectivite) -> QuerySet[RegleDeConservation]:
    """Règles d’une collectivité, par code."""
    return RegleDeConservation.objects.filter(collectivite=collectivite).order_by("code")


def find_regle(collectivite: Collectivite, code: str) -> RegleDeConservation | None:
    """Trouve une règle par son code."""
    return list_regles(collectivite).filter(code=code).first()
