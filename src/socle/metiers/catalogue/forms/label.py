"""Un avis et une preuve par critère ; une décision motivée ; de nouveaux critères."""

from typing import Any

from django import forms
from django.forms import BoundField

from socle.metiers.catalogue.enums import Avis
from socle.metiers.catalogue.forms.solution import TEXTE, ChampColonnes
from socle.metiers.catalogue.models import CritereLabel


class AvisForm(forms.Form):
    """Champs « avis-12 » et « preuve-12 » pour chaque critère du référentiel."""

    def __init__(self, *args: Any, criteres: list[CritereLabel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteres = criteres
        for critere in criteres:
            self.fields[f"avis-{critere.pk}"] = forms.ChoiceField(
                label=f"{critere.titre} : est-ce respecté ?", choices=Avis.choices,
                widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields[f"preuve-{critere.pk}"] = forms.CharField(
                label=f"{critere.titre} : preuve", max_length=4000, help_text=critere.preuve,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip

    @property
    def groupes(self) -> list[tuple[CritereLabel, list[BoundField]]]:
        return [
            (critere, [self[f"avis-{critere.pk}"], self[f"preuve-{critere.pk}"]])
            for critere in self.criteres
        ]

    @property
    def reponses(self) -> dict[int, tuple[str, str]]:
        """Critère → (avis, preuve)."""
        return {
            critere.pk: (
                self.cleaned_data[f"avis-{critere.pk}"],
                self.cleaned_data[f"preuve-{critere.pk}"],
            )
            for critere in self.criteres
        }


class DecisionForm(forms.Form):
    accorde = forms.ChoiceField(
        label="Décision", choices=[("oui", "Donner le label"), ("non", "Le refuser")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    motif = forms.CharField(
        label="Motif, public", max_length=4000, widget=forms.Textarea(attrs=TEXTE)
    )


class RecoursForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi contestez-vous ce refus ?", max_length=4000,
        widget=forms.Textarea(attrs=TEXTE),
    )  # fmt: skip


class ReferentielForm(forms.Form):
    """Une nouvelle version des critères."""

    titre = forms.CharField(label="Titre", max_length=150)
    mention = forms.CharField(
        label="D’où viennent ces critères", max_length=2000, widget=forms.Textarea(attrs=TEXTE)
    )
    duree_mois = forms.IntegerField(label="Durée du label, en mois", min_value=1, max_value=120)
    criteres = ChampColonnes(
        label="Critères", colonnes=("titre", "question", "preuve"),
        help_text="Une ligne par critère : titre | question | preuve attendue.",
    )  # fmt: skip
