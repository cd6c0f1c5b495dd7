"""Morceaux de page gardés dessinés : l’en-tête et le pied d’une collectivité changent peu."""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.urls import get_script_prefix

register = template.Library()
DESSINS_MAX = 1_000  # par morceau et par processus ; un dessin pèse un ou deux kilo-octets


@register.tag
def garde(parser: Parser, jeton: Token) -> "Garde":
    """Dessine une fois par valeurs ce qui ne dépend que d’elles, et de l’accueil où l’on est.

    Tout ce que le morceau lit doit y être nommé ; rien d’une personne n’y entre.

    {% garde collectivite.nom collectivite.adresse %} … {% fingarde %}
    """
    valeurs = [parser.compile_filter(mot) for mot in jeton.split_contents()[1:]]
    contenu = parser.parse(("fingarde",))
    parser.delete_first_token()
    return Garde(contenu, valeurs)


class Garde(template.Node):
    """Un morceau et ses dessins, par valeurs."""

    def __init__(self, nodelist: NodeList, valeurs: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.valeurs = valeurs
        self.dessins: dict[tuple[Any, ...], str] = {}

    def render(self, context: template.Context) -> str:
        cle = (get_script_prefix(), *(valeur.resolve(context, True) for valeur in self.valeurs))
        dessin = self.dessins.get(cle)
        if dessin is None:
            dessin = self.nodelist.render(context)
            if len(self.dessins) >= DESSINS_MAX:
                self.dessins.clear()
            self.dessins[cle] = dessin
        return dessin
