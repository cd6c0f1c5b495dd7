"""Formulaires qui demandent à un agent pourquoi il revient sur ce qui est fait."""

from django import forms

from socle.metiers.dossiers.enums import FondementRetrait
from socle.metiers.dossiers.services.rebase import MOTIF_MAX


class ReouvertureForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi reprendre ce dossier",
        help_text="Gardé dans le fil du dossier : « Une pièce reçue à temps n’a pas été lue ».",
        max_length=MOTIF_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RetraitForm(ReouvertureForm):
    """Reprendre une acceptation signée depuis plus de quatre mois : l’article qui le permet."""

    fondement = forms.ChoiceField(
        label="Ce qui permet encore de la retirer",
        choices=FondementRetrait.choices,
        widget=forms.RadioSelect,
    )
    field_order = ("fondement", "motif")


class RebaseForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi déplacer ce dossier",
        help_text="Gardé dans le fil du dossier : « Le barème de 2027 s’applique ».",
        max_length=MOTIF_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
