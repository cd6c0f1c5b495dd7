"""Lettres : les archives, s’abonner, confirmer, se désabonner."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.commun.pagination import paginate_keyset
from socle.fondations.commun.publique import page_comptee, page_publique
from socle.fondations.comptes.adapters.requete import read_ip
from socle.metiers.diffusion.enums import EtatAbonne, EtatLettre, Theme
from socle.metiers.diffusion.forms.publics import AbonnementForm
from socle.metiers.diffusion.models import Lettre
from socle.metiers.diffusion.queries.audience import count_lecture
from socle.metiers.diffusion.services import abonnements

ENVOYE = (
    "Regardez votre boîte : nous vous avons écrit. Ouvrez le lien dans les 48 heures pour "
    "confirmer. Sans cela, rien n’est gardé."
)


@page_publique
def liste(request: HttpRequest) -> HttpResponse:
    """Lettres parties, de la plus récente à la plus ancienne."""
    page = paginate_keyset(
        Lettre.objects.exclude(etat=EtatLettre.BROUILLON).defer("texte"), cles=("numero",),
        apres=request.GET.get("apres", ""), avant=request.GET.get("avant", ""), taille=24,
    )  # fmt: skip
    contexte = {
        "lettres": page.lignes,
        "suivante": f"?apres={page.suivante}" if page.suivante else "",
        "precedente": f"?avant={page.precedente}" if page.precedente else "",
    }
    return render(request, "diffusion/lettres.html", contexte)


@page_comptee
def lettre(request: HttpRequest, numero: int) -> HttpResponse:
    """Une lettre, en ligne."""
    parties = Lettre.objects.exclude(etat=EtatLettre.BROUILLON).filter(numero=numero)
    trouvee = parties.order_by("pk").first()
    if trouvee is None:
        raise Http404
    if request.method == "GET":
        count_lecture(trouvee.cle, timezone.localdate())
    contexte = {"lettre": trouvee, "texte_mis_en_forme": render_texte(trouvee.texte)}
    return render(request, "diffusion/lettre.html", contexte)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def abonnement(request: HttpRequest) -> HttpResponse:
    """Premier consentement : donner son adresse."""
    form = AbonnementForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        abonnements.request_abonnement(
            ip=read_ip(request), maintenant=timezone.now(), **form.cleaned_data
        )
        messages.success(request, ENVOYE)
        return redirect("diffusion:lettres")
    statut = 422 if form.is_bound else 200
    return render(request, "diffusion/abonnement.html", {"form": form}, status=statut)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmer(request: HttpRequest, jeton: str) -> HttpResponse:
    """Second consentement. Un bouton : un robot qui ouvre les liens n’abonne personne."""
    courriel, themes, territoire = abonnements.read_demande(jeton)
    if request.method == "POST":
        abonnements.confirm_abonnement(jeton=jeton, maintenant=timezone.now())
        messages.success(
            request, "Vous êtes abonné. Chaque lettre dit comment ne plus la recevoir."
        )
        return redirect("diffusion:lettres")
    contexte = {
        "courriel": courriel,
        "themes": [Theme(theme).label for theme in themes],
        "territoire": territoire,
    }
    return render(request, "diffusion/confirmer.html", contexte)


@csrf_exempt  # RFC 8058 : le logiciel de courriel envoie sans témoin ; le jeton signé est la preuve
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desabonner(request: HttpRequest, jeton: str) -> HttpResponse:
    """Ne plus recevoir les lettres : en un clic depuis le courriel, ou ici par un bouton."""
    abonne = abonnements.find_depart(jeton)
    if request.method == "POST":
        abonnements.unsubscribe(jeton=jeton, maintenant=timezone.now())
        return render(request, "diffusion/desabonner.html", {"fait": True})
    fait = abonne.etat == EtatAbonne.DESABONNE
    return render(request, "diffusion/desabonner.html", {"fait": fait})
