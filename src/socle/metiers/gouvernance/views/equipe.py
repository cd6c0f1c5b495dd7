"""Tableau de l’équipe : ce qui est à faire, et l’entrée de chaque sujet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.permissions import programme_requis
from socle.metiers.gouvernance.queries import equipe as lectures
from socle.metiers.gouvernance.queries import pages
from socle.metiers.gouvernance.queries.feuilles import list_feuilles
from socle.metiers.gouvernance.queries.rapports import list_rapports


@programme_requis(RoleProgramme.EQUIPE)
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Ce qui attend l’équipe : suites à appliquer, réunions à tenir, votes en cours."""
    contexte = {
        "effets": lectures.list_effets_a_appliquer(),
        "reunions": lectures.list_reunions_a_tenir(),
        "decisions": lectures.list_decisions_a_suivre(),
        "reunions_passees": lectures.list_reunions_passees(),
        "decisions_closes": lectures.list_decisions_closes(),
        "instances": list(pages.list_instances(timezone.now())),
        "feuilles": list_feuilles()[:6],
        "evaluations": lectures.list_toutes_evaluations()[:6],
        "a_evaluer": lectures.list_a_evaluer()[:10],
        "rapports": list_rapports()[:3],
    }
    return render(request, "gouvernance/equipe/accueil.html", contexte)
