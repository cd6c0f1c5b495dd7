"""Déléguer sa voix à un autre siège du même collège, et la reprendre."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from socle.fondations.comptes.models import Compte
from socle.metiers.gouvernance.enums import EtatReunion, Reponse
from socle.metiers.gouvernance.errors import DelegationRefusee
from socle.metiers.gouvernance.models import Convocation, Delegation, Reunion, Siege
from socle.metiers.gouvernance.services.instances import lock_siege
from socle.metiers.gouvernance.services.trace import record_action

JOURS_MAX = 366


@transaction.atomic
def delegate(
    *,
    siege: Siege,
    beneficiaire: Siege,
    par: Compte,
    maintenant: datetime,
    du: date | None = None,
    au: date | None = None,
    reunion: Reunion | None = None,
) -> Delegation:
    """Confie la voix d’un siège, pour une réunion ou pour une période.

    Raises:
        DelegationRefusee: autre collège ou autre instance, siège vide, période impossible, ou
            délégation qui en croise une autre (pas de chaîne, pas de double).
    """
    # Le plus petit d’abord : deux délégations croisées ne s’attendent pas l’une l’autre.
    for pk in sorted((siege.pk, beneficiaire.pk)):
        lock_siege(pk)
    siege, beneficiaire = lock_siege(siege.pk), lock_siege(beneficiaire.pk)
    if reunion is not None:
        if reunion.instance_id != siege.instance_id:
            raise DelegationRefusee("Cette réunion n’est pas celle de l’instance du siège.")
        du = au = timezone.localdate(reunion.debut)
    if du is None or au is None:
        raise DelegationRefusee("Dites pour quelle réunion, ou pour quelle période.")
    _check_personnes(siege, beneficiaire, par)
    _check_periode(siege, beneficiaire, du, au, maintenant)
    _check_croisements(siege, beneficiaire, du, au)
    delegation = Delegation.objects.create(
        siege=siege, beneficiaire=beneficiaire, reunion=reunion, du=du, au=au, donnee_par=par
    )
    _answer_convocations(siege, du, au, maintenant)
    record_action(
        action="instance.delegation",
        objet=siege.instance.cle,
        acteur=par.acteur,
        maintenant=maintenant,
        donnees={
            "delegation": delegation.pk,
            "siege": siege.pk,
            "beneficiaire": beneficiaire.pk,
            "college": str(siege.college),
            "du": du.isoformat(),
            "au": au.isoformat(),
        },
    )
    return delegation


@transaction.atomic
def take_back(*, delegation: Delegation, par: Compte, maintenant: datetime) -> None:
    """Reprend sa voix ; sans effet si elle l’est déjà. Un vote déjà exprimé reste, et se change.

    Raises:
        DelegationRefusee: qui reprend n’est pas le titulaire du siège.
    """
    delegations = Delegation.objects.select_related("siege__instance").select_for_update(
        of=["self"]
    )
    delegation = delegations.get(pk=delegation.pk)
    if delegation.siege.titulaire_id != par.pk:
        raise DelegationRefusee("Seul le titulaire du siège reprend sa voix.")
    if delegation.reprise_le is not None:
        return
    delegation.reprise_le = maintenant
    delegation.save(update_fields=["reprise_le", "modifie_le"])
    Convocation.objects.filter(
        siege=delegation.siege,
        reponse=Reponse.REPRESENTE,
        reunion__etat=EtatReunion.CONVOQUEE,
        reunion__debut__date__range=(delegation.du, delegation.au),
    ).update(reponse=Reponse.SANS, repondu_le=None)
    record_action(
        action="instance.delegation_reprise",
        objet=delegation.siege.instance.cle,
        acteur=par.acteur,
        maintenant=maintenant,
        donnees={"delegation": delegation.pk, "siege": delegation.siege_id},
    )


def _check_personnes(siege: Siege, beneficiaire: Siege, par: Compte) -> None:
    if siege.titulaire_id != par.pk:
        raise DelegationRefusee("Seul le titulaire d’un siège délègue sa voix.")
    if beneficiaire.pk == siege.pk or beneficiaire.titulaire is None:
        raise DelegationRefusee("Choisissez un autre siège, tenu par une personne.")
    if beneficiaire.instance_id != siege.instance_id or beneficiaire.college != siege.college:
        raise DelegationRefusee(
            "Une voix ne se délègue que dans son collège et dans son instance.",
            "Choisissez un membre de votre collège.",
        )


def _check_periode(
    siege: Siege, beneficiaire: Siege, du: date, au: date, maintenant: datetime
) -> None:
    if au < du or au < timezone.localdate(maintenant) or (au - du).days > JOURS_MAX:
        raise DelegationRefusee(
            "Cette période ne convient pas.",
            "Elle finit après son début, pas dans le passé, et dure un an au plus.",
        )
    if not all(s.is_actif(du) and s.is_actif(au) for s in (siege, beneficiaire)):
        raise DelegationRefusee("L’un des deux sièges n’existe pas sur toute cette période.")


def _check_croisements(siege: Siege, beneficiaire: Siege, du: date, au: date) -> None:
    """Ni deux mandats pour une voix, ni mandat qui se transmet."""
    courantes = Delegation.objects.overlapping(du, au)
    donnee = courantes.filter(siege=siege).select_related("beneficiaire").order_by("pk").first()
    if donnee:
        raise DelegationRefusee(
            f"Cette voix est déjà confiée à {donnee.beneficiaire.organisation} sur cette période.",
            "Reprenez-la d’abord.",
        )
    if courantes.filter(siege=beneficiaire).exists():
        raise DelegationRefusee(
            f"{beneficiaire.organisation} a confié sa propre voix sur cette période.",
            "Une délégation ne se transmet pas : choisissez un autre membre.",
        )
    if courantes.filter(beneficiaire=siege).exists():
        raise DelegationRefusee(
            "Vous portez la voix d’un autre siège sur cette période : vous ne pouvez pas déléguer.",
            "Demandez-lui de reprendre sa voix d’abord.",
        )


def _answer_convocations(siege: Siege, du: date, au: date, maintenant: datetime) -> None:
    Convocation.objects.filter(
        siege=siege, reunion__etat=EtatReunion.CONVOQUEE, reunion__debut__date__range=(du, au)
    ).update(reponse=Reponse.REPRESENTE, repondu_le=maintenant)
