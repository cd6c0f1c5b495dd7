"""Filtres des pages de la gouvernance."""

from django import template
from django.utils.safestring import SafeString

from socle.fondations.commun.mise_en_forme import render_texte

register = template.Library()


@register.filter
def mis_en_forme(texte: str, niveau: int = 2) -> SafeString:
    """{{ reunion.releve|mis_en_forme:3 }} : Markdown sûr, titres à partir de ce niveau."""
    return render_texte(texte, niveau=niveau)
