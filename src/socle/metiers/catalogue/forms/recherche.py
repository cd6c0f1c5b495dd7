"""Formulaires publics : chercher, choisir."""

from typing import Any

from django import forms

from socle.metiers.catalogue.enums import AccesApi, Besoin, Moyens, Taille, ThemeClause


def _tous(choix: list[Any], libelle: str = "Tous") -> list[Any]:
    return [("", libelle), *choix]


class RechercheSolutions(forms.Form):
    """Tout est facultatif ; une valeur inconnue est ignorée."""

    q = forms.CharField(label="Mots cherchés", required=False, max_length=100)
    besoin = forms.ChoiceField(label="Besoin", required=False, choices=_tous(Besoin.choices))
    taille = forms.ChoiceField(
        label="Taille de la collectivité", required=False, choices=_tous(Taille.choices, "Toutes")
    )
    libre = forms.BooleanField(label="Licence libre connue", required=False)
    labellisee = forms.BooleanField(label="Labellisée", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            champ.sans_mention = True  # type: ignore[attr-defined]

    @property
    def criteres(self) -> dict[str, Any]:
        """Valeurs justes ; les autres sont oubliées."""
        self.is_valid()
        return dict(self.cleaned_data)


class ChoixForm(forms.Form):
    """Les trois questions."""

    besoin = forms.ChoiceField(
        label="Que voulez-vous faire ?", choices=_tous(Besoin.choices, "À choisir")
    )
    taille = forms.ChoiceField(
        label="Quelle est la taille de votre collectivité ?",
        choices=Taille.choices, widget=forms.RadioSelect,
    )  # fmt: skip
    moyens = forms.ChoiceField(
        label="Sur quels moyens pouvez-vous compter ?",
        choices=[(m.value, m.label) for m in Moyens], widget=forms.RadioSelect,
    )  # fmt: skip


class RechercheClauses(forms.Form):
    q = forms.CharField(label="Mots cherchés", required=False, max_length=100)
    theme = forms.ChoiceField(label="Thème", required=False, choices=_tous(ThemeClause.choices))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            champ.sans_mention = True  # type: ignore[attr-defined]


class RechercheApis(forms.Form):
    q = forms.CharField(label="Mots cherchés", required=False, max_length=100)
    acces = forms.ChoiceField(label="Accès", required=False, choices=_tous(AccesApi.choices))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            champ.sans_mention = True  # type: ignore[attr-defined]
