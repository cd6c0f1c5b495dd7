"""Agents d’une collectivité : inviter, donner et ôter des rôles, retirer."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from socle.fondations.collectivites.models import Collectivite, Service
from socle.fondations.comptes.enums import GenreCompte, Role
from socle.fondations.comptes.errors import DernierAdministrateur, InvitationInvalide
from socle.fondations.comptes.models import Adhesion, Compte, Invitation, MembreOperateur
from socle.fondations.comptes.services.sessions import end_sessions
from socle.fondations.comptes.signals import agent_retire
from socle.fondations.journal.services import record

DUREE_INVITATION = timedelta(hours=48)


def create_agent(
    *, courriel: str, mot_de_passe: str | None, maintenant: datetime, prenom: str = "",
    nom: str = "", qualite: str = "",
) -> Compte:  # fmt: skip
    """Crée un compte d’agent dont l’adresse est déjà prouvée (commande, démonstration)."""
    return Compte.objects.create_compte(
        genre=GenreCompte.AGENT,
        courriel=courriel,
        password=mot_de_passe,
        prenom=prenom,
        nom=nom,
        qualite=qualite,
        courriel_verifie_le=maintenant,
    )


def create_operateur(*, compte: Compte, maintenant: datetime) -> MembreOperateur:
    """Fait d’un agent un membre de l’opérateur."""
    membre, neuf = MembreOperateur.objects.get_or_create(compte=compte)
    if neuf:
        record(
            action="operateur.membre_ajoute",
            objet=f"compte:{compte.pk}",
            acteur="systeme",
            collectivite_id=None,
            maintenant=maintenant,
        )
    return membre


@transaction.atomic
def invite_agent(
    *,
    collectivite: Collectivite,
    courriel: str,
    role: Role,
    par: Compte | None,
    maintenant: datetime,
    service: Service | None = None,
) -> tuple[Invitation, str]:
    """Invite un agent ; rend l’invitation et son jeton, qui n’est gardé nulle part.

    Une invitation plus ancienne à la même adresse et au même rôle est annulée.
    """
    jeton = secrets.token_urlsafe(32)
    Invitation.objects.filter(
        collectivite=collectivite, courriel=courriel.lower(), role=role, service=service,
        acceptee_le=None, annulee_le=None,
    ).update(annulee_le=maintenant)  # fmt: skip
    invitation = Invitation.objects.create(
        collectivite=collectivite,
        courriel=courriel.lower(),
        role=role,
        service=service,
        empreinte=compute_empreinte(jeton),
        envoyee_le=maintenant,
        expire_le=maintenant + DUREE_INVITATION,
        envoyee_par=par,
    )
    _record("agent.invite", f"invitation:{invitation.pk}", par, collectivite, maintenant, role=role)
    return invitation, jeton


def find_invitation(*, collectivite: Collectivite, jeton: str, maintenant: datetime) -> Invitation:
    """Retrouve une invitation qui peut encore servir.

    Raises:
        InvitationInvalide: jeton faux, invitation employée, annulée ou expirée.
    """
    invitation = Invitation.objects.filter(
        collectivite=collectivite, empreinte=compute_empreinte(jeton)
    ).first()
    if invitation is None or not _is_ouverte(invitation, maintenant):
        raise InvitationInvalide
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, compte: Compte, maintenant: datetime) -> Adhesion:
    """Donne à l’agent le rôle promis ; l’invitation ne sert qu’une fois.

    Raises:
        InvitationInvalide: employée, annulée ou expirée entre-temps, ou compte d’usager.
    """
    invitation = (
        Invitation.objects.select_for_update(of=["self"])
        .select_related("collectivite", "service")
        .get(pk=invitation.pk)
    )
    if not compte.is_agent or not _is_ouverte(invitation, maintenant):
        raise InvitationInvalide
    invitation.acceptee_le, invitation.acceptee_par = maintenant, compte
    invitation.save(update_fields=["acceptee_le", "acceptee_par", "modifie_le"])
    return add_role(
        collectivite=invitation.collectivite,
        compte=compte,
        role=Role(invitation.role),
        service=invitation.service,
        par=compte,
        maintenant=maintenant,
    )


@transaction.atomic
def cancel_invitation(*, invitation: Invitation, par: Compte, maintenant: datetime) -> None:
    """Annule une invitation sans réponse ; sans effet sur une invitation déjà employée."""
    annulees = Invitation.objects.filter(
        pk=invitation.pk, acceptee_le=None, annulee_le=None
    ).update(annulee_le=maintenant)
    if annulees:
        objet = f"invitation:{invitation.pk}"
        _record("agent.invitation_annulee", objet, par, invitation.collectivite, maintenant)


@transaction.atomic
def add_role(
    *,
    collectivite: Collectivite,
    compte: Compte,
    role: Role,
    par: Compte | None,
    maintenant: datetime,
    service: Service | None = None,
) -> Adhesion:
    """Donne un rôle à un agent, pour un service ou pour tous ; sans effet s’il l’a déjà."""
    adhesion, neuve = Adhesion.objects.get_or_create(
        collectivite=collectivite, compte=compte, role=role, service=service
    )
    if neuve:
        objet = f"compte:{compte.pk}"
        plus = {"service": str(service.pk)} if service else {}
        _record("agent.role_donne", objet, par, collectivite, maintenant, role=role, **plus)
        compte.__dict__.pop("_roles", None)
    return adhesion


@transaction.atomic
def remove_role(*, adhesion: Adhesion, par: Compte, maintenant: datetime) -> None:
    """Ôte un rôle. Le dernier administrateur reste.

    Raises:
        DernierAdministrateur: plus personne n’administrerait la collectivité.
    """
    _keep_administrateur(adhesion.collectivite, [adhesion.pk])
    objet = f"compte:{adhesion.compte_id}"
    _record("agent.role_ote", objet, par, adhesion.collectivite, maintenant, role=adhesion.role)
    adhesion.delete()


@transaction.atomic
def remove_agent(
    *, collectivite: Collectivite, compte: Compte, par: Compte, maintenant: datetime
) -> None:
    """Retire un agent de la collectivité : tous ses rôles, et ses sessions tout de suite.

    Ce qu’il a fait reste à son nom. Son compte reste s’il travaille ailleurs.

    Raises:
        DernierAdministrateur: plus personne n’administrerait la collectivité.
    """
    adhesions = Adhesion.objects.filter(collectivite=collectivite, compte=compte)
    _keep_administrateur(collectivite, list(adhesions.values_list("pk", flat=True).order_by("pk")))
    adhesions.delete()
    end_sessions(compte)
    _record("agent.retire", f"compte:{compte.pk}", par, collectivite, maintenant)
    agent_retire.send(Compte, compte=compte, collectivite=collectivite)


def compute_empreinte(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


def _is_ouverte(invitation: Invitation, maintenant: datetime) -> bool:
    employee = invitation.acceptee_le or invitation.annulee_le
    return not employee and maintenant < invitation.expire_le


def _keep_administrateur(collectivite: Collectivite, otees: list[int]) -> None:
    """Verrouille les administrateurs : deux retraits croisés n’en laissent pas zéro.

    Celui d’un seul service ne compte pas : il n’ouvre ni les réglages ni cette page.
    """
    administrateurs = list(
        Adhesion.objects.select_for_update(of=["self"])
        .filter(
            collectivite=collectivite, role=Role.ADMINISTRATEUR, service=None,
            compte__is_active=True,
        )
        .order_by("pk")
    )  # fmt: skip
    otes = [adhesion for adhesion in administrateurs if adhesion.pk in otees]
    if otes and len(otes) == len(administrateurs):
        raise DernierAdministrateur


def _record(
    action: str,
    objet: str,
    par: Compte | None,
    collectivite: Collectivite,
    maintenant: datetime,
    **donnees: str,
) -> None:
    record(
        action=action,
        objet=objet,
        acteur=par.acteur if par else "systeme",
        collectivite_id=collectivite.pk,
        maintenant=maintenant,
        donnees={nom: str(valeur) for nom, valeur in donnees.items()},
    )
