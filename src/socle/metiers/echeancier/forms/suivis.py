"""Ce qu’un agent dit d’une échéance ; le réglage des rappels."""

from typing import Any

from django import forms

from socle.fondations.commun.verrou import FormulaireVerrouille
from socle.fondations.comptes.enums import Role
from socle.metiers.echeancier.enums import EtatSuivi
from socle.metiers.echeancier.queries.suivis import ReglageAlertes

ROLES = [(role.value, role.label) for role in Role if role != Role.OPERATEUR]
DELAI_MAX = 730
DELAIS_MAX = 8


class SuiviForm(FormulaireVerrouille):
    etat = forms.ChoiceField(
        label="Où en êtes-vous ?", choices=EtatSuivi.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Note",
        help_text="Visible des agents de votre collectivité. Pas de donnée personnelle.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        if valeurs.get("etat") == EtatSuivi.NON_CONCERNE and not valeurs.get("note"):
            self.add_error("note", "Dites pourquoi : un collègue se le demandera.")
        return valeurs


class AlertesForm(FormulaireVerrouille):
    delais = forms.CharField(
        label="Combien de jours avant",
        help_text="Des nombres séparés par une virgule, 730 au plus. Vide : aucun rappel.",
        required=False,
        max_length=60,
    )
    roles = forms.MultipleChoiceField(
        label="Qui est prévenu",
        choices=ROLES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chacun peut ensuite refuser les courriels dans « Mes messages ».",
    )

    def clean_delais(self) -> tuple[int, ...]:
        morceaux = [m.strip() for m in self.cleaned_data["delais"].split(",") if m.strip()]
        if not all(m.isascii() and m.isdigit() and 0 < int(m) <= DELAI_MAX for m in morceaux):
            raise forms.ValidationError(
                "Écrivez des nombres de jours entre 1 et 730, par exemple « 180, 90, 30, 7 »."
            )
        if len(morceaux) > DELAIS_MAX:
            raise forms.ValidationError("Huit rappels au plus.")
        return tuple(sorted({int(m) for m in morceaux}, reverse=True))

    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        if valeurs.get("delais") and not valeurs.get("roles"):
            self.add_error("roles", "Choisissez au moins un rôle, ou videz les délais.")
        return valeurs

    @property
    def reglage(self) -> ReglageAlertes:
        """Le réglage saisi."""
        return ReglageAlertes(self.cleaned_data["delais"], tuple(self.cleaned_data["roles"]))
