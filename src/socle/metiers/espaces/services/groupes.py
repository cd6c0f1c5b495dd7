"""Ouvrir un groupe, le régler, l’archiver ; y entrer, y changer de rôle, en partir."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from socle.fondations.commun.frequence import check_frequences
from socle.fondations.commun.verrou import check_empreinte, read_valeurs
from socle.fondations.comptes.models import Compte
from socle.fondations.journal.services import record
from socle.metiers.espaces.enums import (
    EtatEntree,
    EtatGroupe,
    EtatTache,
    RoleGroupe,
    SensEntree,
)
from socle.metiers.espaces.errors import (
    AdresseDejaPrise,
    DejaDemande,
    DejaMembre,
    DernierAnimateur,
    EntreeDejaTraitee,
    GroupeModifieAilleurs,
)
from socle.metiers.espaces.models import EntreeEnGroupe, GroupeDeTravail, MembreDeGroupe, Tache
from socle.metiers.espaces.queries.mots import build_mots
from socle.metiers.espaces.services.nouvelles import tell_animateurs, tell_invite

PAR_JOUR = 50  # invitations d’un même agent


@transaction.atomic
def create_groupe(
    *, slug: str, compte: Compte, organisation: str, maintenant: datetime, **fiche: Any
) -> GroupeDeTravail:
    """Ouvre un groupe ; qui l’ouvre l’anime.

    Raises:
        AdresseDejaPrise: rien n’est créé.
    """
    groupe = GroupeDeTravail(slug=slug, **fiche)
    groupe.mots = build_mots(groupe.nom, groupe.but)
    try:
        with transaction.atomic():
            groupe.save(force_insert=True)
    except IntegrityError as cause:
        raise AdresseDejaPrise from cause
    _record("groupe.cree", groupe, compte, maintenant)
    _add_membre(groupe, compte, organisation, RoleGroupe.ANIMATEUR, maintenant)
    return groupe


@transaction.atomic
def update_groupe(
    *,
    groupe: GroupeDeTravail,
    compte: Compte,
    maintenant: datetime,
    empreinte: str | None = None,
    **fiche: Any,
) -> None:
    """Change le nom, le but ou l’accès.

    Raises:
        GroupeModifieAilleurs: un autre animateur a enregistré depuis (`commun.verrou`).
    """
    groupe = lock_groupe(groupe)
    actuelles = read_valeurs(groupe, *fiche)
    if actuelles == fiche:
        return
    check_empreinte(actuelles, empreinte, GroupeModifieAilleurs)
    for champ, valeur in fiche.items():
        setattr(groupe, champ, valeur)
    groupe.mots = build_mots(groupe.nom, groupe.but)
    groupe.save()
    _record("groupe.modifie", groupe, compte, maintenant, acces=groupe.acces)


@transaction.atomic
def set_archive(
    *, groupe: GroupeDeTravail, archive: bool, compte: Compte, maintenant: datetime
) -> None:
    """Archive le groupe (on le lit encore) ou le rouvre."""
    groupe = lock_groupe(groupe)
    if groupe.is_archive == archive:
        return
    groupe.etat = EtatGroupe.ARCHIVE if archive else EtatGroupe.ACTIF
    groupe.save(update_fields=["etat", "modifie_le"])
    _record("groupe.archive" if archive else "groupe.rouvert", groupe, compte, maintenant)


# Entrer -------------------------------------------------------------------------------------------
@transaction.atomic
def invite_membre(
    *, groupe: GroupeDeTravail, courriel: str, compte: Compte, maintenant: datetime
) -> EntreeEnGroupe:
    """Invite une adresse : l’agent qui l’a fait vérifier pourra entrer.

    Raises:
        DejaMembre, DejaDemande, TropDeDemandes.
    """
    check_frequences(
        quoi="groupe.invitation", qui=str(compte.pk), limites=[(PAR_JOUR, timedelta(days=1))],
        maintenant=maintenant,
    )  # fmt: skip
    courriel = courriel.strip().lower()
    presents = MembreDeGroupe.objects.filter(groupe=groupe, sorti_le__isnull=True)
    if presents.filter(compte__courriel__iexact=courriel).exists():
        raise DejaMembre
    entree = _create_entree(
        EntreeEnGroupe(
            groupe=groupe, sens=SensEntree.INVITATION, courriel=courriel, faite_le=maintenant
        )
    )
    _record("groupe.invitation", groupe, compte, maintenant, entree=entree.pk)
    tell_invite(entree=entree, maintenant=maintenant)
    return entree


@transaction.atomic
def ask_entree(
    *,
    groupe: GroupeDeTravail,
    compte: Compte,
    organisation: str,
    message: str,
    maintenant: datetime,
) -> EntreeEnGroupe:
    """Demande à entrer ; un animateur répondra.

    Raises:
        DejaMembre, DejaDemande.
    """
    if MembreDeGroupe.objects.filter(groupe=groupe, compte=compte, sorti_le__isnull=True).exists():
        raise DejaMembre
    entree = _create_entree(
        EntreeEnGroupe(
            groupe=groupe,
            sens=SensEntree.DEMANDE,
            courriel=compte.courriel_envoi.lower(),
            compte=compte,
            organisation=organisation,
            message=message,
            faite_le=maintenant,
        )
    )
    _record("groupe.demande", groupe, compte, maintenant, entree=entree.pk)
    tell_animateurs(entree=entree, maintenant=maintenant)
    return entree


@transaction.atomic
def accept_invitation(
    *, entree: EntreeEnGroupe, compte: Compte, organisation: str, maintenant: datetime
) -> MembreDeGroupe:
    """L’agent invité entre. Son adresse vérifiée doit être celle de l’invitation.

    Raises:
        EntreeDejaTraitee: déjà répondue, ou adressée à quelqu’un d’autre.
    """
    entree = _lock_entree(entree)
    sienne = bool(compte.courriel) and compte.courriel.lower() == entree.courriel.lower()
    if entree.sens != SensEntree.INVITATION or not sienne:
        raise EntreeDejaTraitee
    _close(entree, EtatEntree.ACCEPTEE, maintenant)
    return _add_membre(entree.groupe, compte, organisation, RoleGroupe.MEMBRE, maintenant)


@transaction.atomic
def answer_demande(
    *, entree: EntreeEnGroupe, accepte: bool, compte: Compte, maintenant: datetime
) -> None:
    """Un animateur accepte ou refuse une demande ; refuser une invitation la reprend.

    Raises:
        EntreeDejaTraitee.
    """
    entree = _lock_entree(entree)
    if accepte and (entree.sens != SensEntree.DEMANDE or entree.compte is None):
        raise EntreeDejaTraitee
    _close(entree, EtatEntree.ACCEPTEE if accepte else EtatEntree.REFUSEE, maintenant)
    if accepte and entree.compte:
        _add_membre(
            entree.groupe, entree.compte, entree.organisation, RoleGroupe.MEMBRE, maintenant
        )
    else:
        _record("groupe.entree_refusee", entree.groupe, compte, maintenant, entree=entree.pk)


# Rôles et départs ---------------------------------------------------------------------------------
@transaction.atomic
def change_role(*, membre: MembreDeGroupe, role: str, compte: Compte, maintenant: datetime) -> None:
    """Change le rôle d’un membre.

    Raises:
        DernierAnimateur: le groupe n’aurait plus d’animateur.
    """
    groupe = lock_groupe(membre.groupe)
    membre = _lock_membre(membre)
    if membre.role == role:
        return
    if role != RoleGroupe.ANIMATEUR:
        _check_animateur(membre)
    membre.role = role
    membre.save(update_fields=["role", "modifie_le"])
    _record("groupe.role_change", groupe, compte, maintenant, membre=membre.pk, role=str(role))


@transaction.atomic
def end_membre(*, membre: MembreDeGroupe, compte: Compte, maintenant: datetime) -> int:
    """Fait sortir un membre, de lui-même ou par un animateur ; rend le nombre de tâches laissées.

    Ce qu’il a écrit reste sous le nom de son organisation ; ses tâches pas faites reviennent à
    l’animateur le plus ancien.

    Raises:
        DernierAnimateur: le groupe n’aurait plus d’animateur.
    """
    groupe = lock_groupe(membre.groupe)
    membre = _lock_membre(membre)
    if membre.sorti_le is not None:
        return 0
    _check_animateur(membre)
    restants = MembreDeGroupe.objects.filter(
        groupe=groupe, role=RoleGroupe.ANIMATEUR, sorti_le__isnull=True, compte__isnull=False
    )
    releve = restants.exclude(pk=membre.pk).order_by("entre_le", "pk").first()
    ouvertes = Tache.objects.filter(responsable=membre).exclude(etat=EtatTache.FAITE)
    laissees = ouvertes.update(responsable=releve)
    membre.sorti_le = maintenant
    membre.save(update_fields=["sorti_le", "modifie_le"])
    parti = membre.compte_id == compte.pk
    _record(
        "groupe.quitte" if parti else "groupe.membre_retire", groupe, compte, maintenant,
        membre=membre.pk, taches=laissees,
    )  # fmt: skip
    return laissees


def lock_groupe(groupe: GroupeDeTravail) -> GroupeDeTravail:
    """Tient le groupe : deux départs ne se croisent pas."""
    return GroupeDeTravail.objects.select_for_update(of=["self"]).get(pk=groupe.pk)


def _check_animateur(membre: MembreDeGroupe) -> None:
    if membre.role != RoleGroupe.ANIMATEUR:
        return
    autres = MembreDeGroupe.objects.filter(
        groupe=membre.groupe_id, role=RoleGroupe.ANIMATEUR, sorti_le__isnull=True,
        compte__isnull=False,
    ).exclude(pk=membre.pk)  # fmt: skip
    if not autres.exists():
        raise DernierAnimateur


def _add_membre(
    groupe: GroupeDeTravail,
    compte: Compte,
    organisation: str,
    role: RoleGroupe,
    maintenant: datetime,
) -> MembreDeGroupe:
    try:
        with transaction.atomic():
            membre = MembreDeGroupe.objects.create(
                groupe=groupe, compte=compte, organisation=organisation, role=role,
                entre_le=maintenant,
            )  # fmt: skip
    except IntegrityError as cause:
        raise DejaMembre from cause
    _record("groupe.membre_entre", groupe, compte, maintenant, membre=membre.pk)
    return membre


def _create_entree(entree: EntreeEnGroupe) -> EntreeEnGroupe:
    try:
        with transaction.atomic():
            entree.save(force_insert=True)
    except IntegrityError as cause:
        raise DejaDemande from cause
    return entree


def _close(entree: EntreeEnGroupe, etat: EtatEntree, maintenant: datetime) -> None:
    if entree.etat != EtatEntree.ATTENTE:
        raise EntreeDejaTraitee
    entree.etat, entree.close_le = etat, maintenant
    entree.save(update_fields=["etat", "close_le", "modifie_le"])


def _lock_entree(entree: EntreeEnGroupe) -> EntreeEnGroupe:
    tenue = EntreeEnGroupe.objects.select_for_update(of=["self"])
    return tenue.select_related("groupe", "compte").get(pk=entree.pk)


def _lock_membre(membre: MembreDeGroupe) -> MembreDeGroupe:
    return MembreDeGroupe.objects.select_for_update(of=["self"]).get(pk=membre.pk)


def _record(
    action: str, groupe: GroupeDeTravail, compte: Compte, maintenant: datetime, **donnees: object
) -> None:
    record(
        action=action,
        objet=groupe.cle,
        acteur=compte.acteur,
        collectivite_id=None,
        maintenant=maintenant,
        donnees=donnees,
    )
