"""Un dossier vu par l’agent : lire, écrire, demander une correction, décider."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.permissions import role_requis
from socle.fondations.documents import queries as documents
from socle.fondations.documents.models import Document
from socle.metiers.dossiers.enums import DECISIONS, EtatDossier, Transition
from socle.metiers.dossiers.exports import lettres
from socle.metiers.dossiers.forms import CorrectionForm, DecisionForm, ReponseForm
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import (
    INSTRUCTEURS,
    LECTEURS,
    can_instruct,
    can_read_en_agent,
)
from socle.metiers.dossiers.queries import dossier as queries
from socle.metiers.dossiers.services import correction, echanges, instruction
from socle.metiers.dossiers.views.presentation import (
    PARIS,
    build_fil,
    describe_etat,
    find_changements,
    is_urgente,
    list_raccourcis,
)

PREMIERS = (Transition.PASSER_EN_INSTRUCTION, Transition.REPASSER_EN_CONSTRUCTION)

FAITS = {
    Transition.PASSER_EN_INSTRUCTION: "En instruction : l’usager ne modifie plus sa demande.",
    Transition.REPASSER_EN_CONSTRUCTION: "Le dossier est rendu à l’usager, qui peut le modifier.",
    Transition.REPASSER_EN_INSTRUCTION: "Le dossier est de nouveau en instruction.",
}


def get_dossier(request: HttpRequest, numero: int) -> Dossier:
    """Rend un dossier que cet agent peut lire, sinon 404 : son existence ne se devine pas."""
    dossier = queries.find_dossier(request.collectivite, numero)
    if dossier is None or not can_read_en_agent(request.user, dossier):
        raise Http404
    return dossier


@role_requis(*LECTEURS)
@require_safe
def dossier(request: HttpRequest, numero: int) -> HttpResponse:
    """Ouvre un dossier ; la consultation est notée une fois par heure et montrée à l’usager."""
    maintenant = timezone.now()
    ouvert = get_dossier(request, numero)
    echanges.record_consultation(dossier=ouvert, agent=request.user, maintenant=maintenant)
    echanges.mark_lus(dossier=ouvert, par_agent=True, maintenant=maintenant)
    return render(request, "dossiers/agent/dossier.html", build_contexte(request, ouvert))


def build_contexte(request: HttpRequest, dossier: Dossier, **formulaires: Any) -> dict[str, Any]:
    """Rassemble tout ce que montre la page d’un dossier."""
    aujourdhui = timezone.now().astimezone(PARIS).date()
    formulaire = queries.get_formulaire(dossier.version_id)
    permises = instruction.list_transitions(dossier) if can_instruct(request.user, dossier) else []
    return {
        "dossier": dossier,
        "etat": describe_etat(dossier.etat, attend_correction=dossier.attend_correction),
        "urgent": not dossier.is_termine and is_urgente(dossier.echeance, aujourdhui),
        "fil": build_fil(dossier, queries.list_evenements(dossier)),
        "evenements": queries.list_evenements(dossier),
        "pages": formulaire.lines_resume(dossier.reponses, maintenant=dossier.depose_le),
        "pieces": list_pieces(dossier),
        "changements_par_champ": find_changements(queries.list_changements(dossier)),
        "messages_du_dossier": queries.list_messages(dossier),
        "consultations": queries.list_consultations(dossier)[:10],
        "appels": queries.list_appels(dossier),
        "permises": [t for t in permises if t in PREMIERS],
        "peut_reprendre": Transition.REPASSER_EN_INSTRUCTION in permises,
        "peut_decider": any(t in DECISIONS for t in permises),
        "peut_corriger": bool(permises)
        and dossier.etat in (EtatDossier.EN_CONSTRUCTION, EtatDossier.EN_INSTRUCTION),
        "raccourcis": list_raccourcis(permises),
        "notification": lettres.compute_notification(dossier, aujourdhui),
        "message_form": ReponseForm(),
        "correction_form": CorrectionForm(),
        "decision_form": DecisionForm(),
    } | formulaires


def list_pieces(dossier: Dossier) -> list[Document]:
    """Rend ce qu’a joint la personne ; l’accusé et la décision ont leur place à part."""
    produits = {dossier.accuse_id, dossier.decision_id}
    return [d for d in documents.list_documents(dossier.objet) if d.pk not in produits]


def _act(
    request: HttpRequest, numero: int, faire: Callable[[Dossier], None], fait: str
) -> HttpResponse:
    """Exécute une action, dit ce qui est fait, et revient au dossier ; un refus est montré."""
    ouvert = get_dossier(request, numero)
    try:
        faire(ouvert)
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}")
    else:
        messages.success(request, fait)
    return redirect("dossiers:dossier", numero)


@role_requis(*INSTRUCTEURS)
@require_POST
def ecrire(request: HttpRequest, numero: int) -> HttpResponse:
    """Écrit à l’usager."""
    formulaire = ReponseForm(request.POST)
    if not formulaire.is_valid():
        return _show(request, numero, message_form=formulaire)

    def send(dossier: Dossier) -> None:
        echanges.send_message(
            dossier=dossier,
            auteur=request.user,
            corps=formulaire.cleaned_data["corps"],
            maintenant=timezone.now(),
        )

    return _act(request, numero, send, "Votre message est envoyé.")


@role_requis(*INSTRUCTEURS)
@require_POST
def demander_correction(request: HttpRequest, numero: int) -> HttpResponse:
    """Demande à l’usager de corriger : le dossier lui est rendu."""
    formulaire = CorrectionForm(request.POST)
    if not formulaire.is_valid():
        return _show(request, numero, correction_form=formulaire)

    def ask(dossier: Dossier) -> None:
        correction.request_correction(
            dossier=dossier,
            agent=request.user,
            texte=formulaire.cleaned_data["corps"],
            maintenant=timezone.now(),
        )

    return _act(request, numero, ask, "La correction est demandée. Le dossier attend l’usager.")


@role_requis(*INSTRUCTEURS)
@require_POST
def annuler_correction(request: HttpRequest, numero: int) -> HttpResponse:
    """Retire une demande de correction restée sans réponse."""

    def cancel(dossier: Dossier) -> None:
        correction.cancel_correction(dossier=dossier, agent=request.user, maintenant=timezone.now())

    return _act(request, numero, cancel, "La demande de correction est retirée.")


@role_requis(*INSTRUCTEURS)
@require_POST
def avancer(request: HttpRequest, numero: int) -> HttpResponse:
    """Passe en instruction, rend à l’usager ou reprend : les transitions sans décision."""
    demandee = request.POST.get("transition", "")
    if demandee not in (*PREMIERS, Transition.REPASSER_EN_INSTRUCTION):
        raise Http404
    transition = Transition(demandee)

    def apply(dossier: Dossier) -> None:
        instruction.apply_transition(
            dossier=dossier, transition=transition, agent=request.user, maintenant=timezone.now()
        )

    return _act(request, numero, apply, FAITS[transition])


@role_requis(*INSTRUCTEURS)
@require_POST
def decider(request: HttpRequest, numero: int) -> HttpResponse:
    """Décide : d’abord une relecture, puis la décision part."""
    formulaire = DecisionForm(request.POST)
    if not formulaire.is_valid():
        return _show(request, numero, decision_form=formulaire)
    donnees = formulaire.cleaned_data
    transition = Transition(donnees["transition"])
    if "confirmer" not in request.POST:
        contexte = {
            "dossier": get_dossier(request, numero),
            "transition": transition,
            "motif": donnees["motif"],
        }
        return render(request, "dossiers/agent/relire.html", contexte)

    def decide(dossier: Dossier) -> None:
        instruction.apply_transition(
            dossier=dossier,
            transition=transition,
            agent=request.user,
            motif=donnees["motif"],
            maintenant=timezone.now(),
        )

    return _act(request, numero, decide, "La décision est prise. L’usager va être prévenu.")


def _show(request: HttpRequest, numero: int, **formulaires: Any) -> HttpResponse:
    contexte = build_contexte(request, get_dossier(request, numero), **formulaires)
    return render(request, "dossiers/agent/dossier.html", contexte, status=422)
