"""Ce qu’une personne demande à recevoir."""

from typing import Any

from django import forms

from socle.fondations.referentiels.queries import Noms, list_choix_territoires
from socle.metiers.appels.enums import Cadence, Theme

TERRITOIRES_MAX = 20


class ChoixForm(forms.Form):
    """Thèmes et rythme."""

    themes = forms.MultipleChoiceField(
        label="Thèmes",
        help_text="Sans choix : tous.",
        choices=Theme.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    cadence = forms.ChoiceField(
        label="Rythme",
        choices=Cadence.choices,
        initial=Cadence.IMMEDIATE,
        widget=forms.RadioSelect,
        help_text="Un rappel part aussi, une fois, sept jours avant la clôture.",
    )


class AlerteForm(ChoixForm):
    field_order = ("courriel", "themes", "territoires", "cadence")
    courriel = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Nous vous écrivons une fois pour confirmer. Rien n’est gardé avant.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    territoires = forms.MultipleChoiceField(
        label="Territoires",
        help_text="Vingt au plus. Sans choix : toute la France. Un département reçoit aussi les"
        " appels de sa région.",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )

    def __init__(self, donnees: Any, noms: Noms) -> None:
        super().__init__(donnees)
        champ: Any = self.fields["territoires"]
        champ.choices = list_choix_territoires(noms)

    def clean_territoires(self) -> list[str]:
        choisis: list[str] = self.cleaned_data["territoires"]
        if len(choisis) > TERRITOIRES_MAX:
            raise forms.ValidationError("Choisissez vingt territoires au plus.")
        return choisis
