"""Accueil de l’espace de l’équipe du programme."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from socle.fondations.commun.fiches import list_pages_equipe
from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.permissions import programme_requis


@programme_requis(RoleProgramme.EQUIPE)
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Sections où l’équipe du programme écrit."""
    return render(request, "pilotage/equipe/accueil.html", {"pages": list_pages_equipe()})
