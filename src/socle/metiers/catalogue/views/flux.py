"""Données ouvertes et fil des nouveautés."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from socle.fondations.commun.flux import EntreeDeFlux, respond_atom
from socle.fondations.commun.publique import page_publique
from socle.fondations.commun.tableur import iter_csv
from socle.metiers.catalogue.exports.donnees import build_json, describe_api, iter_lignes
from socle.metiers.catalogue.exports.publiccode import write_fiche
from socle.metiers.catalogue.models import Api
from socle.metiers.catalogue.queries import solutions as lectures
from socle.normes.publiccode.errors import PubliccodeInvalide

JSON = {"ensure_ascii": False, "indent": 1}


@page_publique
def solutions_json(request: HttpRequest) -> HttpResponse:
    """Toutes les solutions publiées, en JSON."""
    publiees = lectures.list_publiees().order_by("nom_tri", "id")
    return JsonResponse(build_json(publiees, settings.ADRESSE), json_dumps_params=JSON)


@page_publique
def solutions_csv(request: HttpRequest) -> HttpResponse:
    """Toutes les solutions publiées, en CSV pour un tableur."""
    publiees = lectures.list_publiees().order_by("nom_tri", "id")
    lignes = b"".join(iter_csv(iter_lignes(publiees, settings.ADRESSE)))
    reponse = HttpResponse(lignes, content_type="text/csv; charset=utf-8")
    reponse.headers["Content-Disposition"] = 'attachment; filename="catalogue.csv"'
    return reponse


@page_publique
def apis_json(request: HttpRequest) -> HttpResponse:
    """Toutes les API, avec leurs dates et leurs emplois."""
    lues = [describe_api(api, settings.ADRESSE) for api in Api.objects.order_by("nom_tri", "id")]
    return JsonResponse({"licence": "Licence Ouverte 2.0", "api": lues}, json_dumps_params=JSON)


@page_publique
def publiccode(request: HttpRequest, slug: str) -> HttpResponse:
    """Le publiccode.yml d’une solution ; introuvable si sa fiche ne permet pas de l’écrire."""
    fiche = lectures.list_publiees().filter(slug=slug).first()
    if fiche is None:
        raise Http404
    try:
        contenu = write_fiche(fiche)
    except PubliccodeInvalide as cause:
        raise Http404 from cause
    return HttpResponse(contenu, content_type="text/yaml; charset=utf-8")


@page_publique
def atom(request: HttpRequest) -> HttpResponse:
    """Fil Atom du catalogue."""
    entrees = [
        EntreeDeFlux(
            titre=fiche.nom,
            chemin=reverse("catalogue:solution", args=[fiche.slug]),
            resume=fiche.phrase,
            publie_le=fiche.publiee_le,
            modifie_le=fiche.modifie_le,
        )
        for fiche in lectures.list_changements()
    ]
    return respond_atom(
        titre="Catalogue de solutions : ce qui change",
        resume="Solutions publiées ou mises à jour.",
        page=reverse("catalogue:liste"),
        flux=request.path,
        entrees=entrees,
    )
