"""Formulaires des clés de sécurité (passkeys). À part : fido2 ne se charge qu’avec eux."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms


class AjoutCleForm(AddWebAuthnForm):
    name = forms.CharField(label="Nom de la clé", max_length=100, required=False)
    passwordless = forms.BooleanField(
        label="M’en servir aussi à la place du mot de passe",
        required=False,
        help_text="L’appareil demandera votre empreinte, votre visage ou son code.",
    )


class NomCleForm(EditWebAuthnForm):
    name = forms.CharField(label="Nom de la clé", max_length=100)
