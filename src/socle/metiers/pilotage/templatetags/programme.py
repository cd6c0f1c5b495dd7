"""Balises du programme : `{% load programme %}`."""

from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from socle.fondations.commun import textes
from socle.fondations.commun.mise_en_forme import render_texte
from socle.metiers.pilotage.models import Indicateur, Valeur
from socle.metiers.pilotage.queries.valeurs import format_valeur

register = template.Library()


@register.filter
def forme(texte: str, niveau: int = 3) -> SafeString:
    """{{ fiche.fait|forme:3 }} : texte mis en forme, ses titres à ce niveau."""
    return render_texte(texte, niveau=niveau)


@register.filter
def accorde(unite: str, nombre: Decimal) -> str:
    """{{ indicateur.unite|accorde:valeur.nombre }} : « comptes », « compte » au-dessous de deux."""
    return textes.accorde(unite, nombre)


@register.simple_tag
def valeur(*, valeur: Valeur, indicateur: Indicateur) -> str:
    """{% valeur valeur=v indicateur=i %} : « plus de 700 »."""
    return format_valeur(valeur, indicateur)


@register.filter
def trimestre(numero: int) -> str:
    """{{ 2|trimestre }} : « 2e trimestre », écrit en toutes lettres."""
    noms = {1: "Premier", 2: "Deuxième", 3: "Troisième", 4: "Quatrième"}
    return f"{noms.get(numero, '')} trimestre".strip()
