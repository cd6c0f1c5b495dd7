"""Balises d’adresses pour les gabarits."""

from django import template

from socle.fondations.commun.adresses import (
    Adressable,
    build_adresse,
    build_chemin_installation,
)

register = template.Library()


@register.simple_tag
def url_installation(nom: str, *args: object) -> str:
    """Adresse d’une page de l’installation, même depuis une page de collectivité.

    {% url_installation "commun:accueil" %}
    """
    return build_chemin_installation(nom, *args)


@register.simple_tag
def adresse_de(collectivite: Adressable, nom: str, *args: object) -> str:
    """Adresse complète d’une page d’une autre collectivité (l’hôte peut changer).

    {% adresse_de ligne.collectivite "dossiers:suivi" ligne.numero %}
    """
    return build_adresse(nom, collectivite, *args)
