"""La délibération : le classement calculé, ce que la présidence arrête, et pourquoi."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from socle.fondations.journal.services import record
from socle.metiers.consultations.enums import EtapeInstruction, FonctionJury, Issue
from socle.metiers.consultations.errors import (
    EnDeport,
    EtapeRefusee,
    QuorumManquant,
    ResultatRefuse,
)
from socle.metiers.consultations.models import Instruction, Jure, Resultat
from socle.metiers.consultations.queries.evaluation_calcul import is_classement
from socle.metiers.consultations.queries.evaluation_jury import list_caches
from socle.metiers.consultations.queries.evaluation_notes import (
    Avancement,
    EtatDeDossier,
    read_avancement,
)
from socle.metiers.consultations.services.evaluation_grille import (
    lock_instruction,
    record_instruction,
)
from socle.metiers.consultations.services.evaluation_jury import check_membre

DIRIGENT = (FonctionJury.PRESIDENT, FonctionJury.VICE_PRESIDENT)


@dataclass(frozen=True, slots=True)
class Decision:
    """Ce que la présidence arrête pour un dossier."""

    issue: Issue
    rang: int | None = None
    motif_rang: str = ""
    montant: Decimal = Decimal(0)
    conditions: str = ""
    motivation: str = ""


@transaction.atomic
def open_deliberation(*, jure: Jure, maintenant: datetime) -> Instruction:
    """Ferme la notation et calcule le classement ; ce qui était arrêté et n’a pas bougé reste.

    Raises:
        EtapeRefusee: ce membre ne préside pas, ou ce n’est pas le moment.
        QuorumManquant: un dossier n’a pas assez de notes signées.
    """
    instruction = lock_instruction(jure.instruction, EtapeInstruction.NOTATION)
    _check_preside(jure)
    avancement = read_avancement(instruction)
    if not avancement.is_complet:
        noms = ", ".join(d.reponse.numero for d in avancement.manquants[:10])
        raise QuorumManquant(suite=f"Il manque des notes à : {noms}.")
    _write_resultats(instruction, avancement)
    instruction.etape = EtapeInstruction.DELIBERATION
    instruction.deliberation_le = maintenant
    instruction.save()
    record_instruction(
        "instruction.deliberation", instruction, jure.compte.acteur, maintenant,
        dossiers=len(avancement.dossiers), grille=avancement.grille.version,
    )  # fmt: skip
    return instruction


def _write_resultats(instruction: Instruction, avancement: Avancement) -> None:
    connus = {r.reponse_id: r for r in Resultat.objects.filter(instruction=instruction)}
    gardes = {dossier.reponse.pk for dossier in avancement.dossiers}
    Resultat.objects.filter(instruction=instruction).exclude(reponse__in=gardes).delete()
    for dossier in avancement.dossiers:
        resultat = connus.get(dossier.reponse.pk) or Resultat(
            instruction=instruction, reponse=dossier.reponse
        )
        _fill_resultat(resultat, dossier, avancement)
        resultat.save()


def _fill_resultat(resultat: Resultat, dossier: EtatDeDossier, avancement: Avancement) -> None:
    synthese, place = dossier.synthese, dossier.place
    avant = (resultat.score, resultat.rang_calcule, resultat.elimine)
    resultat.score, resultat.rang_calcule = synthese.score, place.rang
    resultat.elimine = synthese.is_eliminee
    resultat.moyennes = {str(m.cle): f"{float(m.moyenne):.2f}" for m in synthese.criteres}
    resultat.ecarts = list(dossier.ecarts)
    if avant == (resultat.score, resultat.rang_calcule, resultat.elimine) and resultat.pk:
        return
    resultat.rang, resultat.motif_rang, resultat.fixe_le = place.rang, "", None
    resultat.issue, resultat.montant, resultat.motivation = "", Decimal(0), ""
    if synthese.is_eliminee:
        noms = {c.pk: c.intitule for c in avancement.criteres}
        sous = ", ".join(f"« {noms[cle]} »" for cle in synthese.elimines)
        resultat.motivation = f"Moyenne du jury sous le seuil éliminatoire : {sous}."


@transaction.atomic
def fix_resultats(*, jure: Jure, decisions: Mapping[int, Decision], maintenant: datetime) -> int:
    """Arrête des résultats, un ou plusieurs ; rend leur nombre. Se corrige avant la validation.

    Args:
        decisions: réponse → décision.

    Raises:
        EtapeRefusee: ce membre ne préside pas.
        EnDeport: la présidence est en déport sur un de ces dossiers.
        ResultatRefuse: un refus sans motivation, un rang changé sans motif, un éliminé retenu.
    """
    instruction = lock_instruction(jure.instruction, EtapeInstruction.DELIBERATION)
    permis = list_decidables(jure)
    resultats = Resultat.objects.select_for_update(of=("self",)).filter(
        instruction=instruction, reponse__in=decisions
    )
    lus = list(resultats.select_related("reponse").order_by("pk"))
    if len(lus) != len(decisions):
        raise ResultatRefuse("Un de ces dossiers n’est pas dans ce classement.")
    for resultat in lus:
        if resultat.reponse_id not in permis:
            raise EnDeport
        _apply(resultat, decisions[resultat.reponse_id])
        resultat.fixe_par, resultat.fixe_le = jure, maintenant
        resultat.save()
        record(
            action="resultat.fixe", objet=resultat.reponse.objet, acteur=jure.compte.acteur,
            collectivite_id=None, maintenant=maintenant,
            donnees={"issue": resultat.issue, "rang": resultat.rang,
                     "rang_calcule": resultat.rang_calcule, "montant": str(resultat.montant)},
        )  # fmt: skip
    return len(lus)


def list_decidables(jure: Jure) -> set[int]:
    """Dossiers que ce membre peut arrêter : le président, sauf déport ; alors le vice-président.

    Raises:
        EtapeRefusee: il ne préside pas.
    """
    _check_preside(jure)
    resultats = Resultat.objects.filter(instruction=jure.instruction_id)
    tous = set(resultats.order_by("pk").values_list("reponse_id", flat=True))
    siens = list_caches(jure)
    if jure.fonction == FonctionJury.PRESIDENT:
        return tous - siens
    president = Jure.objects.filter(
        instruction=jure.instruction_id, fonction=FonctionJury.PRESIDENT, sorti_le__isnull=True
    ).first()
    return (list_caches(president) if president else tous) - siens


def _apply(resultat: Resultat, decision: Decision) -> None:
    nom = resultat.reponse.numero
    if resultat.elimine and decision.issue != Issue.NON_RETENU:
        raise ResultatRefuse(f"{nom} : sous un seuil éliminatoire, il ne peut pas être retenu.")
    motivation = decision.motivation.strip()
    if decision.issue == Issue.NON_RETENU and not motivation:
        raise ResultatRefuse(f"{nom} : un refus se motive. Le déposant lira ce texte.")
    if decision.issue == Issue.RETENU and decision.montant < 0:
        raise ResultatRefuse(f"{nom} : le montant est positif.")
    rang = None if resultat.elimine else decision.rang or resultat.rang_calcule
    if rang != resultat.rang_calcule and not decision.motif_rang.strip():
        raise ResultatRefuse(f"{nom} : dites pourquoi le rang diffère du rang calculé.")
    resultat.issue, resultat.rang, resultat.motivation = decision.issue, rang, motivation
    resultat.motif_rang = decision.motif_rang.strip() if rang != resultat.rang_calcule else ""
    retenu = decision.issue == Issue.RETENU
    resultat.montant = decision.montant if retenu else Decimal(0)
    resultat.conditions = decision.conditions.strip()


@transaction.atomic
def validate_resultats(*, jure: Jure, maintenant: datetime) -> Instruction:
    """Arrête tout : chaque dossier a son issue, les rangs se suivent, l’enveloppe suffit.

    Raises:
        EtapeRefusee: seul le président valide.
        ResultatRefuse: avec ce qui manque.
    """
    instruction = lock_instruction(jure.instruction, EtapeInstruction.DELIBERATION)
    _check_preside(jure, FonctionJury.PRESIDENT)
    resultats = list(
        Resultat.objects.filter(instruction=instruction).select_related("reponse").order_by("pk")
    )
    check_resultats(instruction, resultats)
    instruction.etape, instruction.validee_le = EtapeInstruction.VALIDEE, maintenant
    instruction.save()
    record_instruction("instruction.validee", instruction, jure.compte.acteur, maintenant,
                       dossiers=len(resultats))  # fmt: skip
    return instruction


def check_resultats(instruction: Instruction, resultats: list[Resultat]) -> None:
    """Refuse un classement inachevé ou incohérent.

    Raises:
        ResultatRefuse: avec les dossiers à reprendre.
    """
    restent = [r.reponse.numero for r in resultats if not r.issue or r.fixe_le is None]
    if restent or not resultats:
        raise ResultatRefuse(f"Dossiers sans issue : {', '.join(restent[:10]) or 'tous'}.")
    if not is_classement(r.rang for r in resultats if r.rang is not None):
        raise ResultatRefuse(
            "Les rangs ne se suivent pas.", "Deux ex æquo ont le même rang, et le suivant saute."
        )
    enveloppe = instruction.campagne.budget
    total = sum((r.montant for r in resultats), Decimal(0))
    if enveloppe is not None and total > enveloppe:
        raise ResultatRefuse(
            f"Les montants font {total:.2f} €, plus que l’enveloppe de {enveloppe:.2f} €."
        )


@transaction.atomic
def reopen(*, jure: Jure, vers: EtapeInstruction, maintenant: datetime) -> Instruction:
    """Revient d’un pas, tant que rien n’est publié : à la délibération, ou à la notation.

    Raises:
        EtapeRefusee: seul le président rouvre, et d’un pas à la fois.
    """
    avant = {
        EtapeInstruction.DELIBERATION: EtapeInstruction.VALIDEE,
        EtapeInstruction.NOTATION: EtapeInstruction.DELIBERATION,
    }
    if vers not in avant:
        raise EtapeRefusee
    instruction = lock_instruction(jure.instruction, avant[vers])
    _check_preside(jure, FonctionJury.PRESIDENT)
    instruction.etape, instruction.validee_le = vers, None
    instruction.save()
    record_instruction("instruction.rouverte", instruction, jure.compte.acteur, maintenant,
                       vers=str(vers))  # fmt: skip
    return instruction


def _check_preside(jure: Jure, *fonctions: FonctionJury) -> None:
    relu = Jure.objects.select_related("compte").get(pk=jure.pk)
    check_membre(relu)
    if relu.fonction not in (fonctions or DIRIGENT):
        raise EtapeRefusee("Ce geste revient à la présidence du jury.")
