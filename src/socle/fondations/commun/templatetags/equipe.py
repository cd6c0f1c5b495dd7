"""Navigation de l’espace de l’équipe du programme : `{% load equipe %}{% navigation_equipe %}`."""

from typing import Any

from django import template
from django.urls import reverse

from socle.fondations.commun.fiches import list_pages_equipe

register = template.Library()


@register.inclusion_tag("commun/_navigation_equipe.html", takes_context=True)
def navigation_equipe(context: template.Context) -> dict[str, Any]:
    """Une entrée par section inscrite ; celle où l’on est est marquée."""
    requete = context.get("request")
    ici = requete.path if requete else ""
    entrees = []
    for page in list_pages_equipe():
        url = reverse(page.url)
        courant = "page" if ici == url else "true" if ici.startswith(url) else ""
        entrees.append({"titre": page.titre, "url": url, "courant": courant})
    return {"entrees": entrees}
