"""Filtres des pages de dossiers."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def cellule(projection: dict[str, Any], champ: str) -> Any:
    """Valeur d’une colonne choisie : {{ ligne.projection|cellule:colonne.champ }}."""
    return projection.get(champ, "")


@register.filter
def trouve(chemin: str, changements: dict[str, Any] | str) -> Any:
    """Ce qu’une réponse est devenue : {{ ligne.chemin|trouve:changements }} ; None sinon."""
    return changements.get(chemin) if isinstance(changements, dict) else None
