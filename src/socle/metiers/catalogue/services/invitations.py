"""Inviter une personne à représenter un éditeur, même si ce n’est pas un agent public.

Une entreprise privée n’entre pas par ProConnect : le lien reçu prouve l’adresse, la personne
choisit un mot de passe, et le second facteur lui est demandé avant toute autre page.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.services.locaux import create_compte_local
from socle.metiers.catalogue.errors import InvitationPerimee
from socle.metiers.catalogue.models import Editeur, InvitationEditeur, Representant
from socle.metiers.catalogue.services.courrier import send_invitation
from socle.metiers.catalogue.services.editeurs import add_representant, register_representant
from socle.metiers.catalogue.services.suivi import record_action

DUREE = timedelta(days=7)
GARDE = timedelta(days=30)  # après la fin du lien


@transaction.atomic
def invite_representant(
    *, editeur: Editeur, courriel: str, agent: Compte, maintenant: datetime
) -> Representant | InvitationEditeur:
    """Inscrit tout de suite un agent connu ; sinon envoie un lien personnel à cette adresse.

    Un lien plus ancien pour cette adresse est annulé.
    """
    courriel = courriel.strip().lower()
    if has_compte(courriel):
        return add_representant(
            editeur=editeur, courriel=courriel, agent=agent, maintenant=maintenant
        )
    InvitationEditeur.objects.filter(
        editeur=editeur, courriel=courriel, acceptee_le=None, annulee_le=None
    ).update(annulee_le=maintenant)
    jeton = secrets.token_urlsafe(32)
    invitation = InvitationEditeur.objects.create(
        editeur=editeur, courriel=courriel, empreinte=_compute_empreinte(jeton),
        envoyee_le=maintenant, expire_le=maintenant + DUREE, envoyee_par=agent,
    )  # fmt: skip
    send_invitation(courriel=courriel, editeur=editeur.nom, jeton=jeton, maintenant=maintenant)
    record_action("editeur.invite", objet=editeur.cle, acteur=agent.acteur, maintenant=maintenant,
                  donnees={"invitation": invitation.pk})  # fmt: skip
    return invitation


def has_compte(courriel: str) -> bool:
    """Vrai si un agent actif a cette adresse."""
    agents = Compte.objects.filter(genre=GenreCompte.AGENT, is_active=True)
    return agents.filter(courriel__iexact=courriel).exists()


def find_invitation(jeton: str, maintenant: datetime) -> InvitationEditeur:
    """Rend l’invitation d’un lien qui peut encore servir.

    Raises:
        InvitationPerimee.
    """
    trouvee = (
        InvitationEditeur.objects.select_related("editeur")
        .filter(empreinte=_compute_empreinte(jeton))
        .first()
    )
    if trouvee is None or not _is_ouverte(trouvee, maintenant):
        raise InvitationPerimee
    return trouvee


@transaction.atomic
def accept_invitation(
    *, invitation: InvitationEditeur, compte: Compte, maintenant: datetime
) -> Representant:
    """Fait de cette personne un représentant ; le lien ne sert qu’une fois.

    Raises:
        InvitationPerimee: employée, annulée ou trop vieille, ou compte d’usager.
    """
    verrou = InvitationEditeur.objects.select_for_update(of=("self",)).select_related("editeur")
    ouverte = verrou.get(pk=invitation.pk)
    if not compte.is_agent or not _is_ouverte(ouverte, maintenant):
        raise InvitationPerimee
    ouverte.acceptee_le = maintenant
    ouverte.save(update_fields=["acceptee_le", "modifie_le"])
    return register_representant(
        editeur=ouverte.editeur, compte=compte, par=compte, maintenant=maintenant
    )


@transaction.atomic
def open_compte(
    *, invitation: InvitationEditeur, prenom: str, nom: str, mot_de_passe: str, maintenant: datetime
) -> Compte:
    """Crée le compte local de la personne invitée, puis accepte l’invitation.

    Raises:
        InvitationPerimee. CourrielDejaPris: un compte a été ouvert entre-temps.
    """
    compte = create_compte_local(
        genre=GenreCompte.AGENT, courriel=invitation.courriel, mot_de_passe=mot_de_passe,
        prenom=prenom, nom=nom, verifie=True, maintenant=maintenant,
    )  # fmt: skip
    accept_invitation(invitation=invitation, compte=compte, maintenant=maintenant)
    return compte


@transaction.atomic
def cancel_invitation(
    *, invitation: InvitationEditeur, agent: Compte, maintenant: datetime
) -> None:
    """Annule un lien sans réponse ; sans effet sur un lien déjà employé."""
    ouvertes = InvitationEditeur.objects.filter(pk=invitation.pk, acceptee_le=None, annulee_le=None)
    if ouvertes.update(annulee_le=maintenant):
        record_action("editeur.invitation_annulee", objet=invitation.editeur.cle,
                      acteur=agent.acteur, maintenant=maintenant,
                      donnees={"invitation": invitation.pk})  # fmt: skip


def purge_invitations(*, maintenant: datetime) -> int:
    """Efface les adresses invitées un mois après la fin du lien ; rend leur nombre. Rejouable."""
    finies = InvitationEditeur.objects.filter(expire_le__lt=maintenant - GARDE)
    return finies.delete()[0]


def _is_ouverte(invitation: InvitationEditeur, maintenant: datetime) -> bool:
    finie = invitation.acceptee_le or invitation.annulee_le
    return not finie and maintenant < invitation.expire_le


def _compute_empreinte(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()
