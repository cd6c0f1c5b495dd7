"""Texte mis en forme : du Markdown simple, dont rien d’actif ne sort.

Titres, listes, gras, italique, liens, citations, tableaux. Ni HTML, ni image, ni adresse d’un autre
schéma que http, https, mailto et tel : ce qui n’est pas permis reste écrit tel quel.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

ADRESSE_PERMISE = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|#)", re.IGNORECASE)
TEXTE_MAX = 200_000  # signes


@cache
def _get_moteur() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415  lourd, rarement utile

    moteur = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True})
    moteur.disable(["image", "html_block", "html_inline", "code"])
    moteur.validateLink = lambda url: bool(ADRESSE_PERMISE.match(url.strip()))  # type: ignore[method-assign]
    return moteur


def render_texte(texte: str, *, niveau: int = 2) -> SafeString:
    """Rend le HTML d’un texte ; le plus haut titre écrit devient un titre de ce niveau.

    >>> str(render_texte("**Bonjour** <script>"))
    '<p><strong>Bonjour</strong> &lt;script&gt;</p>\\n'
    """
    jetons = _get_moteur().parse(texte[:TEXTE_MAX])
    titres = [jeton for jeton in jetons if jeton.type in ("heading_open", "heading_close")]
    rangs = sorted({int(titre.tag[1]) for titre in titres})
    for titre in titres:  # « # » puis « ### » donnent deux niveaux qui se suivent
        titre.tag = f"h{min(niveau + rangs.index(int(titre.tag[1])), 6)}"
    html = _get_moteur().renderer.render(jetons, _get_moteur().options, {})
    return mark_safe(html)  # noqa: S308  HTML refusé en entrée, liens filtrés


def strip_forme(texte: str) -> str:
    """Rend le texte nu, pour un résumé, un courriel ou une recherche.

    >>> strip_forme("## Titre\\n- **un** [lien](https://a.fr)")
    'Titre un lien'
    """
    morceaux = []
    for jeton in _get_moteur().parse(texte[:TEXTE_MAX]):
        if jeton.type == "inline":
            morceaux += [
                enfant.content if enfant.type in ("text", "code_inline") else " "
                for enfant in jeton.children or []
            ]
            morceaux.append(" ")
        elif jeton.type in ("fence", "code_block"):
            morceaux.append(f"{jeton.content} ")
    return re.sub(r"\s+", " ", "".join(morceaux)).strip()
