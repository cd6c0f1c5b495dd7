"""Tenir le catalogue : les fiches, leur publication, leur feuille de route."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.permissions import programme_requis
from socle.metiers.catalogue.queries import solutions as lectures


@programme_requis(RoleProgramme.EQUIPE)
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Toutes les fiches, brouillons compris, et ce qui attend."""
    contexte = {"solutions": lectures.list_pour_equipe()}
    return render(request, "catalogue/equipe/accueil.html", contexte)
