"""Formulaire d’une personne sur elle-même."""

from typing import Any

from django import forms

from socle.fondations.comptes.forms.champs import CourrielField
from socle.fondations.comptes.models import Compte


class CompteForm(forms.Form):
    """Ce qu’une personne dit d’elle, quand rien ne l’atteste."""

    prenom = forms.CharField(
        label="Prénom", max_length=150, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )  # fmt: skip
    nom = forms.CharField(
        label="Nom", max_length=150, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )  # fmt: skip
    telephone = forms.CharField(
        label="Téléphone", max_length=30, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )  # fmt: skip
    courriel_contact = CourrielField(label="Adresse où vous écrire", max_length=254, required=False)
    qualite = forms.CharField(
        label="Qualité", max_length=200, required=False,
        help_text="Par exemple « cheffe du service Éducation » : elle est sur vos décisions.",
    )  # fmt: skip

    def __init__(self, *args: Any, compte: Compte, atteste: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if atteste:
            del self.fields["prenom"], self.fields["nom"]
        if compte.is_agent or compte.courriel:
            del self.fields["courriel_contact"]
        if not compte.is_agent:
            del self.fields["qualite"]
        for nom in self.fields:
            self.initial.setdefault(nom, getattr(compte, nom))
