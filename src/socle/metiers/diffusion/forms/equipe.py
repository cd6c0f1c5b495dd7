"""Ce que l’équipe écrit : articles, évènements, lettres, contacts."""

import re
from typing import Any

from django import forms
from django.utils import timezone

from socle.fondations.commun.fiches import fiches
from socle.metiers.diffusion.enums import GenreArticle, GenreEvenement, Theme
from socle.metiers.diffusion.forms.publics import LigneField

CLE = re.compile(r"[a-z]{2,20}:[a-z0-9-]{1,90}", re.ASCII)
LIENS_MAX = 40
AIDE_TEXTE = "Titres « ## », listes « - », **gras**, [lien](https://…). Le HTML n’est pas lu."


def is_cle(cle: str) -> bool:
    """Vrai pour une clé d’une sorte d’objets qui existe ; l’objet, lui, peut manquer."""
    return bool(CLE.fullmatch(cle)) and cle.partition(":")[0] in fiches


class LiensField(forms.CharField):
    """Des clés d’objets, une par ligne."""

    def __init__(self) -> None:
        super().__init__(
            label="Objets cités",
            help_text="Une clé par ligne, par exemple « solution:franceconnect ».",
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def clean(self, value: Any) -> list[str]:
        cles = list(dict.fromkeys(str(super().clean(value)).split()))
        fausses = [cle for cle in cles if not is_cle(cle)]
        if fausses or len(cles) > LIENS_MAX:
            raise forms.ValidationError(
                f"Cette clé ne désigne aucune sorte d’objet : {fausses[0][:60]}." if fausses
                else "Quarante clés au plus."
            )  # fmt: skip
        return cles

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class ParutionForm(forms.Form):
    titre = LigneField(label="Titre", max_length=150)
    resume = LigneField(
        label="Résumé",
        help_text="Une phrase ou deux : dans les listes, les flux et les réseaux.",
        required=False,
        max_length=300,
    )
    texte = forms.CharField(
        label="Texte",
        help_text=AIDE_TEXTE,
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    themes = forms.MultipleChoiceField(
        label="Thèmes",
        choices=Theme.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    liens = LiensField()
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)

    @property
    def champs(self) -> dict[str, Any]:
        """Valeurs à écrire, sans la révision."""
        return {nom: v for nom, v in self.cleaned_data.items() if nom != "revision"}


class ArticleForm(ParutionForm):
    genre = forms.ChoiceField(label="Genre", choices=GenreArticle.choices)
    source = LigneField(
        label="Source des faits",
        help_text="Le document et l’endroit, pour que chacun vérifie.",
        required=False,
        max_length=300,
    )
    lien = forms.URLField(
        label="Adresse d’origine", required=False, max_length=300, assume_scheme="https"
    )
    field_order = ["genre", "titre", "resume", "texte", "source", "lien", "themes", "liens"]


class EvenementForm(ParutionForm):
    genre = forms.ChoiceField(label="Genre", choices=GenreEvenement.choices)
    debut = forms.DateTimeField(
        label="Début",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    fin = forms.DateTimeField(
        label="Fin",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    lieu = LigneField(label="Lieu", required=False, max_length=200)
    visio = forms.URLField(
        label="Adresse de la visioconférence",
        help_text="Donnée aux seuls inscrits.",
        required=False,
        max_length=300,
        assume_scheme="https",
    )
    places = forms.IntegerField(
        label="Nombre de places",
        help_text="Vide : pas de limite.",
        required=False,
        min_value=1,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"class": "tres-court"}),
    )
    rediffusion = forms.URLField(
        label="Adresse de la rediffusion", required=False, max_length=300, assume_scheme="https"
    )
    supports = forms.CharField(
        label="Supports et résumé, après coup",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = [
        "genre", "titre", "debut", "fin", "lieu", "visio", "places", "resume", "texte",
        "rediffusion", "supports", "themes", "liens",
    ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        debut, fin = valeurs.get("debut"), valeurs.get("fin")
        if debut and fin and fin <= debut:
            self.add_error("fin", "La fin vient après le début.")
        return valeurs


class LettreForm(forms.Form):
    sujet = LigneField(label="Sujet", max_length=150)
    texte = forms.CharField(
        label="Texte",
        help_text=AIDE_TEXTE,
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    themes = forms.MultipleChoiceField(
        label="Pour les abonnés à",
        help_text="Sans choix : tous les abonnés.",
        choices=Theme.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    territoire = LigneField(
        label="Département",
        help_text="Vide : toute la France.",
        required=False,
        max_length=3,
        widget=forms.TextInput(attrs={"class": "tres-court"}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)

    @property
    def champs(self) -> dict[str, Any]:
        return {nom: v for nom, v in self.cleaned_data.items() if nom != "revision"}


class MotifForm(forms.Form):
    motif = LigneField(
        label="Pourquoi", help_text="Cette phrase est publique.", min_length=3, max_length=300
    )


class ContactForm(forms.Form):
    courriel = forms.EmailField(label="Adresse électronique", max_length=254)
    nom = LigneField(label="Nom", max_length=100)
    fonction = LigneField(label="Fonction", required=False, max_length=100)
    organisation = LigneField(label="Organisation", required=False, max_length=150)
    origine = LigneField(
        label="D’où vient cette adresse",
        help_text="Par exemple : « rencontrée au salon de Rennes ».",
        max_length=120,
    )
    vu_le = forms.DateField(
        label="Dernière participation",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_vu_le(self) -> Any:
        jour = self.cleaned_data["vu_le"]
        if jour > timezone.localdate():
            raise forms.ValidationError("Cette date est à venir.")
        return jour
