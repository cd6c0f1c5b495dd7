"""Ce qui s’est passé dans un mois, et les rapports publiés."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from socle.metiers.gouvernance.enums import (
    EtatDecision,
    EtatEffet,
    EtatReunion,
    Resultat,
)
from socle.metiers.gouvernance.models import (
    Decision,
    Effet,
    Evaluation,
    RapportMensuel,
    Reunion,
    Validation,
)


def list_rapports() -> list[RapportMensuel]:
    """Rapports publiés, le dernier d’abord ; dix ans au plus."""
    return list(RapportMensuel.objects.order_by("-mois")[:120])


def find_rapport(slug: str) -> RapportMensuel | None:
    """Rapport d’un mois écrit « 2026-10 »."""
    annee, _, mois = slug.partition("-")
    if not (annee.isdigit() and mois.isdigit() and 1 <= int(mois) <= 12):
        return None
    return RapportMensuel.objects.filter(mois=f"{annee}-{mois}-01").first()


def list_decisions_du_mois(debut: datetime, fin: datetime) -> list[dict[str, Any]]:
    """Décisions prises, refusées ou retirées, avec la date de chaque collège."""
    finies = Q(prise_le__gte=debut, prise_le__lt=fin) | Q(finie_le__gte=debut, finie_le__lt=fin)
    decisions = list(Decision.objects.filter(finies).select_related("instance").order_by("numero"))
    accords = Validation.objects.filter(
        version__decision__in=decisions, resultat=Resultat.VALIDEE
    ).select_related("version")
    dates = {
        (v.version.decision_id, v.version.rang, v.college): _jour(v.validee_le)
        for v in accords.order_by("pk")
    }
    return [
        {
            "numero": d.numero,
            "titre": d.titre,
            "instance": d.instance.sigle,
            "etat": EtatDecision(d.etat).label,
            "collectivites": dates.get((d.pk, d.rang, "collectivites"), ""),
            "etat_college": dates.get((d.pk, d.rang, "etat"), ""),
            "le": _jour(d.prise_le or d.finie_le),
        }
        for d in decisions
    ]


def list_reunions_du_mois(debut: datetime, fin: datetime) -> list[dict[str, Any]]:
    """Réunions tenues, dont le relevé est publié ou non."""
    reunions = Reunion.objects.filter(debut__gte=debut, debut__lt=fin).exclude(
        etat=EtatReunion.ANNULEE
    )
    return [
        {
            "id": r.pk,
            "titre": r.titre,
            "instance": r.instance.sigle,
            "le": _jour(r.debut),
            "releve": r.releve_publie_le is not None,
        }
        for r in reunions.select_related("instance").order_by("debut", "pk")
    ]


def list_effets_du_mois(debut: datetime, fin: datetime) -> list[dict[str, Any]]:
    """Suites de décisions appliquées dans le mois."""
    effets = Effet.objects.filter(etat=EtatEffet.APPLIQUE, fait_le__gte=debut, fait_le__lt=fin)
    return [
        {"decision": e.decision.numero, "cle": e.cle, "texte": e.texte, "le": _jour(e.fait_le)}
        for e in effets.select_related("decision").order_by("fait_le", "pk")
    ]


def list_evaluations_du_mois(debut: datetime, fin: datetime) -> list[dict[str, Any]]:
    evaluations = Evaluation.objects.filter(publiee_le__gte=debut, publiee_le__lt=fin)
    return [
        {"id": e.pk, "titre": e.titre, "action": e.action, "le": _jour(e.publiee_le)}
        for e in evaluations.order_by("publiee_le", "pk")
    ]


def _jour(quand: datetime | None) -> str:
    return timezone.localdate(quand).isoformat() if quand else ""
