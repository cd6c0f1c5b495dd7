"""Choisir une solution : la liste, une fiche, la comparaison, l’aide au choix."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from socle.fondations.commun.fiches import list_rappels, map_fiches
from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.commun.publique import page_publique
from socle.metiers.catalogue.enums import EtatSolution
from socle.metiers.catalogue.exports.publiccode import list_anomalies
from socle.metiers.catalogue.forms.recherche import ChoixForm, RechercheSolutions
from socle.metiers.catalogue.models import Solution
from socle.metiers.catalogue.queries import solutions as lectures
from socle.metiers.catalogue.queries.choix import rank_solutions
from socle.metiers.catalogue.queries.comparaison import MAXIMUM, compare_solutions
from socle.metiers.catalogue.queries.fiche import find_solution


def build_suite(request: HttpRequest, **autres: str) -> str:
    """Rend l’adresse de cette page avec d’autres valeurs ; vide si la valeur est vide."""
    if not any(autres.values()):
        return ""
    gardes = [(nom, v) for nom, v in request.GET.items() if nom not in {"apres", "avant"} and v]
    return f"?{urlencode([*gardes, *autres.items()])}"


@page_publique
def liste(request: HttpRequest) -> HttpResponse:
    """Solutions publiées, filtrées, par ordre alphabétique."""
    formulaire = RechercheSolutions(request.GET)
    valeurs = formulaire.criteres
    criteres = lectures.Criteres(texte=valeurs.pop("q", ""), **valeurs)
    page = lectures.list_solutions(
        criteres, apres=request.GET.get("apres", ""), avant=request.GET.get("avant", "")
    )
    contexte = {
        "formulaire": formulaire,
        "solutions": page.lignes,
        "filtree": criteres != lectures.Criteres(),
        "total": lectures.filter_solutions(criteres).count(),
        "suivante": build_suite(request, apres=page.suivante),
        "precedente": build_suite(request, avant=page.precedente),
    }
    return render(request, "catalogue/liste.html", contexte)


@page_publique
def solution(request: HttpRequest, slug: str) -> HttpResponse:
    """Une solution : ce qu’il faut pour la choisir, et d’où on le tient."""
    fiche = find_solution(slug)
    if fiche is None:
        raise Http404
    retiree = fiche.etat == EtatSolution.RETIREE
    contexte = describe_solution(fiche) | {"retiree": retiree}
    return render(request, "catalogue/solution.html", contexte, status=410 if retiree else 200)


def describe_solution(fiche: Solution) -> dict[str, Any]:
    """Rend le contexte d’une fiche, le même pour le public et pour qui la tient."""
    sections = (
        ("Modèle économique", fiche.modele_economique),
        ("Caractéristiques techniques", fiche.technique),
        ("Gouvernance", fiche.gouvernance),
        ("Options de pérennité", fiche.perennite),
    )
    return {
        "solution": fiche,
        "description": render_texte(fiche.description, niveau=3),
        "sections": [(titre, render_texte(texte, niveau=4)) for titre, texte in sections if texte],
        "cites": list(map_fiches(fiche.liens).values()),
        "rappels": list_rappels(fiche.cle),
        "publiccode": not list_anomalies(fiche),
    }


@page_publique
def comparer(request: HttpRequest) -> HttpResponse:
    """Jusqu’à quatre solutions côte à côte, différences marquées."""
    demandees = list(dict.fromkeys(s[:80] for s in request.GET.getlist("s") if s))
    choisies = list(lectures.map_solutions(demandees[:MAXIMUM]).values())
    contexte = {
        "solutions": [(s, _build_sans(choisies, s)) for s in choisies],
        "parties": compare_solutions(choisies),
        "trop": len(demandees) > MAXIMUM,
        "maximum": MAXIMUM,
        "autres": lectures.list_noms(sauf=demandees) if len(choisies) < MAXIMUM else [],
    }
    return render(request, "catalogue/comparer.html", contexte)


def _build_sans(choisies: list[Solution], ote: Solution) -> str:
    restent = [("s", s.slug) for s in choisies if s != ote]
    return f"{reverse('catalogue:comparer')}?{urlencode(restent)}"


@page_publique
def choisir(request: HttpRequest) -> HttpResponse:
    """Trois questions, et des solutions rangées avec leurs raisons."""
    repond = ChoixForm.base_fields.keys() & request.GET.keys()
    formulaire = ChoixForm(request.GET if repond else None)
    contexte: dict[str, Any] = {"formulaire": formulaire, "propositions": None}
    statut = 200
    if formulaire.is_bound:
        if formulaire.is_valid():
            besoin = formulaire.cleaned_data["besoin"]
            trouvees = lectures.filter_solutions(lectures.Criteres(besoin=besoin))
            propositions = rank_solutions(
                trouvees.order_by("nom_tri", "id")[:200], **formulaire.cleaned_data
            )
            comparees = [("s", p.solution.slug) for p in propositions[:MAXIMUM]]
            contexte |= {
                "propositions": propositions,
                "comparaison": f"{reverse('catalogue:comparer')}?{urlencode(comparees)}",
            }
        else:
            statut = 422
    return render(request, "catalogue/choisir.html", contexte, status=statut)
