"""Un dossier vu par l’agent : lire, écrire, demander une correction, décider."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.commun.fuseau import PARIS
from socle.fondations.comptes.permissions import role_requis
from socle.fondations.conservation.queries import find_destruction
from socle.fondations.documents import queries as documents
from socle.fondations.documents.models import Document
from socle.metiers.dossiers.enums import DECISIONS, EtatDossier, Fait, Lettre, Transition, Voie
from socle.metiers.dossiers.errors import DossierChange
from socle.metiers.dossiers.forms import CorrectionForm, DecisionForm, NoteForm, ReponseForm
from socle.metiers.dossiers.models import Dossier, Evenement
from socle.metiers.dossiers.permissions import (
    INSTRUCTEURS,
    LECTEURS,
    Acces,
    can_assign,
    can_change_note,
    can_correct_au_guichet,
    can_instruct,
    can_read_en_agent,
    can_rebase,
)
from socle.metiers.dossiers.queries import courrier
from socle.metiers.dossiers.queries import dossier as queries
from socle.metiers.dossiers.queries.agents import FAITS_DE_DECISION
from socle.metiers.dossiers.queries.notes import list_notes
from socle.metiers.dossiers.queries.phrases import list_phrases_du_dossier
from socle.metiers.dossiers.queries.pieces import find_roles, list_decisions_retirees
from socle.metiers.dossiers.services import correction, echanges, instruction
from socle.metiers.dossiers.services.complements import is_en_pause, is_en_retard
from socle.metiers.dossiers.services.guichet import choose_voie
from socle.metiers.dossiers.services.pieces import iter_documents
from socle.metiers.dossiers.views.agent_conflit import (
    CORRIGER,
    DECIDER,
    RENONCER,
    Geste,
    describe_transition,
    find_conflit,
    read_dernier_fait,
    show_conflit,
)
from socle.metiers.dossiers.views.presentation import (
    build_fil,
    describe_etat,
    find_changements,
    is_urgente,
    list_anciennes,
    list_raccourcis,
)
from socle.metiers.dossiers.views.voisins import build_voisins, keep_liste

TEXTES = ("corps", "motif")
PRISES = {
    Voie.PORTAIL: "La décision est prise. L’usager va être prévenu.",
    Voie.PORTAIL_ET_POSTE: "La décision est prise. L’usager va être prévenu. Imprimez aussi la"
    " décision et envoyez-la par la poste.",
    Voie.POSTE: "La décision est prise. Elle est à imprimer et à envoyer par la poste.",
}
PREMIERS = (Transition.PASSER_EN_INSTRUCTION, Transition.REPASSER_EN_CONSTRUCTION)

FAITS_DETAILLES = (
    Fait.DEPOSE,
    Fait.CORRECTION_DEMANDEE,
    Fait.CORRECTION_DEPOSEE,
    Fait.CORRECTION_AGENT,
    Fait.VERSION_CHANGEE,
    Fait.REPASSE_EN_INSTRUCTION,
    Fait.CONFIE,
    Fait.COURRIER_ENVOYE,
    Fait.COURRIER_REMIS,
    Fait.COURRIER_NON_RECLAME,
    Fait.COURRIER_REVENU,
    Fait.COURRIER_EFFACE,
)
FAITS = {
    Transition.PASSER_EN_INSTRUCTION: "En instruction : l’usager ne modifie plus sa demande.",
    Transition.REPASSER_EN_CONSTRUCTION: "Le dossier est rendu à l’usager, qui peut le modifier.",
}


def get_dossier(request: HttpRequest, numero: int) -> Dossier:
    """Rend un dossier que cet agent peut lire, sinon 404 : son existence ne se devine pas."""
    dossier = queries.find_dossier(request.collectivite, numero)
    if dossier is None or not can_read_en_agent(request.user, dossier):
        raise Http404
    return dossier


@role_requis(*LECTEURS, par_service=True)
@require_safe
def dossier(request: HttpRequest, numero: int) -> HttpResponse:
    """Ouvre un dossier ; la consultation est notée une fois par heure et montrée à l’usager."""
    maintenant = timezone.now()
    ouvert = get_dossier(request, numero)
    echanges.record_consultation(dossier=ouvert, agent=request.user, maintenant=maintenant)
    echanges.mark_lus(dossier=ouvert, maintenant=maintenant)
    return render(request, "dossiers/agent/dossier.html", build_contexte(request, ouvert))


def build_contexte(request: HttpRequest, dossier: Dossier, **formulaires: Any) -> dict[str, Any]:
    """Rassemble tout ce que montre la page d’un dossier."""
    aujourdhui = timezone.now().astimezone(PARIS).date()
    formulaire = queries.get_formulaire(dossier.version_id)
    evenements = list(queries.list_evenements(dossier))
    lu = read_dernier_fait(request)  # une page qui revient garde ce qu’elle montrait
    changements = list(queries.list_changements(dossier))
    envois = courrier.list_courriers(dossier)
    notification = courrier.describe_notification(dossier, envois, aujourdhui)
    en_pause = is_en_pause(
        dossier.attend_correction, dossier.echeance, dossier.correction_limite, aujourdhui
    )
    return {
        "dossier": dossier,
        "etat": describe_etat(dossier.etat, attend_correction=dossier.attend_correction),
        "urgent": not (dossier.is_termine or en_pause) and is_urgente(dossier.echeance, aujourdhui),
        "en_pause": en_pause,
        "correction_en_retard": is_en_retard(dossier.correction_limite, aujourdhui),
        "fil": build_fil(dossier, evenements, notification),
        "decisions_retirees": list_decisions_retirees(dossier, evenements),
        "evenements": evenements,
        "dernier_fait": lu if lu is not None else queries.find_dernier_fait(evenements),
        "faits_detailles": FAITS_DETAILLES,
        "elimination": find_destruction(dossier.collectivite_id, dossier.objet)
        if dossier.is_elimine
        else None,
        "decideur": find_auteur(evenements),
        "pages": formulaire.lines_resume(dossier.reponses, maintenant=dossier.depose_le),
        "pieces": list_pieces(dossier, evenements),
        "changements_par_champ": find_changements(changements),
        "anciennes": list_anciennes(changements),
        "messages_du_dossier": queries.list_messages(dossier),
        "consultations": queries.list_consultations(dossier)[:10],
        "appels": queries.list_appels(dossier),
        "notification": notification,
        "papiers": [lettre for lettre in Lettre if courrier.needs_papier(dossier, lettre)],
        **build_gestes(request, dossier),
        "voisins": build_voisins(request, dossier),
        "message_form": ReponseForm(),
        "correction_form": CorrectionForm(maintenant=timezone.now()),
        "decision_form": DecisionForm(),
        "note_form": NoteForm(),
        "ouvert": "",
    } | formulaires


def build_gestes(request: HttpRequest, dossier: Dossier) -> dict[str, Any]:
    """Rend ce que cet agent peut faire, et de quoi le faire : notes, phrases, transitions."""
    instruit = can_instruct(request.user, dossier)
    permises = instruction.list_transitions(dossier) if instruit else []
    notes = list(list_notes(dossier))
    for note in notes:
        note.dossier = dossier
        note.modifiable = can_change_note(request.user, note)  # type: ignore[attr-defined]
    return {
        "permises": [t for t in permises if t in PREMIERS],
        "peut_reprendre": Transition.REPASSER_EN_INSTRUCTION in permises,
        "peut_decider": any(t in DECISIONS for t in permises),
        "peut_corriger": bool(permises)
        and dossier.etat in (EtatDossier.EN_CONSTRUCTION, EtatDossier.EN_INSTRUCTION),
        "peut_corriger_au_guichet": can_correct_au_guichet(Acces(request.user), dossier),
        "peut_instruire": instruit,
        "peut_suivre": instruit and not dossier.is_termine,
        "peut_confier": can_assign(request.user, dossier),
        "peut_deplacer": dossier.version_en_vigueur is not None
        and can_rebase(request.user, dossier),
        "notes": notes,
        "phrases": list(list_phrases_du_dossier(dossier)) if instruit else [],
        "raccourcis": list_raccourcis(permises),
    }


def find_auteur(evenements: list[Evenement]) -> str:
    """Rend le nom de l’agent qui a pris la décision actuelle, ou rien."""
    return next((e.auteur_nom for e in reversed(evenements) if e.fait in FAITS_DE_DECISION), "")


def list_pieces(dossier: Dossier, evenements: list[Evenement]) -> list[Document]:
    """Rend ce qu’a joint la personne ; accusé et décisions, même retirées, sont à part.

    Ce qu’elle prépare pour une correction ne se lit qu’une fois la correction déposée.
    """
    prepares = {*iter_documents(dossier.correction)} - {*iter_documents(dossier.reponses)}
    ailleurs = prepares | set(find_roles(dossier, evenements))
    return [d for d in documents.list_documents(dossier.objet) if str(d.pk) not in ailleurs]


def _act(
    request: HttpRequest,
    numero: int,
    faire: Callable[[Dossier], None],
    fait: str,
    geste: Geste | None = None,
) -> HttpResponse:
    """Exécute une action, dit ce qui est fait, et revient au dossier ; un refus est montré.

    Si un texte était tapé, le refus a sa page, qui le garde et le rend. Si le dossier a changé
    entre-temps, les deux côtés sont montrés, et `geste` dit ce qui était demandé.
    """
    ouvert = get_dossier(request, numero)
    try:
        faire(ouvert)
    except DossierChange as refus:
        if geste is None:
            raise
        return show_conflit(request, get_dossier(request, numero), refus, geste)
    except ErreurMetier as refus:
        if any(request.POST.get(champ, "").strip() for champ in TEXTES):
            raise
        messages.error(request, f"{refus.message} {refus.suite}")
    else:
        messages.success(request, fait)
    return redirect(keep_liste(request, reverse("dossiers:dossier", args=[numero])))


@role_requis(*INSTRUCTEURS, par_service=True)
@require_POST
def ecrire(request: HttpRequest, numero: int) -> HttpResponse:
    """Écrit à l’usager."""
    formulaire = ReponseForm(request.POST)
    if not formulaire.is_valid():
        return show_dossier(request, numero, statut=422, message_form=formulaire)

    def send(dossier: Dossier) -> None:
        if not can_instruct(request.user, dossier):  # lit ce dossier, mais répond pour un autre
            raise AccesRefuse
        echanges.send_message(
            dossier=dossier,
            auteur=request.user,
            corps=formulaire.cleaned_data["corps"],
            maintenant=timezone.now(),
        )

    return _act(request, numero, send, "Votre message est envoyé.")


@role_requis(*INSTRUCTEURS, par_service=True)
@require_POST
def demander_correction(request: HttpRequest, numero: int) -> HttpResponse:
    """Demande à l’usager de corriger : le dossier lui est rendu."""
    formulaire = CorrectionForm(request.POST, maintenant=timezone.now())
    if conflit := find_conflit(request, get_dossier(request, numero), CORRIGER):
        return conflit
    if not formulaire.is_valid():
        return show_dossier(request, numero, statut=422, correction_form=formulaire)

    def ask(dossier: Dossier) -> None:
        correction.request_correction(
            dossier=dossier,
            agent=request.user,
            texte=formulaire.cleaned_data["corps"],
            limite=formulaire.cleaned_data["limite"],
            maintenant=timezone.now(),
            dernier_fait=read_dernier_fait(request),
        )

    fait = "La correction est demandée. Le dossier attend l’usager."
    return _act(request, numero, ask, fait, CORRIGER)


@role_requis(*INSTRUCTEURS, par_service=True)
@require_POST
def annuler_correction(request: HttpRequest, numero: int) -> HttpResponse:
    """Retire une demande de correction restée sans réponse."""

    def cancel(dossier: Dossier) -> None:
        correction.cancel_correction(
            dossier=dossier,
            agent=request.user,
            maintenant=timezone.now(),
            dernier_fait=read_dernier_fait(request),
        )

    return _act(request, numero, cancel, "La demande de correction est retirée.", RENONCER)


@role_requis(*INSTRUCTEURS, par_service=True)
@require_POST
def avancer(request: HttpRequest, numero: int) -> HttpResponse:
    """Passe en instruction ou rend à l’usager : les transitions sans décision."""
    demandee = request.POST.get("transition", "")
    if demandee not in PREMIERS:
        raise Http404
    transition = Transition(demandee)

    def apply(dossier: Dossier) -> None:
        instruction.apply_transition(
            dossier=dossier,
            transition=transition,
            agent=request.user,
            maintenant=timezone.now(),
            dernier_fait=read_dernier_fait(request),
        )

    return _act(request, numero, apply, FAITS[transition], describe_transition(transition))


@role_requis(*INSTRUCTEURS, par_service=True)
@require_POST
def decider(request: HttpRequest, numero: int) -> HttpResponse:
    """Décide : d’abord une relecture, puis la décision part."""
    formulaire = DecisionForm(request.POST)
    valide = formulaire.is_valid()
    if valide and "revenir" in request.POST:
        repris = DecisionForm(initial=formulaire.cleaned_data)
        return show_dossier(request, numero, decision_form=repris)
    voulue = formulaire.cleaned_data.get("transition")
    geste = describe_transition(Transition(voulue)) if voulue else DECIDER
    if conflit := find_conflit(request, get_dossier(request, numero), geste):
        return conflit
    if not valide:
        return show_dossier(request, numero, statut=422, decision_form=formulaire)
    donnees = formulaire.cleaned_data
    transition = Transition(donnees["transition"])
    if "confirmer" not in request.POST:
        return _relire(request, numero, transition, donnees["motif"])

    def decide(dossier: Dossier) -> None:
        instruction.apply_transition(
            dossier=dossier,
            transition=transition,
            agent=request.user,
            motif=donnees["motif"],
            maintenant=timezone.now(),
            dernier_fait=read_dernier_fait(request),
        )

    prise = PRISES[choose_voie(get_dossier(request, numero))]
    return _act(request, numero, decide, prise, geste)


def _relire(request: HttpRequest, numero: int, transition: Transition, motif: str) -> HttpResponse:
    """Montre la décision avant qu’elle parte."""
    ouvert = get_dossier(request, numero)
    lu = read_dernier_fait(request)
    if lu is None:
        lu = queries.find_dernier_fait(queries.list_evenements(ouvert))
    contexte = {
        "dossier": ouvert,
        "delegation": ouvert.demarche.describe_delegation(request.collectivite.genre),
        "transition": transition,
        "motif": motif,
        "voie": choose_voie(ouvert),
        "dernier_fait": lu,
    }
    return render(request, "dossiers/agent/relire.html", contexte)


def show_dossier(
    request: HttpRequest, numero: int, *, statut: int = 200, **formulaires: Any
) -> HttpResponse:
    """Montre le dossier avec un formulaire tel qu’il a été saisi."""
    contexte = build_contexte(request, get_dossier(request, numero), **formulaires)
    return render(request, "dossiers/agent/dossier.html", contexte, status=statut)
