"""Balises d’adresses pour les gabarits."""

from django import template
from django.conf import settings

from socle.fondations.commun.adresses import (
    Adressable,
    build_adresse,
    build_chemin_installation,
)

register = template.Library()


@register.simple_tag(takes_context=True)
def url_installation(context: template.Context, nom: str, *args: object) -> str:
    """Adresse d’une page de l’installation, même depuis une page de collectivité.

    Complète si la collectivité a son propre nom d’hôte : l’installation est alors ailleurs.

    {% url_installation "commun:accueil" %}
    """
    ailleurs = getattr(context.get("collectivite"), "hote", None)
    return (settings.ADRESSE if ailleurs else "") + build_chemin_installation(nom, *args)


@register.simple_tag
def adresse_de(collectivite: Adressable, nom: str, *args: object) -> str:
    """Adresse complète d’une page d’une autre collectivité (l’hôte peut changer).

    {% adresse_de ligne.collectivite "dossiers:suivi" ligne.numero %}
    """
    return build_adresse(nom, collectivite, *args)
