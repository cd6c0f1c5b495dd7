"""Ce que lit l’équipe du programme pour tenir les instances."""

from django.db.models import Count, Q, QuerySet

from socle.metiers.gouvernance.enums import (
    DECISIONS_FINIES,
    DECISIONS_OUVERTES,
    EtatDecision,
    EtatEffet,
    EtatReunion,
    Pouvoir,
)
from socle.metiers.gouvernance.models import (
    Decision,
    Effet,
    Evaluation,
    Instance,
    Reunion,
    VersionDeDecision,
    Vote,
)
from socle.metiers.gouvernance.ports import terminees


def list_avec_pouvoir(pouvoir: Pouvoir) -> list[Instance]:
    """Instances ouvertes qui ont ce pouvoir."""
    instances = Instance.objects.filter(fermee_le=None).order_by("ordre", "sigle", "pk")
    return [instance for instance in instances if instance.has_pouvoir(pouvoir)]


def list_effets_a_appliquer() -> list[Effet]:
    """Suites des décisions prises que personne n’a encore appliquées, la plus pressée d’abord."""
    effets = Effet.objects.filter(
        etat=EtatEffet.A_APPLIQUER, decision__etat=EtatDecision.PRISE
    ).select_related("decision")
    return list(effets.order_by("date_visee", "decision__prise_le", "pk")[:200])


def list_reunions() -> QuerySet[Reunion, Reunion]:
    """Réunions, la plus récente d’abord, avec leurs convocations répondues."""
    return (
        Reunion.objects.select_related("instance")
        .annotate(
            convoques=Count("convocations", distinct=True),
            repondus=Count("convocations", filter=~Q(convocations__reponse="sans"), distinct=True),
        )
        .order_by("-debut", "-pk")
    )


def list_reunions_a_tenir() -> list[Reunion]:
    """Réunions en préparation ou convoquées."""
    return list(
        list_reunions()
        .filter(etat__in=[EtatReunion.PREVUE, EtatReunion.CONVOQUEE])
        .order_by("debut", "pk")[:50]
    )


def list_reunions_passees() -> list[Reunion]:
    """Réunions tenues ou annulées : leur relevé se corrige encore."""
    finies = list_reunions().filter(etat__in=[EtatReunion.TENUE, EtatReunion.ANNULEE])
    return list(finies[:10])


def list_decisions_closes() -> list[Decision]:
    """Décisions prises, refusées ou retirées, la dernière d’abord."""
    closes = Decision.objects.filter(etat__in=DECISIONS_FINIES)
    return list(closes.order_by("-numero")[:10])


def list_decisions_a_suivre() -> list[Decision]:
    """Propositions et votes en cours."""
    decisions = Decision.objects.filter(etat__in=[EtatDecision.PROPOSEE, *DECISIONS_OUVERTES])
    return list(decisions.select_related("instance").order_by("-numero")[:100])


def find_decision_equipe(numero: int) -> Decision | None:
    """Décision, proposition comprise."""
    return (
        Decision.objects.filter(numero=numero)
        .select_related("instance", "proposee_par", "preparee_par", "reunion", "feuille")
        .first()
    )


def list_versions(decision: Decision) -> list[VersionDeDecision]:
    """Versions, la courante d’abord, avec leurs validations."""
    versions = decision.versions.prefetch_related("validations").order_by("-rang")
    return list(versions)


def list_votes(version: VersionDeDecision) -> list[Vote]:
    """Voix exprimées sur une version, par collège."""
    votes = version.votes.select_related("siege", "compte")
    return list(votes.order_by("siege__college", "siege__organisation", "pk"))


def list_toutes_evaluations() -> list[Evaluation]:
    return list(Evaluation.objects.order_by("-pk")[:200])


def list_a_evaluer() -> list[tuple[str, str]]:
    """Clé et titre des actions terminées que personne n’a encore évaluées."""
    evaluees = set(Evaluation.objects.order_by("pk").values_list("action", flat=True))
    finies = (une for metier in terminees for une in terminees[metier]())
    return [(cle, titre) for cle, titre in finies if cle not in evaluees]
