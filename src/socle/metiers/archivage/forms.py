"""Filtre de la liste de l’archiviste, lisible dans l’adresse."""

from django import forms

from socle.metiers.archivage.enums import EtatVersement


class FiltreVersements(forms.Form):
    q = forms.CharField(label="Référence ou titre", required=False, max_length=100)
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *EtatVersement.choices]
    )
