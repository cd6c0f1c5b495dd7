"""Les suites d’une décision : annoncées aux métiers, appliquées, ou écartées avec leur motif.

La feuille de route qu’elle valide en fait partie.
"""

from datetime import datetime

from django.db import transaction

from socle.fondations.commun.taches import defer
from socle.metiers.gouvernance.enums import EtatDecision, EtatEffet, EtatFeuille
from socle.metiers.gouvernance.errors import SaisieRefusee, SuiteInapplicable
from socle.metiers.gouvernance.models import Decision, Effet, FeuilleDeRoute
from socle.metiers.gouvernance.services.application import (
    TACHE,
    build_effet,
    find_applicateur,
    lock_effet,
    run_effet,
)
from socle.metiers.gouvernance.services.trace import record_action
from socle.metiers.gouvernance.signals import decision_prise


def announce_decision(decision: Decision, *, maintenant: datetime) -> None:
    """Annonce les effets d’une décision prise : ceux qu’un métier applique partent aussitôt."""
    effets = [build_effet(e, decision) for e in decision.effets.order_by("pk")]
    for effet in effets:
        if find_applicateur(effet) is not None:
            defer(TACHE, effet_id=effet.pk)
    decision_prise.send(
        sender=Decision,
        numero=decision.numero,
        objet=decision.cle,
        effets=effets,
        maintenant=maintenant,
    )


def follow_decision(decision: Decision, *, maintenant: datetime) -> None:
    """Une décision sur une feuille vient de finir : la feuille est validée, ou abandonnée."""
    if decision.feuille_id is None:
        return
    feuille = FeuilleDeRoute.objects.select_for_update().get(pk=decision.feuille_id)
    if feuille.etat != EtatFeuille.FIGEE:
        return
    prise = decision.etat == EtatDecision.PRISE
    feuille.etat = EtatFeuille.VALIDEE if prise else EtatFeuille.ABANDONNEE
    feuille.validee_le = maintenant if prise else None
    feuille.save(update_fields=["etat", "validee_le", "modifie_le"])
    record_action(
        action="feuille.validee" if prise else "feuille.abandonnee",
        objet=feuille.cle,
        acteur="systeme",
        maintenant=maintenant,
        donnees={
            "version": feuille.rang,
            "sha256": feuille.empreinte,
            "decision": decision.numero,
        },
    )


@transaction.atomic
def apply_effet(*, pk: int, acteur: str, nom: str, maintenant: datetime, note: str = "") -> bool:
    """Note qu’un effet est appliqué, par qui. Rend faux s’il l’était déjà. Rejouable.

    Raises:
        SaisieRefusee: la décision n’est pas prise.
    """
    return _close_effet(pk, EtatEffet.APPLIQUE, acteur, nom, maintenant, note)


@transaction.atomic
def dismiss_effet(*, pk: int, acteur: str, nom: str, maintenant: datetime, note: str) -> bool:
    """Écarte un effet devenu sans objet ; il faut dire pourquoi.

    Raises:
        SaisieRefusee: pas de motif, ou décision pas prise.
    """
    if not note.strip():
        raise SaisieRefusee("Dites pourquoi cette suite est écartée.")
    return _close_effet(pk, EtatEffet.ECARTE, acteur, nom, maintenant, note)


def force_effet(*, pk: int, acteur: str, nom: str, maintenant: datetime) -> Effet:
    """Fait appliquer un effet que l’équipe a vérifié, même si son objet a changé depuis le gel.

    Raises:
        SaisieRefusee: la décision n’est pas prise.
        SuiteInapplicable: le métier refuse encore ; la raison est gardée sur l’effet.
    """
    effet = run_effet(pk=pk, acteur=acteur, nom=nom, maintenant=maintenant, quand_meme=True)
    if effet.decision.etat != EtatDecision.PRISE:
        raise SaisieRefusee("La décision n’est pas prise : rien n’est encore à appliquer.")
    if effet.etat == EtatEffet.A_APPLIQUER:
        raise SuiteInapplicable(effet.blocage)
    return effet


@transaction.atomic
def reopen_effet(*, pk: int, acteur: str, maintenant: datetime) -> bool:
    """Remet un effet à appliquer : il avait été noté par erreur."""
    effet = lock_effet(pk)
    if effet.etat == EtatEffet.A_APPLIQUER:
        return False
    effet.etat, effet.fait_le = EtatEffet.A_APPLIQUER, None
    effet.fait_par = effet.note = effet.resultat = ""
    effet.save()
    record_action(
        action="decision.effet_rouvert",
        objet=effet.decision.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"effet": effet.pk, "cle": effet.cle},
    )
    return True


def _close_effet(
    pk: int, etat: EtatEffet, acteur: str, nom: str, maintenant: datetime, note: str
) -> bool:
    effet = lock_effet(pk)
    if effet.decision.etat != EtatDecision.PRISE:
        raise SaisieRefusee("La décision n’est pas prise : rien n’est encore à appliquer.")
    if effet.etat != EtatEffet.A_APPLIQUER:
        return False
    effet.etat, effet.fait_le, effet.fait_par = etat, maintenant, nom
    effet.note = note.strip()[:300]
    effet.blocage = ""
    effet.save(update_fields=["etat", "fait_le", "fait_par", "note", "blocage", "modifie_le"])
    applique = etat == EtatEffet.APPLIQUE
    record_action(
        action="decision.effet_applique" if applique else "decision.effet_ecarte",
        objet=effet.decision.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"effet": effet.pk, "cle": effet.cle},
    )
    return True
