"""Le formulaire a changé depuis que la demande a commencé : voir les différences, et choisir."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from socle.fondations.commun.entiers import read_entier
from socle.metiers.dossiers.errors import DossierModifieAilleurs, VersionPerimee
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import version as services
from socle.metiers.dossiers.views.acces import get_modifiable, identite_demandee
from socle.metiers.dossiers.views.saisie import read_revision


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@identite_demandee
def version(request: HttpRequest, numero: int) -> HttpResponse:
    """Montre ce que le nouveau formulaire change, puis passe à lui ou garde l’ancien."""
    dossier, acces = get_modifiable(request, numero)
    nouvelle = dossier.version_plus_recente
    if nouvelle is None:
        messages.info(request, "Votre demande suit le formulaire en vigueur : rien à choisir.")
        return redirect("dossiers:suivi", numero)
    if request.method != "POST":
        return show_passage(request, dossier, nouvelle)
    if request.POST.get("choix") == "rester":
        services.keep_version(dossier=dossier, version_id=nouvelle, acces=acces)
        messages.success(request, "Vous gardez l’ancien formulaire. Rien n’a changé.")
        return redirect("dossiers:suivi", numero)
    return move(request, dossier, acces)


def move(request: HttpRequest, dossier: Dossier, acces: Acces) -> HttpResponse:
    """Passe à la version montrée ; si quelque chose a changé depuis, remontre les différences."""
    try:
        services.change_version(
            dossier=dossier,
            version_id=read_entier(request.POST.get("version"), 0, chiffres=18),
            revision=read_revision(request, dossier),
            acces=acces,
            maintenant=timezone.now(),
        )
    except (DossierModifieAilleurs, VersionPerimee):
        return show_passage(request, dossier, dossier.version_plus_recente, perime=True)
    messages.success(
        request, "Votre demande suit maintenant le nouveau formulaire. Relisez chaque étape."
    )
    return redirect("dossiers:etape", dossier.numero, 1)


def show_passage(
    request: HttpRequest, dossier: Dossier, version_id: int | None, *, perime: bool = False
) -> HttpResponse:
    contexte = {
        "dossier": dossier,
        "demarche": dossier.demarche,
        "version_id": version_id,
        "passage": services.prepare_passage(
            dossier, version_id or dossier.version_id, maintenant=timezone.now()
        ),
        "perime": perime,
    }
    statut = 409 if perime else 200
    return render(request, "dossiers/usager/version.html", contexte, status=statut)
