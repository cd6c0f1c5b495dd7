"""Formulaires des comptes locaux : une réponse ne dit jamais si une adresse est connue."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    SignupForm,
)
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.forms.champs import AIDE_MOT_DE_PASSE, CourrielField, MotDePasseField
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.queries import find_compte
from socle.fondations.comptes.services.locaux import create_compte_local


class ConnexionForm(LoginForm):
    """Courriel et mot de passe."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = CourrielField(max_length=254)
        self.fields["password"] = MotDePasseField(label="Mot de passe")
        self.order_fields(["login", "password"])


class InscriptionForm(SignupForm):
    """Inscription d’un usager. La réponse est la même que l’adresse soit connue ou non."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"] = CourrielField(
            max_length=254, help_text="Nous y enverrons un lien pour confirmer votre inscription."
        )
        self.fields["password1"] = MotDePasseField(
            label="Mot de passe", neuf=True, help_text=AIDE_MOT_DE_PASSE
        )
        self.order_fields(["email", "password1"])

    def validate_unique_email(self, value: str) -> str:
        self.account_already_exists = find_compte(GenreCompte.USAGER, value) is not None
        return value

    def try_save(self, request: HttpRequest) -> Any:
        """Une adresse connue coûte le même calcul qu’une adresse neuve : la durée ne dit rien."""
        if self.account_already_exists:
            Compte().set_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def save(self, request: HttpRequest) -> Compte:
        return create_compte_local(
            genre=GenreCompte.USAGER,
            courriel=self.cleaned_data["email"],
            mot_de_passe=self.cleaned_data["password1"],
            maintenant=timezone.now(),
        )


class OubliForm(ResetPasswordForm):
    """Demande d’un lien pour choisir un nouveau mot de passe, sous le genre de la page."""

    email = CourrielField(max_length=254)

    def __init__(self, *args: Any, genre: GenreCompte = GenreCompte.USAGER, **options: Any) -> None:
        super().__init__(*args, **options)
        self.genre = genre

    def clean_email(self) -> str:
        courriel: str = self.cleaned_data["email"]
        compte = find_compte(self.genre, courriel)
        self.users = [compte] if compte is not None and compte.is_active else []
        return courriel


class _DeuxFoisInutile(forms.Form):
    """Un seul champ : le mot de passe se colle, et un oubli se répare par courriel."""

    user: Any = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.pop("password2", None)
        self.fields["password1"] = MotDePasseField(
            label="Nouveau mot de passe", neuf=True, help_text=AIDE_MOT_DE_PASSE
        )

    def clean_password1(self) -> str:
        mot_de_passe: str = self.cleaned_data["password1"]
        validate_password(mot_de_passe, self.user)
        return mot_de_passe


class NouveauMotDePasseForm(_DeuxFoisInutile, ResetPasswordKeyForm):
    """Choix d’un mot de passe après un oubli."""


class ChoixMotDePasseForm(_DeuxFoisInutile, SetPasswordForm):
    """Premier mot de passe d’un compte qui n’en a pas."""


class ChangementMotDePasseForm(_DeuxFoisInutile, ChangePasswordForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["oldpassword"] = MotDePasseField(label="Mot de passe actuel")
        self.order_fields(["oldpassword", "password1"])


class ConfirmationForm(ReauthenticateForm):
    """Confirme que c’est bien vous avant un geste délicat."""

    password = MotDePasseField(label="Mot de passe")


class ChangementCourrielForm(forms.Form):
    """Nouvelle adresse : elle ne remplace l’ancienne qu’une fois confirmée."""

    email = CourrielField(
        label="Nouvelle adresse",
        max_length=254,
        help_text="Nous y enverrons un lien. L’adresse actuelle sert tant qu’il n’est pas ouvert.",
    )

    def __init__(self, *args: Any, compte: Compte, **options: Any) -> None:
        super().__init__(*args, **options)
        self.compte = compte

    def clean_email(self) -> str:
        courriel: str = self.cleaned_data["email"]
        if courriel == self.compte.courriel:
            raise ValidationError("C’est déjà votre adresse.")
        return courriel
