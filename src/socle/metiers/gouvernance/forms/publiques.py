from django import forms

from socle.metiers.gouvernance.enums import DECISIONS_PUBLIQUES


class FiltreDecisions(forms.Form):
    q = forms.CharField(label="Mots de l’objet", required=False, max_length=100)
    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous"), *((etat.value, etat.label) for etat in DECISIONS_PUBLIQUES)],
    )
