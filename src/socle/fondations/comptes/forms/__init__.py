"""Formulaires des comptes : libellés français, aucune règle de composition, collage permis."""

from socle.fondations.comptes.forms.agents import ArriveeForm, InvitationForm, RoleForm
from socle.fondations.comptes.forms.champs import MotDePasseTropCourant
from socle.fondations.comptes.forms.compte import CompteForm
from socle.fondations.comptes.forms.locaux import (
    ChangementCourrielForm,
    ChangementMotDePasseForm,
    ChoixMotDePasseForm,
    ConfirmationForm,
    ConnexionForm,
    InscriptionForm,
    NouveauMotDePasseForm,
    OubliForm,
)

__all__ = [
    "ArriveeForm",
    "ChangementCourrielForm",
    "ChangementMotDePasseForm",
    "ChoixMotDePasseForm",
    "CompteForm",
    "ConfirmationForm",
    "ConnexionForm",
    "InscriptionForm",
    "InvitationForm",
    "MotDePasseTropCourant",
    "NouveauMotDePasseForm",
    "OubliForm",
    "RoleForm",
]
