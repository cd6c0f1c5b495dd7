"""Filtres des pages de dossiers."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def cellule(projection: dict[str, Any], champ: str) -> Any:
    """Valeur d’une colonne choisie : {{ ligne.projection|cellule:colonne.champ }}."""
    return projection.get(champ, "")
