"""Ouvrir ailleurs une demande faite sans compte : demander le lien, puis l’ouvrir."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from socle.fondations.comptes.adapters.requete import read_ip
from socle.metiers.dossiers.forms import LienForm
from socle.metiers.dossiers.services import reprise as services
from socle.metiers.dossiers.views.acces import get_modifiable, identite_demandee, write_jeton


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@identite_demandee
def lien(request: HttpRequest, numero: int) -> HttpResponse:
    """Demande un lien par courriel. La réponse est la même pour toute adresse."""
    dossier, acces = get_modifiable(request, numero)
    if not (dossier.is_brouillon and dossier.jeton):
        messages.info(request, "Cette demande se retrouve depuis votre espace, sans lien.")
        return redirect("dossiers:suivi", numero)
    depart = {"courriel": dossier.reprise_courriel}
    formulaire = LienForm(request.POST or None, initial=depart)
    if request.method == "POST" and formulaire.is_valid():
        services.request_lien(
            dossier=dossier,
            acces=acces,
            courriel=formulaire.cleaned_data["courriel"],
            adresse=read_ip(request),
            maintenant=timezone.now(),
        )
        messages.success(
            request,
            "Si cette adresse existe, un lien vient de lui être envoyé. Il sert une seule fois,"
            " pendant sept jours. Rien reçu ? Regardez dans les indésirables.",
        )
        return redirect("dossiers:suivi", numero)
    statut = 422 if formulaire.is_bound else 200
    contexte = {"dossier": dossier, "formulaire": formulaire}
    return render(request, "dossiers/usager/lien.html", contexte, status=statut)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def acces(request: HttpRequest, numero: int) -> HttpResponse:
    """La porte d’un dossier que ce navigateur n’ouvre pas : se connecter, ou recevoir un lien.

    La même page, et la même réponse, pour tout numéro et pour toute adresse électronique.
    """
    formulaire = LienForm(request.POST or None)
    champ = formulaire.fields["courriel"]
    champ.label = "L’adresse électronique donnée dans la demande"
    champ.help_text = "Le lien ne part qu’à cette adresse."
    if request.method == "POST" and formulaire.is_valid():
        services.request_acces(
            collectivite=request.collectivite,
            numero=numero,
            courriel=formulaire.cleaned_data["courriel"],
            adresse=read_ip(request),
            maintenant=timezone.now(),
        )
        messages.success(
            request,
            "Si cette adresse est celle de la demande, un lien vient de lui être envoyé. Il sert"
            " une seule fois, pendant sept jours. Rien reçu ? Regardez dans les indésirables.",
        )
        return redirect("dossiers:acces", numero)
    contexte = {"numero": numero, "formulaire": formulaire}
    statut = 422 if formulaire.is_bound else 200
    return render(request, "dossiers/usager/acces.html", contexte, status=statut)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reprendre(request: HttpRequest, numero: int, jeton: str) -> HttpResponse:
    """Ouvre le lien reçu. La visite ne consomme rien : c’est le bouton qui ouvre la demande."""
    visite = {
        "collectivite": request.collectivite,
        "numero": numero,
        "jeton": jeton,
        "maintenant": timezone.now(),
    }
    if request.method != "POST":
        contexte = {"dossier": services.find_repris(**visite)}
        return render(request, "dossiers/usager/reprendre.html", contexte)
    dossier, cle = services.use_lien(**visite)
    reponse = redirect("dossiers:suivi", dossier.numero)
    write_jeton(request, reponse, dossier.numero, cle)
    return reponse
