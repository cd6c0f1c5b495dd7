"""Instruire et décider : chaque transition légale, et elle seule."""

from datetime import datetime

from django.db import transaction

from socle.fondations.commun import taches
from socle.fondations.commun.errors import AccesRefuse
from socle.fondations.comptes.models import Compte
from socle.metiers.dossiers.enums import ARRIVEES, DECISIONS, DEPARTS, EtatDossier, Transition
from socle.metiers.dossiers.errors import (
    CorrectionEnAttente,
    MotifObligatoire,
    ReouvertureSansMotif,
    TransitionImpossible,
)
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import can_instruct
from socle.metiers.dossiers.services.commun import (
    check_fil,
    lock_dossier,
    project_personne,
    record_fait,
    record_preuve,
)
from socle.metiers.dossiers.services.retrait import check_retrait, describe_fondement
from socle.metiers.dossiers.signals import dossier_rouvert

SANS_MOTIF = (Transition.ACCEPTER,)


def list_transitions(dossier: Dossier) -> list[Transition]:
    """Rend les transitions que l’état du dossier permet, dans l’ordre des boutons."""
    return [t for t in Transition if dossier.etat in DEPARTS[t]]


@transaction.atomic
def apply_transition(
    *,
    dossier: Dossier,
    transition: Transition,
    agent: Compte,
    maintenant: datetime,
    motif: str = "",
    fondement: str = "",
    dernier_fait: int | None = None,
) -> Dossier:
    """Change l’état d’un dossier déposé. Le premier agent qui instruit suit le dossier.

    Une décision (accepter, refuser, classer) met le PDF et la notification en file ; repasser en
    instruction efface la décision, qui reste dans le fil et le journal ; son motif va dans le fil,
    et le journal dit seulement qu’il y en a un.

    Args:
        fondement: ce qui permet de retirer une acceptation de plus de quatre mois.
        dernier_fait: le dernier que l’agent a lu (voir `check_fil`).

    Raises:
        AccesRefuse: l’agent n’instruit pas dans cette collectivité.
        DossierChange: quelque chose s’est passé sur le dossier depuis.
        TransitionImpossible: l’état ne le permet pas, ou plus.
        CorrectionEnAttente: l’usager n’a pas encore répondu.
        MotifObligatoire: refus ou classement sans motif (CRPA, art. L. 211-2).
        ReouvertureSansMotif: rien ne dit pourquoi la décision est reprise.
        RetraitTardif: acceptation de plus de quatre mois, sans ce qui le permet.

    Source: demarches-simplifiees, dossier.rb (aasm).
    """
    dossier = lock_dossier(dossier.numero)
    if not can_instruct(agent, dossier):
        raise AccesRefuse
    check_fil(dossier, dernier_fait)
    if dossier.etat not in DEPARTS[transition]:
        raise TransitionImpossible
    if transition == Transition.PASSER_EN_INSTRUCTION and dossier.attend_correction:
        raise CorrectionEnAttente
    motif = motif.strip()
    if transition in DECISIONS and transition not in SANS_MOTIF and not motif:
        raise MotifObligatoire
    if transition == Transition.REPASSER_EN_INSTRUCTION:
        return _reopen(dossier, agent, maintenant, motif, fondement)
    return _apply(dossier, transition, agent, maintenant, motif)


def _reopen(
    dossier: Dossier, agent: Compte, maintenant: datetime, motif: str, fondement: str
) -> Dossier:
    """Reprend un dossier décidé ; le fil garde la raison, et l’article qui permet ce retrait."""
    if not motif:
        raise ReouvertureSansMotif
    check_retrait(dossier, fondement, maintenant)
    raison = describe_fondement(fondement) + motif
    return _apply(dossier, Transition.REPASSER_EN_INSTRUCTION, agent, maintenant, raison)


def _apply(
    dossier: Dossier, transition: Transition, agent: Compte, maintenant: datetime, motif: str
) -> Dossier:
    etat, fait = ARRIVEES[transition]
    est_decision = transition in DECISIONS
    dossier.etat = etat
    dossier.motif = motif if est_decision else ""
    dossier.decide_le = maintenant if est_decision else None
    dossier.decision_id = None
    dossier.decision_disponible_le = None
    dossier.decision_consultee_le = None
    dossier.correction = None if etat != EtatDossier.EN_CONSTRUCTION else dossier.correction
    dossier.suivi_par = dossier.suivi_par or agent
    dossier.revision += 1
    dossier.save(
        update_fields=[
            "etat", "motif", "decide_le", "decision_id", "decision_disponible_le",
            "decision_consultee_le", "correction", "suivi_par", "revision", "modifie_le",
        ]
    )  # fmt: skip
    record_fait(dossier, fait, auteur=agent, maintenant=maintenant, detail=motif)
    record_preuve(
        dossier,
        transition,
        acteur=agent.acteur,
        maintenant=maintenant,
        donnees={"reference": dossier.reference, "etat": etat}
        | ({"motive": True} if transition == Transition.REPASSER_EN_INSTRUCTION else {}),
    )
    project_personne(dossier, maintenant)
    if transition == Transition.REPASSER_EN_INSTRUCTION:
        dossier_rouvert.send(
            Dossier,
            collectivite_id=dossier.collectivite_id,
            numero=dossier.numero,
            reference=dossier.reference,
            maintenant=maintenant,
        )
    if est_decision:
        taches.defer(
            "dossiers.emettre_decision",
            collectivite_id=dossier.collectivite_id,
            numero=dossier.numero,
        )
    return dossier
