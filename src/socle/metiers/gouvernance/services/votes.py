"""Voter, en ligne ou en séance ; constater l’accord d’un collège, puis la décision."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from socle.fondations.comptes.models import Compte
from socle.metiers.gouvernance.enums import (
    DECIDEURS,
    ATitre,
    Canal,
    EtatDecision,
    EtatReunion,
    Presence,
    Resultat,
    Sens,
)
from socle.metiers.gouvernance.errors import (
    DecisionFermee,
    SaisieRefusee,
    TexteChange,
    VoteDejaExprime,
    VoteRefuse,
)
from socle.metiers.gouvernance.models import (
    Convocation,
    Decision,
    Delegation,
    Siege,
    Validation,
    VersionDeDecision,
    Vote,
)
from socle.metiers.gouvernance.permissions import can_vote_here, find_titre
from socle.metiers.gouvernance.queries.sieges import map_delegations
from socle.metiers.gouvernance.queries.votes import Depouillement, count_votes
from socle.metiers.gouvernance.services.decisions import get_version, lock_decision
from socle.metiers.gouvernance.services.effets import announce_decision, follow_decision
from socle.metiers.gouvernance.services.instances import lock_siege
from socle.metiers.gouvernance.services.trace import record_action


@transaction.atomic
def cast_vote(
    *,
    decision: Decision,
    siege: Siege,
    compte: Compte,
    sens: Sens,
    empreinte: str,
    maintenant: datetime,
) -> Decision:
    """Exprime la voix d’un siège en ligne ; peut être changée tant que le collège n’a pas conclu.

    Args:
        empreinte: celle du texte que la personne a lu.

    Raises:
        TexteChange: le texte soumis n’est plus celui-là.
        VoteDejaExprime: une autre personne, qui en a le droit, a déjà voté pour ce siège.
        VoteRefuse, DecisionFermee.
    """
    decision = lock_decision(decision.numero)
    version = _check_vote_ouvert(decision, maintenant)
    if version.empreinte != empreinte:
        raise TexteChange
    siege = lock_siege(siege.pk)
    jour = timezone.localdate(maintenant)
    _check_siege(decision, version, siege, maintenant)
    delegation = map_delegations([siege], jour).get(siege.pk)
    titre = find_titre(siege, compte, delegation)
    if titre is None:
        _explain_refus(siege, compte, delegation)
        raise VoteRefuse
    _check_double(version, siege, compte, delegation)
    _write_vote(version, siege, compte, sens, titre, Canal.EN_LIGNE, compte.acteur, maintenant)
    return _settle(decision, version, clos=False, maintenant=maintenant)


@transaction.atomic
def record_seance(
    *,
    decision: Decision,
    voix: Mapping[int, Sens],
    acteur: str,
    maintenant: datetime,
) -> Decision:
    """Note les voix exprimées en séance : siège → sens. Les sièges doivent y être notés présents.

    `acteur` est la personne qui tient le secrétariat.

    Un siège représenté vote par la personne à qui sa voix est confiée. Qui a voté en ligne ne
    revote pas ici.

    Raises:
        SaisieRefusee: pas de réunion, réunion pas commencée, siège absent.
        VoteDejaExprime, VoteRefuse, DecisionFermee.
    """
    decision = lock_decision(decision.numero)
    version = _check_vote_ouvert(decision, maintenant, en_seance=True)
    jour = timezone.localdate(decision.reunion.debut)  # type: ignore[union-attr]
    lignes = Convocation.objects.filter(reunion=decision.reunion, siege__in=list(voix))
    convocations = {ligne.siege_id: ligne for ligne in lignes.order_by("pk")}
    for pk in sorted(voix):
        siege = lock_siege(pk)
        _check_siege(decision, version, siege, maintenant)
        delegation = map_delegations([siege], jour).get(pk)
        votant, titre = _find_votant(siege, convocations.get(pk), delegation)
        deja = Vote.objects.filter(version=version, siege=siege, canal=Canal.EN_LIGNE)
        if deja.exists():
            raise VoteDejaExprime(f"{siege.organisation} a déjà voté en ligne.")
        _write_vote(version, siege, votant, voix[pk], titre, Canal.EN_SEANCE, acteur, maintenant)
    return _settle(decision, version, clos=False, maintenant=maintenant)


@transaction.atomic
def close_vote(*, decision: Decision, acteur: str, maintenant: datetime) -> Decision:
    """Clôt le vote : chaque collège conclut sur les voix exprimées. Sans quorum, rien n’est décidé.

    Raises:
        DecisionFermee: le vote n’est pas ouvert.
    """
    decision = lock_decision(decision.numero)
    if decision.etat != EtatDecision.EN_VALIDATION:
        raise DecisionFermee
    version = get_version(decision)
    decision = _settle(decision, version, clos=True, maintenant=maintenant)
    if decision.etat == EtatDecision.EN_VALIDATION:
        decision.etat = EtatDecision.SANS_QUORUM
        decision.save(update_fields=["etat", "modifie_le"])
        record_action(
            action="decision.quorum_manque",
            objet=decision.cle,
            acteur=acteur,
            maintenant=maintenant,
            donnees={"version": version.rang, "sha256": version.empreinte},
        )
    return decision


def close_votes_echus(*, maintenant: datetime) -> int:
    """Clôt les votes dont la date est passée ; rend leur nombre. Rejouable."""
    numeros = Decision.objects.filter(
        etat=EtatDecision.EN_VALIDATION, cloture_le__lte=maintenant
    ).order_by("cloture_le")
    faits = 0
    for numero in list(numeros.values_list("numero", flat=True)[:200]):
        with transaction.atomic():
            decision = lock_decision(numero)
            cloture = decision.cloture_le
            ouverte = decision.etat == EtatDecision.EN_VALIDATION
            if ouverte and cloture is not None and cloture <= maintenant:
                close_vote(decision=decision, acteur="systeme", maintenant=maintenant)
                faits += 1
    return faits


def _check_vote_ouvert(
    decision: Decision, maintenant: datetime, *, en_seance: bool = False
) -> VersionDeDecision:
    if decision.etat != EtatDecision.EN_VALIDATION:
        raise DecisionFermee("Le vote n’est pas ouvert sur cette décision.", "Rechargez la page.")
    if en_seance:
        reunion = decision.reunion
        if reunion is None or reunion.etat == EtatReunion.ANNULEE or reunion.debut > maintenant:
            raise SaisieRefusee(
                "Les voix se notent pendant ou après la réunion où la décision est inscrite."
            )
    elif decision.cloture_le is None or decision.cloture_le <= maintenant:
        raise DecisionFermee(
            "Le vote en ligne est clos sur cette décision."
            if decision.cloture_le
            else "Cette décision se prend en séance, pas en ligne.",
            "L’équipe du programme peut le prolonger.",
        )
    return get_version(decision)


def _check_siege(
    decision: Decision, version: VersionDeDecision, siege: Siege, maintenant: datetime
) -> None:
    if siege.instance_id != decision.instance_id:
        raise VoteRefuse("Ce siège n’est pas dans l’instance qui décide.")
    if not can_vote_here(siege, timezone.localdate(maintenant)):
        raise VoteRefuse(
            "Ce siège ne vote pas.",
            "Seuls votent les sièges pourvus du collège de l’État et de celui des collectivités.",
        )
    if Validation.objects.filter(version=version, college=siege.college).exists():
        raise VoteRefuse("Votre collège a déjà conclu sur ce texte.", "Les voix ne changent plus.")


def _explain_refus(siege: Siege, compte: Compte, delegation: Delegation | None) -> None:
    """Le conflit se dit : un titulaire qui a délégué sait à qui, et jusqu’à quand."""
    if delegation is not None and compte.pk in (siege.titulaire_id, siege.suppleant_id):
        raise VoteRefuse(
            f"La voix de ce siège est confiée à {delegation.beneficiaire.organisation}"
            f" jusqu’au {delegation.au:%d/%m/%Y}.",
            "Le titulaire peut la reprendre dans « Mes délégations », puis voter.",
        )


def _check_double(
    version: VersionDeDecision, siege: Siege, compte: Compte, delegation: Delegation | None
) -> None:
    """Refuse qu’une autre personne revote pour le siège quand la première en a le droit."""
    deja = Vote.objects.filter(version=version, siege=siege).select_related("compte").first()
    if deja is None or deja.compte_id == compte.pk:
        return
    if deja.canal == Canal.EN_SEANCE or find_titre(siege, deja.compte, delegation) is not None:
        raise VoteDejaExprime(
            f"{deja.compte.nom_affiche} a déjà voté pour {siege.organisation}, par"
            f" {ATitre(deja.a_titre).label if deja.a_titre != ATitre.TITULAIRE else 'son siège'}.",
            "Un siège n’a qu’une voix : voyez ensemble si elle doit changer.",
        )


def _find_votant(
    siege: Siege, convocation: Convocation | None, delegation: Delegation | None
) -> tuple[Compte, ATitre]:
    """Qui porte la voix d’un siège en séance."""
    presence = convocation.presence if convocation else Presence.ABSENT
    if presence == Presence.REPRESENTE and delegation is not None:
        return delegation.beneficiaire.titulaire, ATitre.DELEGATION  # type: ignore[return-value]
    if presence == Presence.PRESENT and delegation is None and siege.titulaire is not None:
        return siege.titulaire, ATitre.TITULAIRE
    raise SaisieRefusee(
        f"{siege.organisation} n’est noté ni présent ni représenté à cette réunion.",
        "Notez d’abord les présences.",
    )


def _write_vote(
    version: VersionDeDecision,
    siege: Siege,
    compte: Compte,
    sens: Sens,
    titre: ATitre,
    canal: Canal,
    acteur: str,
    maintenant: datetime,
) -> None:
    Vote.objects.update_or_create(
        version=version,
        siege=siege,
        defaults={
            "sens": sens,
            "compte": compte,
            "a_titre": titre,
            "canal": canal,
            "vote_le": maintenant,
        },
    )
    record_action(
        action="decision.vote",
        objet=version.decision.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={
            "version": version.rang,
            "sha256": version.empreinte,
            "siege": siege.pk,
            "college": str(siege.college),
            "sens": str(sens),
            "votant": compte.acteur,
            "a_titre": str(titre),
            "canal": str(canal),
        },
    )


def _settle(
    decision: Decision, version: VersionDeDecision, *, clos: bool, maintenant: datetime
) -> Decision:
    """Constate ce que chaque collège a conclu, puis ce qui s’ensuit pour la décision."""
    faites = Validation.objects.filter(version=version).order_by("pk")
    resultats = dict(faites.values_list("college", "resultat"))
    comptes = count_votes(version, timezone.localdate(maintenant))
    for college in DECIDEURS:
        if college in resultats:
            continue
        resultat = comptes[college].conclude(clos=clos)
        if resultat is not None:
            _validate(version, comptes[college], resultat, maintenant)
            resultats[college] = resultat
    if Resultat.REFUSEE in resultats.values():
        return _refuse(decision, version, maintenant)
    if [resultats.get(college) for college in DECIDEURS] == [Resultat.VALIDEE, Resultat.VALIDEE]:
        return _take(decision, version, maintenant)
    return decision


def _validate(
    version: VersionDeDecision, compte: Depouillement, resultat: Resultat, maintenant: datetime
) -> None:
    Validation.objects.create(
        version=version,
        college=compte.college,
        resultat=resultat,
        empreinte=version.empreinte,
        sieges=compte.sieges,
        presents=compte.presents,
        pour=compte.pour,
        contre=compte.contre,
        abstentions=compte.abstentions,
        canal=compte.canal,
        validee_le=maintenant,
    )
    valide = resultat == Resultat.VALIDEE
    record_action(
        action="decision.college_valide" if valide else "decision.college_refuse",
        objet=version.decision.cle,
        acteur="systeme",
        maintenant=maintenant,
        donnees={
            "version": version.rang,
            "sha256": version.empreinte,
            "college": str(compte.college),
            "sieges": compte.sieges,
            "presents": compte.presents,
            "pour": compte.pour,
            "contre": compte.contre,
            "abstentions": compte.abstentions,
            "regle": str(compte.regle),
            "quorum": compte.quorum,
        },
    )


def _take(decision: Decision, version: VersionDeDecision, maintenant: datetime) -> Decision:
    decision.etat, decision.prise_le = EtatDecision.PRISE, maintenant
    decision.save(update_fields=["etat", "prise_le", "modifie_le"])
    record_action(
        action="decision.prise",
        objet=decision.cle,
        acteur="systeme",
        maintenant=maintenant,
        donnees={"version": version.rang, "sha256": version.empreinte},
    )
    follow_decision(decision, maintenant=maintenant)
    announce_decision(decision, maintenant=maintenant)
    return decision


def _refuse(decision: Decision, version: VersionDeDecision, maintenant: datetime) -> Decision:
    decision.etat, decision.finie_le = EtatDecision.REFUSEE, maintenant
    decision.save(update_fields=["etat", "finie_le", "modifie_le"])
    record_action(
        action="decision.refusee",
        objet=decision.cle,
        acteur="systeme",
        maintenant=maintenant,
        donnees={"version": version.rang, "sha256": version.empreinte},
    )
    follow_decision(decision, maintenant=maintenant)
    return decision
