"""Articles en données ouvertes : Atom et JSON, à republier."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from socle.fondations.commun.mise_en_forme import render_texte
from socle.metiers.diffusion.models import Article

LICENCE = "Licence Ouverte 2.0"


def build_atom(articles: Sequence[Article], *, adresse: str) -> str:
    """Rend le flux Atom (RFC 4287) ; le texte entier y est, en HTML sûr."""
    flux = Atom1Feed(
        title=f"Actualités : {settings.NOM_INSTALLATION}",
        link=settings.ADRESSE + reverse("diffusion:actualites") + adresse,
        description="Actualités, résultats et presse du programme.",
        language="fr",
        feed_url=settings.ADRESSE + reverse("diffusion:atom") + adresse,
        author_name=settings.NOM_INSTALLATION,
        feed_copyright=LICENCE,
    )
    for article in articles:
        url = build_url(article)
        flux.add_item(
            title=article.titre,
            link=url,
            unique_id=url,
            description=article.resume,
            content=str(render_texte(article.texte)),
            pubdate=article.publie_le,
            updateddate=article.modifie_le,
            categories=article.libelles_themes,
        )
    return str(flux.writeString("utf-8"))


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
