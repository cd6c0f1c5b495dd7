"""Publier les résultats : d’un coup, ou pas du tout."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from socle.fondations.commun.textes import format_euros
from socle.fondations.journal.services import record
from socle.fondations.notifications.services.programme import build_lien, send_message
from socle.metiers.consultations.enums import EtapeInstruction, EtatCampagne, EtatReponse, Issue
from socle.metiers.consultations.models import Instruction, Reponse, Resultat
from socle.metiers.consultations.ports import ResultatPublie
from socle.metiers.consultations.queries.evaluation_resultats import (
    build_bilan,
    list_resultats,
)
from socle.metiers.consultations.services.evaluation_deliberation import check_resultats
from socle.metiers.consultations.services.evaluation_grille import (
    lock_instruction,
    record_instruction,
)
from socle.metiers.consultations.services.evaluation_messages import CODE_RESULTAT
from socle.metiers.consultations.services.synthese import publish_synthese
from socle.metiers.consultations.signals import resultats_publies


@transaction.atomic
def publish_resultats(
    *, instruction: Instruction, acteur: str, maintenant: datetime
) -> Instruction:
    """Publie tous les résultats ensemble : bilan figé, journal, courriels, suites.

    Une erreur d’un seul dossier, ou d’un receveur du signal, et rien n’est publié ni envoyé. La
    campagne passe à « Résultats publiés » du même coup : elle ne s’annule plus.

    Raises:
        EtapeRefusee: la présidence n’a pas arrêté les résultats.
        ResultatRefuse: un dossier a changé depuis.
    """
    lue = lock_instruction(instruction, EtapeInstruction.VALIDEE)
    resultats = list(list_resultats(lue))
    check_resultats(lue, resultats)
    bilan = build_bilan(lue)
    _tell_deposants(lue, resultats, acteur, maintenant)
    lue.bilan, lue.empreinte = bilan, hash_bilan(bilan)
    lue.etape, lue.publiee_le = EtapeInstruction.PUBLIEE, maintenant
    lue.save()
    record_instruction("instruction.publiee", lue, acteur, maintenant, empreinte=lue.empreinte)
    if lue.campagne.etat in (EtatCampagne.PUBLIEE, EtatCampagne.CLOSE):
        publish_synthese(campagne=lue.campagne, acteur=acteur, maintenant=maintenant)
    resultats_publies.send(
        sender=Instruction, campagne=lue.campagne, acteur=acteur, maintenant=maintenant,
        resultats=[to_publie(lue, resultat) for resultat in resultats],
    )  # fmt: skip
    return lue


def _tell_deposants(
    instruction: Instruction, resultats: list[Resultat], acteur: str, maintenant: datetime
) -> None:
    """Une ligne au journal et un courriel par déposant, irrecevables compris."""
    par_dossier = {resultat.reponse_id: resultat for resultat in resultats}
    recus = Reponse.objects.filter(campagne=instruction.campagne, etat=EtatReponse.DEPOSEE)
    for reponse in recus.select_related("compte", "recevabilite").order_by("depose_le", "pk"):
        resultat = par_dossier.get(reponse.pk)
        record(
            action="resultat.publie", objet=reponse.objet, acteur=acteur, collectivite_id=None,
            maintenant=maintenant,
            donnees={"issue": resultat.issue if resultat else "irrecevable",
                     "montant": str(resultat.montant) if resultat else "0"},
        )  # fmt: skip
        _send_lettre(instruction, reponse, resultat, maintenant)


def _send_lettre(
    instruction: Instruction, reponse: Reponse, resultat: Resultat | None, maintenant: datetime
) -> None:
    courriel = reponse.courriel or (reponse.compte.courriel_envoi if reponse.compte else "")
    if not courriel:
        return
    issue, detail = describe_issue(reponse, resultat)
    campagne = instruction.campagne
    send_message(
        code=CODE_RESULTAT, courriel=courriel, maintenant=maintenant, objet=reponse.objet,
        contexte={"appel": campagne.titre, "numero": reponse.numero, "issue": issue,
                  "detail": detail,
                  "lien": build_lien("consultations:resultat", reponse.cle)},
    )  # fmt: skip


def describe_issue(reponse: Reponse, resultat: Resultat | None) -> tuple[str, str]:
    """Dit la décision et sa raison, en deux textes courts."""
    if resultat is None:
        motif = reponse.recevabilite.motif if hasattr(reponse, "recevabilite") else ""
        return "irrecevable", f"Raison : {motif}"
    issue = Issue(resultat.issue)
    if issue == Issue.RETENU:
        conditions = f" Conditions : {resultat.conditions}" if resultat.conditions else ""
        return "retenu", f"Montant accordé : {format_euros(resultat.montant)}.{conditions}"
    if issue == Issue.COMPLEMENTAIRE:
        detail = f"Votre rang : {resultat.rang}. {resultat.motivation}".strip()
        return "sur la liste complémentaire", detail
    return "non retenu", f"Raison : {resultat.motivation}"


def to_publie(instruction: Instruction, resultat: Resultat) -> ResultatPublie:
    """Réduit un résultat à ce que d’autres métiers peuvent suivre."""
    reponse, decide = resultat.reponse, instruction.validee_le or instruction.publiee_le
    return ResultatPublie(
        consultation=instruction.campagne.cle,
        titre=instruction.campagne.titre,
        numero=reponse.numero,
        beneficiaire=reponse.autorite,
        nom=reponse.nom_montre,
        issue=resultat.issue,
        montant=resultat.montant,
        conditions=resultat.conditions,
        decide_le=timezone.localdate(decide),
        fictif=instruction.campagne.fictif,
    )


def hash_bilan(bilan: dict[str, Any]) -> str:
    """SHA-256 des résultats publiés, clés triées."""
    texte = json.dumps(bilan, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(texte.encode()).hexdigest()
