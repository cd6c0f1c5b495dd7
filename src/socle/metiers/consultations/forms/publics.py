"""Filtres publics, et la porte d’une réponse."""

from typing import Any

from django import forms

from socle.fondations.commun.enums import Theme
from socle.fondations.referentiels.queries import list_departements
from socle.metiers.consultations.enums import GenreCampagne
from socle.metiers.consultations.permissions import Titre
from socle.metiers.consultations.queries.campagnes import Criteres

TOUS = [("", "Tous")]


class FiltreForm(forms.Form):
    """Tout est facultatif ; une valeur inconnue est ignorée."""

    genre = forms.ChoiceField(label="Genre", required=False,
                              choices=[*TOUS, *GenreCampagne.choices])  # fmt: skip
    theme = forms.ChoiceField(label="Thème", required=False, choices=[*TOUS, *Theme.choices])
    departement = forms.ChoiceField(label="Département", required=False)

    def __init__(self, demande: dict[str, str]) -> None:
        super().__init__({cle: demande.get(cle, "")[:20] for cle in self.base_fields})
        noms = [(d.code, f"{d.nom} ({d.code})") for d in list_departements()]
        self.fields["departement"].choices = [*TOUS, *noms]  # type: ignore[attr-defined]
        for champ in self.fields.values():
            champ.sans_mention = True  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def criteres(self) -> Criteres:
        return Criteres(**{nom: self.cleaned_data.get(nom, "") for nom in self.fields})

    @property
    def choisis(self) -> dict[str, str]:
        return {nom: v for nom, v in self.cleaned_data.items() if v}


class TitreForm(forms.Form):
    """Au nom de qui répondre."""

    titre = forms.ChoiceField(label="Vous répondez", widget=forms.RadioSelect)

    def __init__(self, donnees: Any, titres: list[Titre]) -> None:
        choix = [(t.cle, t.nom if t.autorite is None else f"Pour {t.nom}") for t in titres]
        super().__init__(donnees, initial={"titre": choix[0][0] if choix else ""})
        self.titres = {titre.cle: titre for titre in titres}
        self.fields["titre"].choices = choix  # type: ignore[attr-defined]

    @property
    def choisi(self) -> Titre:
        return self.titres[self.cleaned_data["titre"]]


class InviteForm(forms.Form):
    """Répondre sans compte."""

    courriel = forms.EmailField(
        label="Votre adresse électronique", required=False,
        help_text="Pour recevoir le reçu. Elle n’est pas publiée.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
