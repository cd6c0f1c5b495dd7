"""Actualités : la liste, un article, les flux, le plan pour les moteurs."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.fiches import list_rappels, map_fiches
from socle.fondations.commun.flux import respond_atom
from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.commun.plan import plans
from socle.fondations.commun.publique import page_comptee, page_publique
from socle.metiers.diffusion.exports.flux import LICENCE, build_json, list_entrees
from socle.metiers.diffusion.forms.publics import FiltreArticles
from socle.metiers.diffusion.models import Article
from socle.metiers.diffusion.queries.audience import count_lecture
from socle.metiers.diffusion.queries.parutions import find_article, paginate_articles

FLUX_MAX = 30


@page_publique
def liste(request: HttpRequest) -> HttpResponse:
    """Articles parus, par genre et par thème."""
    filtre = FiltreArticles(request.GET.dict())
    page = paginate_articles(
        genre=filtre.get("genre"), theme=filtre.get("theme"),
        apres=request.GET.get("apres", ""), avant=request.GET.get("avant", ""),
    )  # fmt: skip
    contexte = {
        "filtre": filtre,
        "articles": page.lignes,
        "adresse": build_adresse(filtre),
        "suivante": build_adresse(filtre, apres=page.suivante) if page.suivante else "",
        "precedente": build_adresse(filtre, avant=page.precedente) if page.precedente else "",
    }
    return render(request, "diffusion/actualites.html", contexte)


@page_comptee
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Un article ; retiré, la page dit pourquoi et son texte n’y est plus."""
    trouve = find_article(slug)
    if trouve is None:
        raise Http404
    if not trouve.est_publie:
        return render(request, "diffusion/retire.html", {"objet": trouve}, status=410)
    if request.method == "GET":
        count_lecture(trouve.cle, timezone.localdate())
    return render(request, "diffusion/article.html", describe_article(trouve))


def describe_article(trouve: Article) -> dict[str, Any]:
    """Ce que montre la page d’un article, paru ou en aperçu."""
    return {
        "article": trouve,
        "texte_mis_en_forme": render_texte(trouve.texte),
        "cites": list(map_fiches(trouve.liens).values()),
        "rappels": list_rappels(trouve.cle),
        "origine": settings.ADRESSE,
    }


@page_publique
def atom(request: HttpRequest) -> HttpResponse:
    """Flux des derniers articles, par filtre."""
    filtre = FiltreArticles(request.GET.dict())
    adresse = build_adresse(filtre)
    return respond_atom(
        titre=f"Actualités : {settings.NOM_INSTALLATION}",
        resume="Actualités, résultats et presse du programme.",
        page=reverse("diffusion:actualites") + adresse,
        flux=reverse("diffusion:atom") + adresse,
        entrees=list_entrees(list_flux(filtre)),
        licence=LICENCE,
    )


@page_publique
def json(request: HttpRequest) -> HttpResponse:
    """Derniers articles en clair, à republier ; lisible depuis tout site."""
    filtre = FiltreArticles(request.GET.dict())
    reponse = JsonResponse(
        build_json(list_flux(filtre), build_adresse(filtre)),
        json_dumps_params={"ensure_ascii": False},
    )
    reponse.headers["Access-Control-Allow-Origin"] = "*"
    return reponse


@page_publique
def plan(request: HttpRequest) -> HttpResponse:
    """Plan des pages publiques (sitemaps.org), de tous les métiers qui s’y inscrivent."""
    pages = [page for code in plans for page in plans[code]()]
    contexte = {"origine": settings.ADRESSE, "pages": pages}
    return render(request, "diffusion/sitemap.xml", contexte, content_type="application/xml")


def list_flux(filtre: FiltreArticles) -> list[Article]:
    """Rend les articles d’un flux."""
    page = paginate_articles(genre=filtre.get("genre"), theme=filtre.get("theme"), taille=FLUX_MAX)
    return list(page.lignes)


def build_adresse(filtre: FiltreArticles, **autres: str) -> str:
    """Rend « ?theme=… », vide sans filtre."""
    choix = {nom: filtre.get(nom) for nom in ("genre", "theme")} | autres
    garde = {nom: valeur for nom, valeur in choix.items() if valeur}
    return f"?{urlencode(garde)}" if garde else ""
