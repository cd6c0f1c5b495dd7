"""Filtres des pages de l’adoption."""

from django import template

from socle.fondations.commun.presentation import Genre
from socle.metiers.adoption.enums import Usage

register = template.Library()
COULEURS: dict[str, Genre] = {Usage.UTILISE: "success", Usage.PREVOIT: "info", Usage.ARRETE: ""}


@register.filter
def couleur_usage(usage: str) -> str:
    """Couleur de la pastille d’un usage ; le mot est toujours écrit."""
    return COULEURS.get(usage, "")
