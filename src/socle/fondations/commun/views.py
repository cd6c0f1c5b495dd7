"""Pages sans métier : accueil de l’installation, santé, erreurs."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from socle.fondations.commun.locataire import hors_transaction


@login_not_required
@hors_transaction
@require_safe
@never_cache
def sante(request: HttpRequest) -> JsonResponse:
    """Dit si le service vit, et s’il peut servir (base joignable)."""
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"vivant": True, "pret": False, "base": "injoignable"}, status=503)
    return JsonResponse({"vivant": True, "pret": True})


@login_not_required
def erreur_400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


@login_not_required
def erreur_403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


@login_not_required
def erreur_404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


@login_not_required
def erreur_500(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
