"""Articles en données ouvertes : Atom et JSON, à republier."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from socle.fondations.commun.flux import EntreeDeFlux
from socle.fondations.commun.mise_en_forme import render_texte
from socle.metiers.diffusion.models import Article

LICENCE = "Licence Ouverte 2.0"


def list_entrees(articles: Sequence[Article]) -> list[EntreeDeFlux]:
    """Rend les entrées du flux Atom ; le texte entier y est, en HTML sûr."""
    return [
        EntreeDeFlux(
            titre=article.titre,
            chemin=reverse("diffusion:article", args=[article.slug]),
            resume=article.resume,
            contenu=str(render_texte(article.texte)),
            publie_le=article.publie_le,
            modifie_le=article.modifie_le,
            themes=tuple(article.libelles_themes),
        )
        for article in articles
    ]


def build_json(articles: Sequence[Article], adresse: str) -> dict[str, Any]:
    """Rend les articles en clair : texte Markdown, thèmes, source."""
    return {
        "licence": LICENCE,
        "source": settings.ADRESSE + reverse("diffusion:actualites") + adresse,
        "articles": [
            {
                "identifiant": article.slug,
                "url": build_url(article),
                "genre": article.genre,
                "titre": article.titre,
                "resume": article.resume,
                "texte": article.texte,
                "themes": article.themes,
                "cite": article.liens,
                "source_des_faits": article.source,
                "publie_le": article.publie_le.isoformat() if article.publie_le else None,
                "modifie_le": article.modifie_le.isoformat(),
            }
            for article in articles
        ],
    }


def build_url(article: Article) -> str:
    """Rend l’adresse complète d’un article."""
    return str(settings.ADRESSE + reverse("diffusion:article", args=[article.slug]))
