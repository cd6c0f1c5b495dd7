"""Reprendre un dossier décidé : d’abord ce qui est déjà parti, et une raison."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from socle.fondations.comptes.permissions import role_requis
from socle.metiers.dossiers.enums import DEPARTS, Lettre, Transition
from socle.metiers.dossiers.errors import TransitionImpossible
from socle.metiers.dossiers.forms import ReouvertureForm
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import INSTRUCTEURS
from socle.metiers.dossiers.queries.courrier import get_document_id, list_courriers
from socle.metiers.dossiers.services.guichet import choose_voie
from socle.metiers.dossiers.services.instruction import apply_transition
from socle.metiers.dossiers.views.agent_dossier import get_dossier

TRANSITION = Transition.REPASSER_EN_INSTRUCTION
FAIT = (
    "Le dossier est de nouveau en instruction. Prévenez la personne : la décision reçue ne vaut"
    " plus."
)


@role_requis(*INSTRUCTEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def rouvrir(request: HttpRequest, numero: int) -> HttpResponse:
    """Dit ce que la personne a déjà reçu, demande pourquoi, puis reprend le dossier."""
    dossier = get_dossier(request, numero)
    if dossier.etat not in DEPARTS[TRANSITION]:
        return refuse(request, dossier, TransitionImpossible())
    formulaire = ReouvertureForm(request.POST or None)
    if request.method != "POST" or not formulaire.is_valid():
        return show(request, dossier, formulaire)
    try:
        apply_transition(
            dossier=dossier,
            transition=TRANSITION,
            agent=request.user,
            motif=formulaire.cleaned_data["motif"],
            maintenant=timezone.now(),
        )
    except TransitionImpossible as refus:
        return refuse(request, dossier, refus)
    messages.success(request, FAIT)
    return redirect("dossiers:dossier", numero)


def refuse(request: HttpRequest, dossier: Dossier, refus: TransitionImpossible) -> HttpResponse:
    messages.error(request, f"{refus.message} {refus.suite}")
    return redirect("dossiers:dossier", dossier.numero)


def show(request: HttpRequest, dossier: Dossier, formulaire: ReouvertureForm) -> HttpResponse:
    document = get_document_id(dossier, Lettre.DECISION)
    contexte = {
        "dossier": dossier,
        "formulaire": formulaire,
        "voie": choose_voie(dossier),
        "courriers": [c for c in list_courriers(dossier) if c.document_id == document],
    }
    statut = 422 if formulaire.is_bound else 200
    return render(request, "dossiers/agent/rouvrir.html", contexte, status=statut)
