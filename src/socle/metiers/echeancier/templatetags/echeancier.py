"""Les lignes de la frise, que leur module dessine."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from socle.metiers.echeancier.exports.dessin import draw_rangs

register = template.Library()


@register.simple_tag(takes_context=True)
def rangs(context: Any, frise: Any) -> SafeString:
    """{% rangs frise %} : un lien par échéance ; `cible` dit où l’ouvrir."""
    return draw_rangs(frise, context.get("cible", ""))
