"""Recevoir les appels par courriel : demander, confirmer, arrêter."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from socle.fondations.comptes.adapters.requete import read_ip
from socle.fondations.referentiels.queries import load_territoires, name_territoire
from socle.metiers.appels.enums import Cadence, Theme
from socle.metiers.appels.forms.alertes import AlerteForm
from socle.metiers.appels.services import alertes

FORMULAIRE = ["GET", "HEAD", "POST"]
ENVOYE = (
    "Regardez votre boîte : nous vous avons écrit. Ouvrez le lien dans les 48 heures pour "
    "confirmer. Sans cela, rien n’est gardé."
)


@login_not_required
@never_cache
@require_http_methods(FORMULAIRE)
def demander(request: HttpRequest) -> HttpResponse:
    """Premier consentement : donner son adresse et ses choix."""
    form = AlerteForm(request.POST if request.method == "POST" else None, load_territoires())
    if request.method == "POST" and form.is_valid():
        alertes.request_alerte(ip=read_ip(request), maintenant=timezone.now(), **form.cleaned_data)
        messages.success(request, ENVOYE)
        return redirect("appels:liste")
    statut = 422 if form.is_bound else 200
    return render(request, "appels/alertes.html", {"form": form}, status=statut)


@login_not_required
@never_cache
@require_http_methods(FORMULAIRE)
def confirmer(request: HttpRequest, jeton: str) -> HttpResponse:
    """Second consentement. Un bouton : un robot qui ouvre les liens n’abonne personne."""
    courriel, themes, territoires, cadence = alertes.read_demande(jeton)
    if request.method == "POST":
        alertes.confirm_alerte(jeton=jeton, maintenant=timezone.now())
        messages.success(request, "C’est fait. Chaque message dit comment ne plus en recevoir.")
        return redirect("appels:liste")
    noms = load_territoires()
    contexte = {
        "courriel": courriel,
        "themes": [Theme(theme).label for theme in themes],
        "territoires": [name_territoire(code, noms) for code in territoires],
        "cadence": Cadence(cadence).label,
    }
    return render(request, "appels/confirmer.html", contexte)


@csrf_exempt  # RFC 8058 : le logiciel de courriel envoie sans témoin ; le jeton signé est la preuve
@login_not_required
@never_cache
@require_http_methods(FORMULAIRE)
def arreter(request: HttpRequest, jeton: str) -> HttpResponse:
    """Ne plus recevoir d’alerte : en un clic depuis le courriel, ou ici par un bouton."""
    abonne = alertes.find_depart(jeton)
    fait = abonne.parti_le is not None
    if request.method == "POST":
        alertes.forget_abonne(empreinte=abonne.empreinte, maintenant=timezone.now())
        fait = True
    return render(request, "appels/arreter.html", {"fait": fait})
