"""Pages sans métier : santé, couleur d’une collectivité, composants, pages de texte, erreurs."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from socle.fondations.commun import couleurs
from socle.fondations.commun.locataire import hors_transaction
from socle.fondations.commun.saisie import describe_envoi_refuse
from socle.fondations.commun.vitrine import describe_exemples


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
@hors_transaction
@require_safe
def theme(request: HttpRequest, couleur: str, empreinte: str) -> HttpResponse:
    """Sert la feuille de style d’une couleur. Son adresse change avec son contenu : gardée un an.

    Une empreinte d’une version passée de Socle reçoit la feuille d’aujourd’hui, gardée une minute.
    """
    # Le contrôle de connexion a regardé la session ; la réponse, elle, n’en dépend pas : sans cette
    # ligne, « Vary: Cookie » la ferait redemander à chaque connexion.
    request.session.accessed = False
    hexa = f"#{couleur}"
    reponse = HttpResponse(couleurs.render_feuille(hexa), content_type="text/css; charset=utf-8")
    if empreinte == couleurs.compute_empreinte(hexa):
        patch_cache_control(reponse, public=True, max_age=31_536_000, immutable=True)
    else:
        patch_cache_control(reponse, public=True, max_age=60)
    return reponse


@login_not_required
@require_safe
def composants(request: HttpRequest) -> HttpResponse:
    """Montre tous les composants dans tous leurs états."""
    return render(request, "commun/composants.html", describe_exemples(timezone.now()))


@login_not_required
@require_safe
def composants_agents(request: HttpRequest) -> HttpResponse:
    """Montre les composants des agents, dans leur page : plus serrée, avec les raccourcis."""
    return render(request, "commun/composants_agents.html", describe_exemples(timezone.now()))


@login_not_required
@require_safe
def page(request: HttpRequest, gabarit: str) -> HttpResponse:
    """Page de texte : mentions légales, accessibilité, données personnelles, plan, aide."""
    return render(request, f"commun/pages/{gabarit}.html")


@login_not_required
def erreur_400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Demande illisible, ou trop lourde pour être lue (413)."""
    if isinstance(exception, RequestDataTooBig):
        limite = {"limite": settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
        return render(request, "413.html", limite, status=413)
    return render(request, "400.html", describe_envoi_refuse(request), status=400)


@login_not_required
def erreur_403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", describe_envoi_refuse(request), status=403)


@login_not_required
def erreur_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Jeton de formulaire absent ou périmé : la personne retrouve ce qu’elle avait écrit."""
    return render(request, "403_csrf.html", describe_envoi_refuse(request), status=403)


@login_not_required
def erreur_404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", describe_envoi_refuse(request), status=404)


@login_not_required
def erreur_500(request: HttpRequest) -> HttpResponse:
    """Panne : rien n’est lu en base, et lire l’envoi ne peut pas faire échouer la page.

    Base injoignable ou trop occupée : 503, avec le temps d’attendre qu’elle revienne.
    """
    passagere = isinstance(sys.exception(), (OperationalError, InterfaceError))
    try:
        contexte = describe_envoi_refuse(request)
    except Exception:  # noqa: BLE001  dernier recours : la page se montre, avec ou sans le texte
        contexte = {}
    statut = 503 if passagere else 500
    # Sans requête : les processeurs de contexte iraient lire la session, donc la base.
    page = render_to_string("500.html", {**contexte, "request": request, "code": statut})
    return HttpResponse(page, status=statut, headers={"Retry-After": "10"} if passagere else None)
