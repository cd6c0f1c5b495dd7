"""Formulaires du second facteur par code."""

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm

from socle.fondations.comptes.forms.champs import CodeField


class SecondFacteurForm(AuthenticateForm):
    code = CodeField(
        label="Code", help_text="Le code à six chiffres de l’application, ou un code de secours."
    )


class SecondFacteurConfirmationForm(ReauthenticateForm):
    code = CodeField(
        label="Code", help_text="Le code à six chiffres de l’application, ou un code de secours."
    )


class ActivationApplicationForm(ActivateTOTPForm):
    code = CodeField(label="Code affiché par l’application")
