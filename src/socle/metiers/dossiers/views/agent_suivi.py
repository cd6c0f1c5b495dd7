"""Qui suit le dossier : s’en charger, le laisser, le confier."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from socle.fondations.commun.entiers import read_entier
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.permissions import role_requis
from socle.metiers.dossiers.forms import ConfierForm
from socle.metiers.dossiers.permissions import INSTRUCTEURS, REPARTITEURS
from socle.metiers.dossiers.queries.agents import list_instructeurs
from socle.metiers.dossiers.services.affectation import assign_dossier
from socle.metiers.dossiers.views.agent_dossier import get_dossier
from socle.metiers.dossiers.views.voisins import keep_liste


def read_vu(request: HttpRequest) -> int | None:
    """Rend qui suivait le dossier sur la page que l’agent avait devant lui."""
    vu = read_entier(request.POST.get("vu"), chiffres=18)
    return vu if vu >= 0 else None


@role_requis(*INSTRUCTEURS, par_service=True)
@require_POST
def suivre(request: HttpRequest, numero: int) -> HttpResponse:
    """« Je m’en occupe », ou « Laisser à tous » ; le second de deux agents apprend qui l’a pris."""
    dossier = get_dossier(request, numero)
    laisse = "laisser" in request.POST
    try:
        assign_dossier(
            dossier=dossier,
            agent=request.user,
            suivi_par=None if laisse else request.user,
            attendu_id=read_vu(request),
            maintenant=timezone.now(),
        )
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}")
    else:
        fait = "Le dossier est laissé à tous les agents." if laisse else "Vous suivez ce dossier."
        messages.success(request, fait)
    return redirect(keep_liste(request, reverse("dossiers:dossier", args=[numero])))


@role_requis(*REPARTITEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def confier(request: HttpRequest, numero: int) -> HttpResponse:
    """Confie le dossier à un collègue qui peut l’instruire ; il est prévenu."""
    dossier = get_dossier(request, numero)
    services = [dossier.demarche.service_id]
    collegues = list(list_instructeurs(request.collectivite, services).exclude(pk=request.user.pk))
    formulaire = ConfierForm(request.POST or None, collegues=collegues)
    if request.method == "POST" and formulaire.is_valid():
        choisi = next(c for c in collegues if c.pk == formulaire.cleaned_data["suivi_par"])
        try:
            assign_dossier(
                dossier=dossier,
                agent=request.user,
                suivi_par=choisi,
                attendu_id=read_vu(request),
                maintenant=timezone.now(),
            )
        except ErreurMetier as refus:
            formulaire.add_error(None, f"{refus.message} {refus.suite}")
            dossier = get_dossier(request, numero)
        else:
            messages.success(request, f"Le dossier est confié à {choisi.nom_affiche}.")
            return redirect("dossiers:dossier", numero)
    contexte = {"dossier": dossier, "formulaire": formulaire, "collegues": collegues}
    statut = 422 if formulaire.is_bound else 200
    return render(request, "dossiers/agent/confier.html", contexte, status=statut)
