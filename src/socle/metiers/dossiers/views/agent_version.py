"""Un administrateur fait suivre à un dossier déposé le nouveau formulaire de sa démarche."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from socle.fondations.commun.entiers import read_entier
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import role_requis
from socle.metiers.dossiers.errors import (
    CorrectionCommencee,
    DossierModifieAilleurs,
    RienADeplacer,
    VersionPerimee,
)
from socle.metiers.dossiers.forms import RebaseForm
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.services.echanges import record_consultation
from socle.metiers.dossiers.services.rebase import is_en_correction, prepare_rebase, rebase_dossier
from socle.metiers.dossiers.views.agent_dossier import get_dossier

ENTIER_MAX = 18  # signes : un identifiant plus long n’est pas de nous


@role_requis(Role.ADMINISTRATEUR, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def deplacer(request: HttpRequest, numero: int) -> HttpResponse:
    """Montre ce que le nouveau formulaire change et ce qui quitterait le dossier, puis déplace.

    Elle montre les réponses : c’est une consultation, notée comme celle du dossier.
    """
    dossier = get_dossier(request, numero)
    dossier.collectivite = request.collectivite
    refus = find_refus(dossier)
    if refus is not None:
        messages.info(request, f"{refus.message} {refus.suite}")
        return redirect("dossiers:dossier", numero)
    formulaire = RebaseForm(request.POST or None)
    if request.method != "POST":
        record_consultation(dossier=dossier, agent=request.user, maintenant=timezone.now())
        return show(request, dossier, formulaire)
    if not formulaire.is_valid():
        return show(request, dossier, formulaire, statut=422)
    return move(request, dossier, formulaire)


def find_refus(dossier: Dossier) -> RienADeplacer | CorrectionCommencee | None:
    """Rend ce qui empêche de déplacer ce dossier, ou None."""
    if dossier.version_en_vigueur is None:
        return RienADeplacer()
    return CorrectionCommencee() if is_en_correction(dossier) else None


def move(request: HttpRequest, dossier: Dossier, formulaire: RebaseForm) -> HttpResponse:
    """Déplace le dossier ; si quelque chose a changé depuis la page, remontre les différences."""
    try:
        rebase_dossier(
            dossier=dossier,
            version_id=read_entier(request.POST.get("version"), chiffres=ENTIER_MAX),
            agent=request.user,
            motif=formulaire.cleaned_data["motif"],
            revision=read_entier(request.POST.get("revision"), chiffres=ENTIER_MAX),
            maintenant=timezone.now(),
        )
    except (DossierModifieAilleurs, VersionPerimee):
        return show(request, get_dossier(request, dossier.numero), formulaire, statut=409)
    except (RienADeplacer, CorrectionCommencee) as refus:
        messages.info(request, f"{refus.message} {refus.suite}")
    else:
        messages.success(request, "Le dossier suit maintenant le nouveau formulaire.")
    return redirect("dossiers:dossier", dossier.numero)


def show(
    request: HttpRequest, dossier: Dossier, formulaire: RebaseForm, *, statut: int = 200
) -> HttpResponse:
    version_id = dossier.version_en_vigueur or dossier.version_id
    contexte: dict[str, Any] = {
        "dossier": dossier,
        "version_id": version_id,
        "passage": prepare_rebase(dossier, version_id),
        "formulaire": formulaire,
        "perime": statut == 409,
    }
    return render(request, "dossiers/agent/version.html", contexte, status=statut)
