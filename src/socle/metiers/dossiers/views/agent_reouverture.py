"""Reprendre un dossier décidé : d’abord ce qui est déjà parti, et une raison."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.permissions import role_requis
from socle.metiers.dossiers.enums import DEPARTS, Lettre, Transition
from socle.metiers.dossiers.errors import DossierChange, RetraitTardif, TransitionImpossible
from socle.metiers.dossiers.forms import ReouvertureForm, RetraitForm
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import INSTRUCTEURS
from socle.metiers.dossiers.queries.courrier import get_document_id, list_courriers
from socle.metiers.dossiers.queries.dossier import find_dernier_fait, list_evenements
from socle.metiers.dossiers.services.guichet import choose_voie
from socle.metiers.dossiers.services.instruction import apply_transition
from socle.metiers.dossiers.services.retrait import compute_retrait, is_hors_delai
from socle.metiers.dossiers.views.agent_conflit import (
    describe_transition,
    find_conflit,
    read_dernier_fait,
    show_conflit,
)
from socle.metiers.dossiers.views.agent_dossier import get_dossier

TRANSITION = Transition.REPASSER_EN_INSTRUCTION
FAIT = (
    "Le dossier est de nouveau en instruction. Prévenez la personne : la décision reçue ne vaut"
    " plus."
)


@role_requis(*INSTRUCTEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def rouvrir(request: HttpRequest, numero: int) -> HttpResponse:
    """Dit ce que la personne a déjà reçu, demande pourquoi, puis reprend le dossier."""
    dossier = get_dossier(request, numero)
    if conflit := find_conflit(request, dossier, describe_transition(TRANSITION)):
        return conflit
    if dossier.etat not in DEPARTS[TRANSITION]:
        return refuse(request, dossier, TransitionImpossible())
    maintenant = timezone.now()
    tardif = is_hors_delai(dossier, maintenant)
    formulaire = (RetraitForm if tardif else ReouvertureForm)(request.POST or None)
    if request.method != "POST" or not formulaire.is_valid():
        return show(request, dossier, formulaire)
    try:
        apply_transition(
            dossier=dossier,
            transition=TRANSITION,
            agent=request.user,
            motif=formulaire.cleaned_data["motif"],
            fondement=formulaire.cleaned_data.get("fondement", ""),
            maintenant=maintenant,
            dernier_fait=read_dernier_fait(request),
        )
    except DossierChange as refus:
        relu = get_dossier(request, numero)
        return show_conflit(request, relu, refus, describe_transition(TRANSITION))
    except (TransitionImpossible, RetraitTardif) as refus:
        return refuse(request, dossier, refus)
    messages.success(request, FAIT)
    return redirect("dossiers:dossier", numero)


def refuse(request: HttpRequest, dossier: Dossier, refus: ErreurMetier) -> HttpResponse:
    messages.error(request, f"{refus.message} {refus.suite}")
    return redirect("dossiers:dossier", dossier.numero)


def show(request: HttpRequest, dossier: Dossier, formulaire: ReouvertureForm) -> HttpResponse:
    lu = read_dernier_fait(request)
    document = get_document_id(dossier, Lettre.DECISION)
    contexte = {
        "dossier": dossier,
        "dernier_fait": lu if lu is not None else find_dernier_fait(list_evenements(dossier)),
        "formulaire": formulaire,
        "voie": choose_voie(dossier),
        "retrait": compute_retrait(dossier),
        "tardif": isinstance(formulaire, RetraitForm),
        "courriers": [c for c in list_courriers(dossier) if c.document_id == document],
    }
    statut = 422 if formulaire.is_bound else 200
    return render(request, "dossiers/agent/rouvrir.html", contexte, status=statut)
