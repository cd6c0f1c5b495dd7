"""Le jury : qui siège, ce que chacun déclare, et les dossiers dont il se retire."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.models import Compte
from socle.metiers.consultations.enums import (
    DEPORTS_FERMES,
    CollegeJury,
    EtapeInstruction,
    FonctionJury,
    OrigineDeport,
)
from socle.metiers.consultations.errors import EtapeRefusee, JuryRefuse
from socle.metiers.consultations.models import (
    Deport,
    Instruction,
    Jure,
    Notation,
    Reponse,
)
from socle.metiers.consultations.permissions import can_siege
from socle.metiers.consultations.queries.evaluation_conflits import map_conflits
from socle.metiers.consultations.queries.evaluation_jury import (
    list_a_declarer,
    list_recevables,
)
from socle.metiers.consultations.services.evaluation_grille import (
    lock_instruction,
    record_instruction,
)
from socle.metiers.consultations.services.evaluation_messages import CODE_INVITATION, tell_jure

AVANT_VALIDATION = (
    EtapeInstruction.PREPARATION, EtapeInstruction.NOTATION, EtapeInstruction.DELIBERATION,
)  # fmt: skip
AVANT_DELIBERATION = (EtapeInstruction.PREPARATION, EtapeInstruction.NOTATION)


def find_compte(courriel: str) -> Compte | None:
    """Agent actif qui se connecte avec cette adresse."""
    return Compte.objects.filter(
        genre=GenreCompte.AGENT, is_active=True, courriel__iexact=courriel.strip()
    ).first()


@transaction.atomic
def add_jure(
    *, instruction: Instruction, compte: Compte, college: CollegeJury, organisation: str,
    acteur: str, maintenant: datetime, fonction: FonctionJury = FonctionJury.MEMBRE,
    remplace: Jure | None = None,
) -> Jure:  # fmt: skip
    """Invite une personne au jury ; ses conflits visibles dans les tables sont constatés aussitôt.

    Raises:
        JuryRefuse: elle y est déjà, organise l’appel, ou la fonction est prise.
        EtapeRefusee: la délibération est ouverte.
    """
    lue = lock_instruction(instruction, *AVANT_DELIBERATION)
    if not can_siege(compte):
        raise JuryRefuse(suite="Un membre de l’équipe organise l’appel : il ne note pas.")
    presents = Jure.objects.filter(instruction=lue, sorti_le__isnull=True)
    if presents.filter(compte=compte).exists():
        raise JuryRefuse("Cette personne est déjà au jury.")
    _check_fonction(lue, fonction)
    jure = Jure.objects.create(
        instruction=lue, compte=compte, college=college, organisation=organisation.strip(),
        fonction=fonction, remplace=remplace,
    )  # fmt: skip
    record_instruction("jury.membre_ajoute", lue, acteur, maintenant,
                       membre=jure.pk, college=str(college))  # fmt: skip
    refresh_deports(jure=jure, maintenant=maintenant)
    tell_jure(jure, CODE_INVITATION, maintenant)
    return jure


def _check_fonction(instruction: Instruction, fonction: FonctionJury) -> None:
    prise = Jure.objects.filter(instruction=instruction, sorti_le__isnull=True, fonction=fonction)
    if fonction != FonctionJury.MEMBRE and prise.exists():
        raise JuryRefuse(f"La {FonctionJury(fonction).label.lower()} est déjà tenue.")


@transaction.atomic
def remove_jure(*, jure: Jure, motif: str, acteur: str, maintenant: datetime) -> Jure:
    """Fait sortir un membre : ses notes signées restent, ses brouillons sont annulés.

    Raises:
        JuryRefuse: sans motif, ou déjà sorti.
    """
    instruction = lock_instruction(jure.instruction, *AVANT_DELIBERATION)
    sorti = Jure.objects.select_for_update(of=("self",)).get(pk=jure.pk)
    if sorti.sorti_le or not motif.strip():
        raise JuryRefuse("Ce membre est déjà sorti." if sorti.sorti_le else "Écrivez le motif.")
    sorti.sorti_le, sorti.motif_sortie = maintenant, motif.strip()
    sorti.save()
    Notation.objects.filter(jure=sorti, signee_le__isnull=True, annulee_le__isnull=True).update(
        annulee_le=maintenant, motif_annulation="Membre sorti du jury.", modifie_le=maintenant
    )
    record_instruction("jury.membre_sorti", instruction, acteur, maintenant, membre=sorti.pk)
    return sorti


@transaction.atomic
def replace_jure(
    *, jure: Jure, compte: Compte, organisation: str, motif: str, acteur: str,
    maintenant: datetime,
) -> Jure:  # fmt: skip
    """Remplace un membre par un autre, même collège et même fonction.

    Raises:
        JuryRefuse: comme `add_jure` et `remove_jure`.
    """
    sorti = remove_jure(jure=jure, motif=motif, acteur=acteur, maintenant=maintenant)
    return add_jure(
        instruction=jure.instruction, compte=compte, college=CollegeJury(sorti.college),
        organisation=organisation, fonction=FonctionJury(sorti.fonction), remplace=sorti,
        acteur=acteur, maintenant=maintenant,
    )  # fmt: skip


@transaction.atomic
def set_fonction(*, jure: Jure, fonction: FonctionJury, acteur: str, maintenant: datetime) -> None:
    """Donne une fonction à un membre ; qui tenait la présidence ou la vice-présidence la rend."""
    instruction = lock_instruction(jure.instruction, *AVANT_VALIDATION)
    if fonction != FonctionJury.MEMBRE:
        Jure.objects.filter(instruction=instruction, fonction=fonction).exclude(pk=jure.pk).update(
            fonction=FonctionJury.MEMBRE, modifie_le=maintenant
        )
    Jure.objects.filter(pk=jure.pk, sorti_le__isnull=True).update(
        fonction=fonction, modifie_le=maintenant
    )
    record_instruction("jury.fonction", instruction, acteur, maintenant,
                       membre=jure.pk, fonction=str(fonction))  # fmt: skip


# Intérêts et déports ------------------------------------------------------------------------------
@transaction.atomic
def declare_interets(
    *, jure: Jure, interets: str, conflits: Mapping[int, str], lus: Iterable[int],
    maintenant: datetime,
) -> Jure:  # fmt: skip
    """Enregistre ce qu’un membre déclare, pour la campagne et pour chaque dossier montré.

    Args:
        interets: intérêts pour la campagne entière ; vide, aucun.
        conflits: dossier → pourquoi il se retire.
        lus: dossiers que la page montrait ; un dossier arrivé depuis reste à déclarer.

    Raises:
        JuryRefuse: le membre est sorti, ou se retire sans dire pourquoi.
    """
    instruction = lock_instruction(jure.instruction, *AVANT_DELIBERATION)
    declare = Jure.objects.select_for_update(of=("self",)).get(pk=jure.pk)
    declare.instruction = instruction
    if declare.sorti_le:
        raise JuryRefuse("Vous n’êtes plus de ce jury.")
    if not all(motif.strip() for motif in conflits.values()):
        raise JuryRefuse("Dites en quelques mots pourquoi vous vous retirez.")
    ouverts = {reponse.pk: reponse for reponse in list_a_declarer(declare)}
    nouveaux = [pk for pk in lus if pk in ouverts]
    declare.interets = interets.strip()[:4000]
    declare.declare_le = maintenant
    declare.declare_sur = [*declare.declare_sur, *nouveaux]
    declare.save()
    for pk in nouveaux:
        if pk in conflits:
            _withdraw(declare, ouverts[pk], OrigineDeport.DECLARE, conflits[pk], maintenant)
    refresh_deports(jure=declare, maintenant=maintenant)
    record_instruction(
        "jury.interets_declares", instruction, declare.compte.acteur, maintenant,
        membre=declare.pk, dossiers=len(nouveaux), retraits=len(set(conflits) & set(nouveaux)),
    )  # fmt: skip
    return declare


@transaction.atomic
def record_deport(
    *, jure: Jure, reponse: Reponse, origine: OrigineDeport, motif: str, acteur: str,
    maintenant: datetime,
) -> Deport:  # fmt: skip
    """Retire un membre d’un dossier, à sa demande ou à celle de l’équipe, même après une note.

    Raises:
        JuryRefuse: sans motif, ou pour un dossier d’une autre campagne.
    """
    instruction = lock_instruction(jure.instruction, *AVANT_DELIBERATION)
    if not motif.strip():
        raise JuryRefuse("Dites en quelques mots pourquoi.")
    if reponse.campagne_id != instruction.campagne_id:
        raise JuryRefuse("Ce dossier est d’une autre campagne.")
    deport = _withdraw(jure, reponse, origine, motif, maintenant)
    record_instruction("jury.deport", instruction, acteur, maintenant,
                       membre=jure.pk, dossier=reponse.numero, origine=str(origine))  # fmt: skip
    return deport


@transaction.atomic
def lift_deport(*, deport: Deport, motif: str, acteur: str, maintenant: datetime) -> None:
    """Lève un déport constaté à tort : le nom d’une collectivité cité sans être partenaire.

    Raises:
        JuryRefuse: le lien est dans les tables, ou aucun motif n’est écrit.
    """
    instruction = lock_instruction(deport.jure.instruction, *AVANT_DELIBERATION)
    if deport.origine in DEPORTS_FERMES:
        raise JuryRefuse("Ce déport ne se lève pas : sa collectivité est concernée.")
    if not motif.strip():
        raise JuryRefuse("Dites pourquoi ce déport est levé : ce sera au procès-verbal.")
    Deport.objects.filter(pk=deport.pk).update(
        leve_le=maintenant, motif_levee=motif.strip()[:500], modifie_le=maintenant
    )
    record_instruction("jury.deport_leve", instruction, acteur, maintenant,
                       membre=deport.jure_id, dossier=deport.reponse.numero)  # fmt: skip


def refresh_deports(*, jure: Jure, maintenant: datetime) -> int:
    """Constate les conflits que les tables montrent aujourd’hui ; rend les nouveaux. Rejouable.

    Un déport levé avec son motif n’est pas constaté de nouveau, sauf s’il est devenu plus fort.
    """
    reponses = list(list_recevables(jure.instruction))
    connus = {d.reponse_id: d for d in Deport.objects.filter(jure=jure).order_by("pk")}
    nouveaux = 0
    for pk, (origine, motif) in map_conflits(jure, reponses).items():
        connu = connus.get(pk)
        if connu is None or (connu.is_leve and origine in DEPORTS_FERMES):
            reponse = next(r for r in reponses if r.pk == pk)
            _withdraw(jure, reponse, origine, motif, maintenant)
            record_instruction("jury.deport", jure.instruction, "systeme", maintenant,
                               membre=jure.pk, dossier=reponse.numero,
                               origine=str(origine))  # fmt: skip
            nouveaux += 1
    return nouveaux


def refresh_tous(*, instruction: Instruction, maintenant: datetime) -> None:
    """Constate de nouveau les conflits de tout le jury."""
    presents = Jure.objects.filter(instruction=instruction, sorti_le__isnull=True)
    for jure in presents.select_related("instruction__campagne", "compte").order_by("pk"):
        refresh_deports(jure=jure, maintenant=maintenant)


def _withdraw(
    jure: Jure, reponse: Reponse, origine: OrigineDeport, motif: str, maintenant: datetime
) -> Deport:
    """Annule sa note, puis écrit le déport : la base refuse l’ordre inverse."""
    Notation.objects.filter(jure=jure, reponse=reponse, annulee_le__isnull=True).update(
        annulee_le=maintenant, motif_annulation="Déport.", modifie_le=maintenant
    )
    deport, _ = Deport.objects.update_or_create(
        jure=jure, reponse=reponse,
        defaults={"origine": origine, "motif": motif.strip()[:500], "constate_le": maintenant,
                  "leve_le": None, "motif_levee": ""},
    )  # fmt: skip
    return deport


def check_membre(jure: Jure) -> None:
    """Refuse un geste à qui n’est plus du jury.

    Raises:
        EtapeRefusee.
    """
    if jure.sorti_le or not can_siege(jure.compte):
        raise EtapeRefusee("Vous n’êtes plus de ce jury.")
