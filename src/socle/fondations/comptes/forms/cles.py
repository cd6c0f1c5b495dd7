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


class ConnexionCleForm(_SansPanne, LoginWebAuthnForm):
    """Connexion par une clé, sans mot de passe."""


class SecondFacteurCleForm(_SansPanne, AuthenticateWebAuthnForm):
    """Clé présentée après le mot de passe."""


class ConfirmationCleForm(_SansPanne, ReauthenticateWebAuthnForm):
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
