"""Formulaires des clés de sécurité (passkeys). À part : fido2 ne se charge qu’avec eux."""

import struct
from typing import Any

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from fido2.webauthn import AuthenticationResponse

from socle.fondations.comptes.errors import CleCopiee
from socle.fondations.comptes.services.cles import record_compteur

ILLISIBLE = (
    AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error, InvalidSignature,
)  # fmt: skip


class _SansPanne(forms.Form):
    """Une réponse de clé mal faite ou mal signée est un refus, jamais une panne.

    La lecture de la réponse lève selon la faute une erreur ou une autre, qu’allauth n’attrape pas
    toutes.
    """

    def clean_credential(self) -> Any:
        lire = getattr(super(), "clean_credential", lambda: self.cleaned_data["credential"])
        return _refuse_pannes(lire)

    def clean(self) -> Any:
        return _refuse_pannes(super().clean)


def _refuse_pannes(lire: Any) -> Any:
    try:
        return lire()
    except ValidationError:
        raise
    except ILLISIBLE as cause:
        raise ValidationError(
            "Cette clé n’a pas donné une bonne réponse. Essayez encore."
        ) from cause


class _Presentation(_SansPanne):
    """Une clé présentée : sa signature, puis son compteur, qui ne recule jamais."""

    copiee = ""  # ce que la page dit d’une clé peut-être copiée

    def clean_credential(self) -> Any:
        presentee = self.cleaned_data["credential"]
        cle = super().clean_credential()
        lue = AuthenticationResponse.from_dict(presentee)
        try:
            record_compteur(cle=cle, compteur=lue.response.authenticator_data.counter)
        except CleCopiee as refus:
            self.copiee = str(refus)
            raise ValidationError(self.copiee) from refus
        return cle


class ConnexionCleForm(_Presentation, LoginWebAuthnForm):
    """Connexion par une clé, sans mot de passe."""


class SecondFacteurCleForm(_Presentation, AuthenticateWebAuthnForm):
    """Clé présentée après le mot de passe."""


class ConfirmationCleForm(_Presentation, ReauthenticateWebAuthnForm):
    """Clé présentée avant un geste délicat."""


class AjoutCleForm(_SansPanne, AddWebAuthnForm):
    name = forms.CharField(label="Nom de la clé", max_length=100, required=False)
    passwordless = forms.BooleanField(
        label="M’en servir aussi à la place du mot de passe",
        required=False,
        help_text="L’appareil demandera votre empreinte, votre visage ou son code.",
    )


class NomCleForm(EditWebAuthnForm):
    name = forms.CharField(label="Nom de la clé", max_length=100)
