"""Écritures des comptes : fournisseurs, connexions attestées, comptes locaux, agents, sessions."""

from socle.fondations.comptes.services.agents import (
    accept_invitation,
    add_role,
    cancel_invitation,
    create_agent,
    create_operateur,
    invite_agent,
    remove_agent,
    remove_role,
)
from socle.fondations.comptes.services.connexion import (
    associate_identite,
    dissociate_identite,
    open_identite,
)
from socle.fondations.comptes.services.fournisseurs import (
    build_fournisseur,
    create_fournisseur,
    disable_fournisseur,
    rotate_cles_chiffrement,
)
from socle.fondations.comptes.services.locaux import confirm_courriel, create_compte_local
from socle.fondations.comptes.services.programme import (
    add_membre_programme,
    remove_membre_programme,
)
from socle.fondations.comptes.services.rattachements import (
    accept_rattachement,
    refuse_rattachement,
)
from socle.fondations.comptes.services.sessions import end_session, end_sessions, list_sessions

__all__ = [
    "accept_invitation",
    "accept_rattachement",
    "add_membre_programme",
    "add_role",
    "associate_identite",
    "build_fournisseur",
    "cancel_invitation",
    "confirm_courriel",
    "create_agent",
    "create_compte_local",
    "create_fournisseur",
    "create_operateur",
    "disable_fournisseur",
    "dissociate_identite",
    "end_session",
    "end_sessions",
    "invite_agent",
    "list_sessions",
    "open_identite",
    "refuse_rattachement",
    "remove_agent",
    "remove_membre_programme",
    "remove_role",
    "rotate_cles_chiffrement",
]
