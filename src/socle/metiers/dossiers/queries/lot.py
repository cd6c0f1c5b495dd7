"""Plusieurs dossiers choisis dans la liste : lesquels suivent le geste, et pourquoi pas les autres.

Un refus et un classement ne se font pas en lot : leur motif est propre à chaque demande.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import Portee
from socle.metiers.dossiers.enums import EtatDossier, GesteEnLot
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import can_assign, can_instruct

NOMBRE_MAX = 100
AFFECTATIONS = (GesteEnLot.M_ATTRIBUER, GesteEnLot.CONFIER)
DEJA = {
    GesteEnLot.M_ATTRIBUER: "Vous suivez déjà ce dossier.",
    GesteEnLot.CONFIER: "Déjà suivi par cette personne.",
    GesteEnLot.INSTRUIRE: "Déjà en instruction.",
    GesteEnLot.ACCEPTER: "Déjà accepté.",
}


@dataclass(frozen=True, slots=True)
class Choix:
    """Un dossier tel que l’agent l’a vu quand il a choisi : sa révision, et qui le suivait."""

    numero: int
    revision: int
    suivi_par_id: int | None

    def __str__(self) -> str:
        return f"{self.numero}.{self.revision}.{self.suivi_par_id or 0}"


def parse_choix(texte: str) -> Choix | None:
    """Relit « 44171.3.12 » ; None si ce n’en est pas un."""
    morceaux = texte.split(".")
    if len(morceaux) != 3 or not all(m.isdigit() and len(m) <= 10 for m in morceaux):
        return None
    numero, revision, suivi = map(int, morceaux)
    return Choix(numero, revision, suivi or None)


def list_choisis(
    collectivite: Collectivite, portee: Portee, numeros: Iterable[int]
) -> list[Dossier]:
    """Rend les dossiers déposés que l’agent lit parmi ces numéros, du plus pressé au moins."""
    siens, gardes = portee.filter("demarche__service"), list(numeros)[:NOMBRE_MAX]
    dossiers = (
        Dossier.objects.filter(siens, collectivite=collectivite, numero__in=gardes)
        .exclude(etat=EtatDossier.BROUILLON)
        .select_related("demarche", "suivi_par")
        .defer("recherche", "reponses", "correction", "identite")
    )
    lus = list(dossiers.order_by("echeance", "numero"))
    for dossier in lus:
        dossier.collectivite = collectivite
    return lus


def explain_refus(
    dossier: Dossier, geste: GesteEnLot, agent: Compte, cible_id: int | None = None
) -> str:
    """Dit pourquoi ce dossier ne suit pas le geste ; vide s’il le peut."""
    peut = can_assign if geste == GesteEnLot.CONFIER else can_instruct
    if geste == GesteEnLot.M_ATTRIBUER:
        cible_id = agent.pk
    raison = _explain_etat(dossier, geste, cible_id)
    if not raison and not peut(agent, dossier):
        raison = "Votre rôle ne le permet pas."
    return raison


def _explain_etat(dossier: Dossier, geste: GesteEnLot, cible_id: int | None) -> str:
    if geste in AFFECTATIONS:
        if dossier.is_termine:
            return "Terminé : il ne se confie plus."
        deja = cible_id is not None and dossier.suivi_par_id == cible_id
        return DEJA[geste] if deja else ""
    if geste == GesteEnLot.INSTRUIRE:
        return _explain_instruction(dossier)
    return _explain_acceptation(dossier)


def _explain_instruction(dossier: Dossier) -> str:
    if dossier.etat == EtatDossier.EN_INSTRUCTION:
        return DEJA[GesteEnLot.INSTRUIRE]
    if dossier.is_termine:
        return "Terminé."
    return "Une correction est attendue de l’usager." if dossier.attend_correction else ""


def _explain_acceptation(dossier: Dossier) -> str:
    if dossier.etat == EtatDossier.ACCEPTE:
        return DEJA[GesteEnLot.ACCEPTER]
    if dossier.etat != EtatDossier.EN_INSTRUCTION:
        return "Terminé." if dossier.is_termine else "Passez-le d’abord en instruction."
    return "Un message de l’usager n’est pas lu." if dossier.message_non_lu else ""
