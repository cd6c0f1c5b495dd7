"""Formulaires de l’administration des agents, et d’arrivée d’un agent."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import list_services
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.forms.champs import AIDE_MOT_DE_PASSE, CourrielField, MotDePasseField
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.queries import find_agent


class RoleForm(forms.Form):
    """Donner un rôle à un agent, pour tous les services ou pour un seul."""

    role = forms.ChoiceField(
        label="Rôle", choices=[(r.value, r.label) for r in Role if r != Role.OPERATEUR]
    )
    service: Any = forms.ModelChoiceField(
        label="Service",
        help_text="Avec un service, l’agent ne trouve que les démarches et les dossiers de ce"
        " service.",
        queryset=None,
        required=False,
        empty_label="Tous les services",
    )

    def __init__(self, *args: Any, collectivite: Collectivite, **options: Any) -> None:
        super().__init__(*args, **options)
        self.collectivite = collectivite
        services: Any = self.fields["service"]
        services.queryset = list_services(collectivite)

    def clean(self) -> dict[str, Any]:
        """Refuse un service à un rôle qui regarde toute la collectivité."""
        lus = super().clean() or {}
        role = lus.get("role")
        if role and lus.get("service") and not Role(role).is_par_service:
            self.add_error(
                "service",
                "Ce rôle vaut pour toute la collectivité : choisissez « Tous les services ».",
            )
        return lus


class InvitationForm(RoleForm):
    """Inviter un agent : son adresse, son rôle, et le service s’il n’en voit qu’un."""

    courriel = CourrielField(label="Courriel professionnel", max_length=254)
    present: Compte | None = None
    field_order = ("courriel", "role", "service")

    def clean_courriel(self) -> str:
        """Un agent déjà là ne s’invite pas : un rôle de plus se donne sur sa page."""
        courriel: str = self.cleaned_data["courriel"]
        self.present = find_agent(self.collectivite, courriel)
        if self.present is not None:
            raise forms.ValidationError(
                f"{self.present.nom_affiche} est déjà agent ici. Donnez-lui un rôle sur sa page."
            )
        return courriel


class ArriveeForm(forms.Form):
    """Un agent invité crée son compte : le lien reçu a prouvé son adresse."""

    prenom = forms.CharField(
        label="Prénom", max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )  # fmt: skip
    nom = forms.CharField(
        label="Nom", max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )  # fmt: skip
    mot_de_passe = MotDePasseField(label="Mot de passe", neuf=True, help_text=AIDE_MOT_DE_PASSE)

    def clean_mot_de_passe(self) -> str:
        mot_de_passe: str = self.cleaned_data["mot_de_passe"]
        validate_password(mot_de_passe)
        return mot_de_passe
