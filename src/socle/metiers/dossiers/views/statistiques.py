"""Statistiques publiques d’une démarche : dépôts, canaux, issues, délai moyen."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from socle.metiers.demarches.queries import find_demarche
from socle.metiers.dossiers.queries.mesures import compute_statistiques


@login_not_required
@require_safe
def statistiques(request: HttpRequest, chemin: str) -> HttpResponse:
    """Chiffres mesurés depuis le premier jour, sans donnée personnelle, avec leur tableau."""
    demarche = find_demarche(request.collectivite, chemin)
    if demarche is None:
        raise Http404
    contexte = {"demarche": demarche, "stats": compute_statistiques(demarche)}
    return render(request, "dossiers/usager/statistiques.html", contexte)
