"""Appliquer les effets d’une décision prise, chacun dans sa transaction, une seule fois."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from socle.fondations.commun.errors import ErreurMetier
from socle.metiers.gouvernance.enums import EtatDecision, EtatEffet
from socle.metiers.gouvernance.errors import ObjetChange
from socle.metiers.gouvernance.models import Decision, Effet
from socle.metiers.gouvernance.ports import Applicateur, EffetDecide, applicateurs
from socle.metiers.gouvernance.services.trace import record_action

TACHE = "gouvernance.appliquer_effet"


@dataclass(frozen=True, slots=True)
class Apercu:
    """Ce qu’il adviendra d’un effet si la décision est prise."""

    effet: Effet
    d_office: bool
    etat: str = ""
    obstacle: str = ""


def build_effet(effet: Effet, decision: Decision) -> EffetDecide:
    return EffetDecide(
        effet.pk, decision.numero, effet.cle, effet.nature, effet.valeur, effet.date_visee,
        effet.texte,
    )  # fmt: skip


def find_applicateur(effet: EffetDecide) -> Applicateur | None:
    return applicateurs.get(f"{effet.cle.partition(':')[0]}.{effet.nature}")


def observe_effets(decision: Decision) -> None:
    """Garde l’état des objets concernés, au moment où le texte se fige."""
    for effet in decision.effets.order_by("pk"):
        effet.constate = preview_effet(effet, decision).etat[:200]
        effet.save(update_fields=["constate", "modifie_le"])


def preview_effet(effet: Effet, decision: Decision) -> Apercu:
    """Dit d’avance si un métier l’appliquera, et ce qui s’y oppose aujourd’hui."""
    decide = build_effet(effet, decision)
    applicateur = find_applicateur(decide)
    if applicateur is None:
        return Apercu(effet, d_office=False)
    try:
        return Apercu(effet, d_office=True, etat=applicateur.observe(decide).etat)
    except ErreurMetier as refus:
        return Apercu(effet, d_office=True, obstacle=_write(refus))


@transaction.atomic
def run_effet(
    *, pk: int, acteur: str, nom: str, maintenant: datetime, quand_meme: bool = False
) -> Effet:
    """Fait appliquer un effet par son métier. Rejouable : appliqué ou écarté, il ne bouge plus.

    S’il est refusé, rien n’est changé : le motif est gardé, et la suite reste à l’équipe.

    Args:
        quand_meme: l’équipe a vu que l’objet a changé depuis le gel du texte, et confirme.
    """
    effet = lock_effet(pk)
    decide = build_effet(effet, effet.decision)
    applicateur = find_applicateur(decide)
    attend = effet.etat == EtatEffet.A_APPLIQUER and effet.decision.etat == EtatDecision.PRISE
    if applicateur is None or not attend:
        return effet
    try:
        with transaction.atomic():
            atteint = _check(effet, decide, applicateur, quand_meme=quand_meme)
            resultat = decide.cle if atteint else applicateur.apply(decide, maintenant)
    except ErreurMetier as refus:
        return _block(effet, refus, acteur, maintenant)
    effet.note = "C’était déjà fait." if atteint else ""
    return _finish(effet, resultat, acteur, nom, maintenant)


def lock_effet(pk: int) -> Effet:
    return Effet.objects.select_related("decision").select_for_update(of=["self"]).get(pk=pk)


def _check(
    effet: Effet, decide: EffetDecide, applicateur: Applicateur, *, quand_meme: bool
) -> bool:
    """Rend vrai si l’objet est déjà comme la décision le veut."""
    constat = applicateur.observe(decide)
    change = bool(effet.constate) and constat.etat != effet.constate
    if change and not constat.atteint and not quand_meme:
        raise ObjetChange(
            f"L’objet a changé depuis le gel du texte : « {effet.constate} » alors,"
            f" « {constat.etat} » aujourd’hui."
        )
    return constat.atteint


def _block(effet: Effet, refus: ErreurMetier, acteur: str, maintenant: datetime) -> Effet:
    effet.blocage = _write(refus)
    effet.save(update_fields=["blocage", "modifie_le"])
    record_action(
        action="decision.effet_bloque",
        objet=effet.decision.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"effet": effet.pk, "cle": effet.cle, "motif": effet.blocage},
    )
    return effet


def _finish(effet: Effet, resultat: str, acteur: str, nom: str, maintenant: datetime) -> Effet:
    effet.etat, effet.blocage, effet.resultat = EtatEffet.APPLIQUE, "", resultat
    effet.fait_le, effet.fait_par = maintenant, nom
    effet.save()
    _link(effet.decision_id, [effet.cle, resultat])
    record_action(
        action="decision.effet_applique",
        objet=effet.decision.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"effet": effet.pk, "cle": effet.cle, "resultat": resultat},
    )
    return effet


def _link(decision_id: int, cles: list[str]) -> None:
    """La décision cite ce qu’elle change : la page de l’objet, par là, renvoie à elle."""
    decision = Decision.objects.select_for_update(of=["self"]).get(pk=decision_id)
    liens = list(dict.fromkeys([*decision.liens, *cles]))
    if liens != decision.liens:
        Decision.objects.filter(pk=decision_id).update(liens=liens)


def _write(refus: ErreurMetier) -> str:
    return f"{refus.message} {refus.suite}".strip()[:400]
