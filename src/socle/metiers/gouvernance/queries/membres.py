"""Ce qui attend une personne qui siège : convocations, votes, délégations."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from socle.fondations.comptes.models import Compte
from socle.metiers.gouvernance.enums import (
    DECIDEURS,
    ATitre,
    EtatDecision,
    EtatReunion,
    Sens,
)
from socle.metiers.gouvernance.models import (
    Convocation,
    Decision,
    Delegation,
    InscriptionAtelier,
    Siege,
    Validation,
    Vote,
)
from socle.metiers.gouvernance.permissions import find_titre
from socle.metiers.gouvernance.queries.sieges import (
    list_delegations_du_compte,
    list_mandats,
    list_sieges_du_compte,
    map_delegations,
)


@dataclass(frozen=True, slots=True)
class AVoter:
    """Une voix que la personne peut exprimer, ou qu’elle a confiée.

    Attributes:
        titre: à quel titre elle vote ; None quand la voix est confiée à une autre.
        vote: la voix déjà exprimée pour ce siège, par elle ou par une autre.
        confiee_a: organisation qui porte la voix, vide si la personne vote elle-même.
    """

    decision: Decision
    siege: Siege
    titre: ATitre | None
    vote: Vote | None
    confiee_a: str = ""

    @property
    def is_a_faire(self) -> bool:
        return self.titre is not None and self.vote is None

    @property
    def sens_affiche(self) -> str:
        return Sens(self.vote.sens).label if self.vote else ""


@dataclass(frozen=True, slots=True)
class MesInstances:
    """Tout ce que montre la page d’un membre."""

    sieges: list[Siege]
    convocations: list[Convocation]
    votes: list[AVoter]
    delegations: list[Delegation]
    inscriptions: list[InscriptionAtelier]

    @property
    def nombre_a_faire(self) -> int:
        sans_reponse = sum(c.reponse == "sans" for c in self.convocations)
        return sans_reponse + sum(v.is_a_faire for v in self.votes)


def read_mes_instances(compte: Compte, maintenant: datetime) -> MesInstances:
    """Lit la page d’un membre. Neuf instructions au plus, quel que soit le nombre de sièges."""
    jour = timezone.localdate(maintenant)
    sieges = list_sieges_du_compte(compte, jour)
    return MesInstances(
        sieges=sieges,
        convocations=list_convocations(sieges, maintenant),
        votes=list_a_voter(compte, maintenant, sieges=sieges),
        delegations=list_delegations_du_compte(compte, jour),
        inscriptions=list(
            InscriptionAtelier.objects.filter(compte=compte, reunion__fin__gte=maintenant)
            .exclude(reunion__etat=EtatReunion.ANNULEE)
            .select_related("reunion__instance")
            .order_by("reunion__debut", "pk")
        ),
    )


def list_convocations(sieges: list[Siege], maintenant: datetime) -> list[Convocation]:
    """Convocations de ces sièges aux réunions à venir."""
    return list(
        Convocation.objects.filter(
            siege__in=sieges, reunion__etat=EtatReunion.CONVOQUEE, reunion__fin__gte=maintenant
        )
        .select_related("reunion__instance", "siege")
        .order_by("reunion__debut", "pk")
    )


def list_a_voter(
    compte: Compte,
    maintenant: datetime,
    *,
    sieges: list[Siege] | None = None,
    decision: Decision | None = None,
) -> list[AVoter]:
    """Voix que la personne porte sur les votes en ligne ouverts, le plus pressé d’abord."""
    jour = timezone.localdate(maintenant)
    siens = list_sieges_du_compte(compte, jour) if sieges is None else sieges
    delegations = map_delegations(siens, jour)
    portes = [s for s in [*siens, *list_mandats(compte, jour)] if s.college in DECIDEURS]
    ouvertes = Decision.objects.filter(
        etat=EtatDecision.EN_VALIDATION,
        cloture_le__gt=maintenant,
        instance__in={siege.instance_id for siege in portes},
    )
    if decision is not None:
        ouvertes = ouvertes.filter(pk=decision.pk)
    decisions = list(ouvertes.select_related("instance").order_by("cloture_le", "numero"))
    conclus = _list_conclus(decisions)
    votes = _map_votes(decisions, portes)
    return [
        _build_voix(une, siege, compte, delegations.get(siege.pk), votes.get((une.pk, siege.pk)))
        for une in decisions
        for siege in portes
        if siege.instance_id == une.instance_id and (une.pk, siege.college) not in conclus
    ]


def _build_voix(
    decision: Decision,
    siege: Siege,
    compte: Compte,
    delegation: Delegation | None,
    vote: Vote | None,
) -> AVoter:
    if compte.pk not in (siege.titulaire_id, siege.suppleant_id):
        return AVoter(decision, siege, ATitre.DELEGATION, vote)
    confiee = delegation.beneficiaire.organisation if delegation else ""
    return AVoter(decision, siege, find_titre(siege, compte, delegation), vote, confiee)


def _list_conclus(decisions: list[Decision]) -> set[tuple[int, str]]:
    lignes = Validation.objects.filter(version__decision__in=decisions).order_by("pk")
    rangs = {decision.pk: decision.rang for decision in decisions}
    return {
        (decision, college)
        for decision, rang, college in lignes.values_list(
            "version__decision_id", "version__rang", "college"
        )
        if rangs[decision] == rang
    }


def _map_votes(decisions: list[Decision], sieges: list[Siege]) -> dict[tuple[int, int], Vote]:
    rangs = {decision.pk: decision.rang for decision in decisions}
    votes = Vote.objects.filter(version__decision__in=decisions, siege__in=sieges)
    return {
        (vote.version.decision_id, vote.siege_id): vote
        for vote in votes.select_related("version", "compte").order_by("pk")
        if rangs[vote.version.decision_id] == vote.version.rang
    }
