"""Deux agents sur un même dossier : le second voit ce que le premier a fait, et choisit."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from socle.fondations.commun.presentation import Conflit, Ecart
from socle.fondations.commun.textes import format_instant
from socle.metiers.dossiers.enums import ARRIVEES, DECISIONS, EtatDossier, Fait, Transition
from socle.metiers.dossiers.errors import DossierChange
from socle.metiers.dossiers.models import Dossier, Evenement
from socle.metiers.dossiers.queries.dossier import find_dernier_fait
from socle.metiers.dossiers.services.commun import check_fil
from socle.metiers.dossiers.services.correction import CORRIGEABLES
from socle.metiers.dossiers.services.instruction import list_transitions

CHAMP = "dernier_fait"
TEXTES = {"corps": "Votre texte", "motif": "Votre motif", "limite": "Date limite"}


@dataclass(frozen=True, slots=True)
class Geste:
    """Ce que l’agent demandait : ses mots, l’état où il mène, et s’il se peut encore.

    `fait` : ce que le fil en dit une fois fait, pour reconnaître deux clics.
    """

    libelle: str
    arrivee: str
    is_possible: Callable[[Dossier], bool]
    fait: Fait | None = None


CORRIGER = Geste(
    "Demander une correction",
    f"{EtatDossier.EN_CONSTRUCTION.label}, une correction attendue",
    lambda dossier: dossier.etat in CORRIGEABLES and not dossier.attend_correction,
)
RENONCER = Geste(
    "Retirer la demande de correction",
    "Plus de correction attendue",
    lambda dossier: dossier.attend_correction,
)


DECIDER = Geste(
    "Décider",
    "Décidé",
    lambda dossier: any(transition in DECISIONS for transition in list_transitions(dossier)),
)


def describe_transition(transition: Transition) -> Geste:
    """Rend le geste qu’est une transition."""

    def is_possible(dossier: Dossier) -> bool:
        retenu = dossier.attend_correction and transition == Transition.PASSER_EN_INSTRUCTION
        return transition in list_transitions(dossier) and not retenu

    etat, fait = ARRIVEES[transition]
    return Geste(transition.label, EtatDossier(etat).label, is_possible, fait)


def read_dernier_fait(request: HttpRequest) -> int | None:
    """Rend le dernier fait que la page montrait ; None si l’envoi n’en porte pas.

    Illisible, il est tenu pour le plus ancien : le conflit se dit, rien ne passe en silence.
    """
    lu = request.POST.get(CHAMP)
    if lu is None:
        return None
    return int(lu) if lu.isascii() and lu.isdigit() and len(lu) < 19 else 0


def find_conflit(request: HttpRequest, dossier: Dossier, geste: Geste) -> HttpResponse | None:
    """Rend la page des deux côtés si le dossier a changé, avant même de juger la saisie.

    Une saisie fausse sur un dossier décidé n’aurait plus de formulaire où revenir.
    """
    try:
        check_fil(dossier, read_dernier_fait(request))
    except DossierChange as refus:
        return show_conflit(request, dossier, refus, geste)
    return None


def show_conflit(
    request: HttpRequest, dossier: Dossier, refus: DossierChange, geste: Geste
) -> HttpResponse:
    """Montre ce qui s’est passé à côté du geste demandé ; le texte tapé est gardé.

    Args:
        dossier: relu après le refus.
    """
    if is_deja_fait(request, refus.faits[-1], geste):
        messages.info(request, "C’est déjà fait : votre geste avait été reçu.")
        return redirect("dossiers:dossier", dossier.numero)
    possible = geste.is_possible(dossier)
    note = (
        f"Le dossier est maintenant « {describe_etat(dossier)} » : ce geste ne se peut plus."
        " Copiez votre texte s’il doit resservir."
    )
    contexte = {
        "dossier": dossier,
        "geste": geste,
        "champs": list_champs(request),
        CHAMP: find_dernier_fait(refus.faits),
        "conflit": Conflit(
            message=refus.message,
            rien="Votre geste n’est pas fait. Tout ce que vous avez écrit est gardé ici.",
            prendre=reverse("dossiers:dossier", args=[dossier.numero]),
            ecarts=list_ecarts(request, dossier, refus, geste),
            colonnes=("Sur le dossier", "Votre geste"),
            boutons=(f"{geste.libelle} quand même", "Relire le dossier sans rien faire"),
            garder=possible,
            note="" if possible else note,
        ),
    }
    return render(request, "dossiers/agent/conflit.html", contexte, status=refus.statut)


def is_deja_fait(request: HttpRequest, dernier: Evenement, geste: Geste) -> bool:
    """Vrai si le dernier fait est ce geste même, de cet agent, texte compris : deux clics."""
    motif = request.POST.get("motif", "").strip()
    sien = dernier.auteur_id == request.user.pk and dernier.fait == geste.fait
    return sien and dernier.detail.endswith(motif)


def list_ecarts(
    request: HttpRequest, dossier: Dossier, refus: DossierChange, geste: Geste
) -> list[Ecart]:
    """Rend les deux côtés : ce qui s’est passé et l’état, le geste et ce qui a été tapé."""
    textes = [
        Ecart(libelle=libelle, enregistre="", saisi=request.POST[nom])
        for nom, libelle in TEXTES.items()
        if request.POST.get(nom, "").strip()
    ]
    return [
        Ecart(
            libelle="Ce qui s’est passé",
            enregistre="\n".join(f"– {describe_fait(fait)}" for fait in refus.faits),
            saisi=f"Vous demandiez : {geste.libelle.lower()}",
        ),
        Ecart(libelle="État du dossier", enregistre=describe_etat(dossier), saisi=geste.arrivee),
        *textes,
    ]


def list_champs(request: HttpRequest) -> list[tuple[str, str]]:
    """Rend ce qui a été envoyé, pour le renvoyer tel quel avec le fil relu."""
    return [
        (nom, valeur)
        for nom, valeurs in request.POST.lists()
        for valeur in valeurs
        if nom not in (CHAMP, "csrfmiddlewaretoken")
    ]


def describe_fait(fait: Evenement) -> str:
    """« Demande acceptée, par Ada Fournel le 20 novembre 2026 à 10 h 51 : … »."""
    par = f", par {fait.auteur_nom}" if fait.auteur_nom else ""
    detail = f" : {fait.detail}" if fait.detail else ""
    return f"{fait.get_fait_display()}{par} le {format_instant(fait.instant)}{detail}"


def describe_etat(dossier: Dossier) -> str:
    suite = ", une correction attendue" if dossier.attend_correction else ""
    return f"{dossier.get_etat_display()}{suite}"
