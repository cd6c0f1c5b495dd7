from django import forms

from socle.metiers.demarches.enums import EvenementDeVie


class RechercheDemarches(forms.Form):
    """Recherche du portail, lisible dans l’adresse."""

    q = forms.CharField(label="Que cherchez-vous ?", required=False, max_length=100)
    evenement = forms.ChoiceField(
        label="Situation",
        required=False,
        choices=[("", "Toutes les situations"), *EvenementDeVie.choices],
    )
