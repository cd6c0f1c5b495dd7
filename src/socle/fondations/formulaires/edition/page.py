"""Réglages d’une page : son titre, son texte, quand elle s’affiche."""

from typing import Any

from django import forms
from django.forms import BoundField

from socle.fondations.formulaires.edition.champ import is_condition_ouverte, list_lignes_condition
from socle.fondations.formulaires.edition.condition import (
    ConditionMixin,
    build_champs_condition,
    make_contexte,
    read_condition,
)
from socle.fondations.formulaires.edition.gestes import Definition


class PageForm(ConditionMixin):
    """Titre, texte et condition d’une page."""

    titre = forms.CharField(label="Titre de la page", max_length=300)
    description = forms.CharField(
        label="Texte sous le titre",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, donnees: Any = None, *, page: dict[str, Any], definition: Definition
    ) -> None:
        self.contexte = make_contexte(definition, page["id"])
        condition = read_condition(page.get("condition"), self.contexte)
        depart = {"titre": page.get("titre", ""), "description": page.get("description", "")}
        super().__init__(donnees, initial=depart | condition)
        self.fields.update(build_champs_condition(self.contexte))

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        donnees["condition"] = self.clean_condition(donnees)
        return donnees

    def attributs(self) -> dict[str, Any]:
        return {nom: self.cleaned_data[nom] for nom in ("titre", "description", "condition")}

    @property
    def essentiels(self) -> list[BoundField]:
        return [self["titre"], self["description"]]

    @property
    def lignes_condition(self) -> list[tuple[BoundField, BoundField, BoundField]]:
        return list_lignes_condition(self)

    @property
    def condition_ouverte(self) -> bool:
        return is_condition_ouverte(self)
