"""Formulaires : texte d’un message, courriels facultatifs."""

from typing import Any

from django import forms

from socle.fondations.commun.verrou import FormulaireVerrouille
from socle.fondations.notifications import ports
from socle.fondations.notifications.errors import BalisesInconnues
from socle.fondations.notifications.services import check_balises
from socle.fondations.notifications.services.rendu import CORPS_MAX


class ModeleForm(FormulaireVerrouille):
    """Texte d’un message ; une balise inconnue est refusée avec la liste des permises."""

    sujet = forms.CharField(label="Objet du courriel", max_length=150)
    corps = forms.CharField(
        label="Texte",
        max_length=CORPS_MAX // 2,
        help_text="Une ligne vide sépare les paragraphes, un tiret ouvre une liste.",
        widget=forms.Textarea(attrs={"rows": 14}),
    )

    def __init__(self, *args: Any, defaut: ports.ModeleParDefaut, **kwargs: Any) -> None:
        self.defaut = defaut
        super().__init__(*args, **kwargs)

    def clean_sujet(self) -> str:
        return self._check("sujet")

    def clean_corps(self) -> str:
        return self._check("corps")

    def _check(self, nom: str) -> str:
        texte: str = self.cleaned_data[nom]
        try:
            check_balises(self.defaut, texte)
        except BalisesInconnues as refus:
            raise forms.ValidationError(f"{refus.message} {refus.suite}") from refus
        return texte


class PreferencesForm(forms.Form):
    """Courriels que l’on peut ne pas vouloir."""

    voulus = forms.MultipleChoiceField(
        label="Recevoir aussi un courriel pour",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, agent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["voulus"]
        champ.choices = list_facultatifs(agent=agent)  # type: ignore[attr-defined]


def list_facultatifs(*, agent: bool) -> list[tuple[str, str]]:
    """Codes facultatifs et leur titre, de ceux que reçoit un agent ou un usager."""
    choisis = ((code, ports.modeles[code]) for code in ports.modeles)
    return [(code, m.titre) for code, m in choisis if not m.obligatoire and m.agents == agent]
