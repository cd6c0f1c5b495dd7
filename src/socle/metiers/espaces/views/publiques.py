"""La boîte à outils et les retours d’expérience, lus par tous."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from socle.fondations.commun.fiches import list_rappels, map_fiches
from socle.fondations.commun.flux import EntreeDeFlux, respond_atom
from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.commun.publique import page_publique
from socle.metiers.espaces.forms.boite import FiltreBoite, FiltreRetours
from socle.metiers.espaces.models import Livrable, RetourDExperience
from socle.metiers.espaces.queries import boite as lectures

FLUX_MAX = 50


@page_publique
def boite(request: HttpRequest) -> HttpResponse:
    """Livrables publiés, par filtre et par page."""
    filtre = FiltreBoite(request.GET.dict())
    page = lectures.paginate_livrables(
        filtre.criteres, apres=request.GET.get("apres", ""), avant=request.GET.get("avant", "")
    )
    contexte = {"filtre": filtre, "livrables": page.lignes, **build_suites(filtre, page)}
    return render(request, "espaces/boite.html", contexte)


@page_publique
def atom(request: HttpRequest) -> HttpResponse:
    """Derniers livrables publiés, par filtre."""
    filtre = FiltreBoite(request.GET.dict())
    entrees = [
        EntreeDeFlux(
            titre=ligne.titre,
            chemin=reverse("espaces:livrable", args=[ligne.slug]),
            resume=ligne.resume,
            publie_le=ligne.publie_le,
            modifie_le=ligne.modifie_le,
            auteur=ligne.auteur,
        )
        for ligne in lectures.paginate_livrables(filtre.criteres).lignes[:FLUX_MAX]
    ]
    return respond_atom(
        titre="Boîte à outils du programme",
        resume="Les derniers livrables du programme et de ses partenaires.",
        page=reverse("espaces:boite"),
        flux=request.get_full_path(),
        entrees=entrees,
    )


@page_publique
def livrable(request: HttpRequest, slug: str) -> HttpResponse:
    """Un livrable, ses versions, qui s’en sert."""
    trouve = lectures.find_livrable(slug)
    if trouve is None:
        raise Http404
    return render(request, "espaces/livrable.html", describe_livrable(trouve))


def describe_livrable(trouve: Livrable) -> dict[str, Any]:
    """Ce que montre la page d’un livrable, publié ou en aperçu."""
    usages = lectures.list_usages(trouve)
    return {
        "livrable": trouve,
        "description": render_texte(trouve.description),
        "versions": lectures.list_versions(trouve),
        "usages": usages,
        "liens": list(map_fiches(trouve.liens).values()),
        "rappels": list_rappels(trouve.cle),
    }


@page_publique
def retours(request: HttpRequest) -> HttpResponse:
    """Retours publiés, par thème et par mots."""
    filtre = FiltreRetours(request.GET.dict())
    page = lectures.paginate_retours(
        filtre.criteres, apres=request.GET.get("apres", ""), avant=request.GET.get("avant", "")
    )
    contexte = {"filtre": filtre, "retours": page.lignes, **build_suites(filtre, page)}
    return render(request, "espaces/retours.html", contexte)


@page_publique
def retour(request: HttpRequest, slug: str) -> HttpResponse:
    """Un retour, question par question."""
    trouve = lectures.find_retour(slug)
    if trouve is None:
        raise Http404
    return render(request, "espaces/retour.html", describe_retour(trouve))


def describe_retour(trouve: RetourDExperience) -> dict[str, Any]:
    """Ce que montre la page d’un retour, publié ou à relire."""
    textes = (
        ("Contexte", trouve.contexte),
        ("Besoin", trouve.besoin),
        ("Ce qui a été fait", trouve.realise),
        ("Résultat", trouve.resultat),
        ("Ce que nous ferions autrement", trouve.autrement),
    )
    return {
        "retour": trouve,
        "textes": [(titre, render_texte(texte, niveau=3)) for titre, texte in textes],
        "liens": list(map_fiches(trouve.liens).values()),
        "rappels": list_rappels(trouve.cle),
    }


def build_suites(filtre: FiltreBoite, page: Any) -> dict[str, str]:
    """Adresses de la page d’après et de celle d’avant, et du filtre."""
    choisis = {cle: valeur for cle, valeur in filtre.cleaned_data.items() if valeur}
    return {
        "adresse": f"?{urlencode(choisis)}" if choisis else "",
        "suivante": f"?{urlencode(choisis | {'apres': page.suivante})}" if page.suivante else "",
        "precedente": (
            f"?{urlencode(choisis | {'avant': page.precedente})}" if page.precedente else ""
        ),
    }
