"""Ce qu’un réseau montre d’un lien vers une page (Open Graph) : ses blocs, redits."""

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def bloc(context: template.Context, nom: str) -> SafeString:
    """{% bloc "titre" %} : le texte d’un bloc de la page, là où il est redit.

    Django refuse deux blocs du même nom ; l’échappement est celui du bloc.
    """
    ecrit = context.render_context[BLOCK_CONTEXT_KEY].get_block(nom)
    return SafeString(ecrit.render(context).strip())
