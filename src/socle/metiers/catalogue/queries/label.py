"""Lire le label : référentiels, candidatures, évaluations."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from socle.metiers.catalogue.enums import EtatCandidature, EtatReferentiel, NiveauEvaluation
from socle.metiers.catalogue.models import (
    CandidatureLabel,
    CritereLabel,
    EvaluationLabel,
    FaitLabel,
    ReferentielLabel,
)


def get_referentiel() -> ReferentielLabel | None:
    """Référentiel en vigueur, ses critères chargés : deux instructions."""
    return list_referentiels().filter(etat=EtatReferentiel.EN_VIGUEUR).first()


def find_referentiel(version: int) -> ReferentielLabel | None:
    """Référentiel publié, ancien ou en vigueur."""
    publies = list_referentiels().exclude(etat=EtatReferentiel.BROUILLON)
    return publies.filter(version=version).first()


def list_referentiels() -> "QuerySet[ReferentielLabel]":
    criteres = Prefetch("criteres", CritereLabel.objects.order_by("rang"))
    return ReferentielLabel.objects.prefetch_related(criteres).order_by("-version")


def list_labellisees() -> "QuerySet[CandidatureLabel]":
    """Labels en cours, la plus proche échéance d’abord."""
    return (
        CandidatureLabel.objects.filter(etat=EtatCandidature.LABELLISEE)
        .select_related("solution", "referentiel")
        .order_by("expire_le", "id")
    )


def list_candidatures(etat: str = "") -> "QuerySet[CandidatureLabel]":
    """Candidatures, les plus anciennes d’abord : la file de l’équipe et des pairs."""
    candidatures = CandidatureLabel.objects.select_related("solution__editeur", "referentiel")
    filtre = {"etat": etat} if etat else {}
    return candidatures.filter(**filtre).order_by("declaree_le", "id")


def list_passees() -> "QuerySet[CandidatureLabel]":
    """Refus et labels expirés, les derniers d’abord : l’histoire reste publique."""
    finies = (EtatCandidature.REFUSEE, EtatCandidature.EXPIREE)
    passees = CandidatureLabel.objects.filter(etat__in=finies).select_related("solution")
    return passees.order_by("-decidee_le", "-id")[:50]


def find_candidature(pk: int) -> CandidatureLabel | None:
    """Candidature avec ses critères, ses évaluations et son histoire : quatre instructions."""
    return (
        CandidatureLabel.objects.select_related("solution__editeur", "referentiel")
        .prefetch_related(
            Prefetch("referentiel__criteres", CritereLabel.objects.order_by("rang")),
            Prefetch("evaluations", EvaluationLabel.objects.order_by("faite_le", "id")),
            Prefetch("faits", FaitLabel.objects.order_by("survenu_le", "id")),
        )
        .filter(pk=pk)
        .first()
    )


def build_grille(candidature: CandidatureLabel) -> list[dict[str, Any]]:
    """Rend, par critère, les avis déclaré, relu et audité."""
    lus: dict[tuple[int, str], EvaluationLabel] = {
        (e.critere_id, e.niveau): e for e in candidature.evaluations.all()
    }
    return [
        {
            "critere": critere,
            "avis": [
                (niveau.label, lus.get((critere.pk, niveau.value))) for niveau in NiveauEvaluation
            ],
        }
        for critere in candidature.referentiel.criteres.all()
    ]


def count_labellisees() -> int:
    return CandidatureLabel.objects.filter(etat=EtatCandidature.LABELLISEE).count()
