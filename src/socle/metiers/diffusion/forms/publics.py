"""Ce que le public écrit : s’abonner, s’inscrire, donner son avis."""

import re
from typing import Any

from django import forms

from socle.fondations.comptes.models import Compte
from socle.fondations.referentiels.queries import search_autorites
from socle.metiers.diffusion.enums import GenreArticle, GenreEvenement, Theme

COMMANDES = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


class LigneField(forms.CharField):
    """Texte d’une ligne : aucun signe de commande, donc aucun en-tête de courriel glissé."""

    def clean(self, value: Any) -> str:
        propre: str = super().clean(value)
        if COMMANDES.search(propre):
            raise forms.ValidationError("Écrivez sur une seule ligne.")
        return propre


class AbonnementForm(forms.Form):
    courriel = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Nous vous écrivons une fois pour confirmer. Rien n’est gardé avant.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    themes = forms.MultipleChoiceField(
        label="Thèmes",
        help_text="Sans choix : tous.",
        choices=Theme.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    territoire = forms.CharField(
        label="Département",
        help_text="Son numéro, par exemple 92. Vide : toute la France.",
        required=False,
        max_length=3,
        widget=forms.TextInput(attrs={"class": "tres-court"}),
    )

    def clean_territoire(self) -> str:
        code = str(self.cleaned_data["territoire"]).upper().strip()
        if code and not re.fullmatch(r"\d{2,3}|2[AB]", code, re.ASCII):
            raise forms.ValidationError("Écrivez un numéro de département, par exemple 92 ou 2A.")
        return code


class InscriptionForm(forms.Form):
    nom = LigneField(
        label="Votre nom", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    courriel = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Pour confirmer votre inscription et vous la rappeler la veille.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    organisation = LigneField(
        label="Votre collectivité ou organisation",
        help_text="Son nom, ou son code postal pour une commune.",
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    accepte_contact = forms.BooleanField(
        label="L’équipe peut me recontacter pour d’autres évènements, trois ans au plus",
        required=False,
    )

    def __init__(self, donnees: Any = None, *, agent: Compte | None = None) -> None:
        super().__init__(donnees)
        if agent is not None:  # connecté : son nom et son adresse sont sûrs
            del self.fields["nom"], self.fields["courriel"]

    @property
    def autorite(self) -> str:
        """Clé de la collectivité nommée, vide si le nom n’en désigne pas une seule."""
        nom = self.cleaned_data.get("organisation", "")
        if len(nom) < 2:
            return ""
        trouvees = search_autorites(nom, 2)
        exactes = [a for a in trouvees if a.nom.casefold() == nom.casefold()]
        seules = exactes or trouvees
        return seules[0].cle if len(seules) == 1 else ""


class AvisForm(forms.Form):
    note = forms.TypedChoiceField(
        label="Cet évènement vous a-t-il été utile ?",
        choices=[
            (5, "Oui, beaucoup"), (4, "Oui"), (3, "Un peu"), (2, "Plutôt non"), (1, "Non"),
        ],
        coerce=int,
        widget=forms.RadioSelect,
    )  # fmt: skip
    remarque = forms.CharField(
        label="Ce qui manquait, ou ce qu’il faut garder",
        help_text="N’écrivez pas de nom : cet avis reste sans auteur.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FiltreArticles(forms.Form):
    """Filtre des actualités, et du cadre chez un partenaire. Une valeur inconnue est ignorée."""

    genre = forms.ChoiceField(
        label="Genre", required=False, choices=[("", "Tous"), *GenreArticle.choices]
    )
    theme = forms.ChoiceField(label="Thème", required=False, choices=[("", "Tous"), *Theme.choices])

    def __init__(self, donnees: Any) -> None:
        super().__init__(donnees)
        self.full_clean()

    def get(self, nom: str) -> str:
        return str(getattr(self, "cleaned_data", {}).get(nom, ""))


class FiltreEvenements(FiltreArticles):
    """Filtre des évènements ; « à revoir » ne garde, des passés, que ceux qui ont une vidéo."""

    genre = forms.ChoiceField(
        label="Genre", required=False, choices=[("", "Tous"), *GenreEvenement.choices]
    )
    revoir = forms.BooleanField(label="Seulement à revoir", required=False)

    def get(self, nom: str) -> str:
        """Rend « 1 » pour une case cochée, vide sinon : ce que l’adresse redit."""
        valeur = getattr(self, "cleaned_data", {}).get(nom, "")
        return str(int(valeur) or "") if isinstance(valeur, bool) else str(valeur)


class PartageForm(FiltreArticles):
    couleur = forms.RegexField(
        label="Couleur",
        help_text="Six signes, par exemple #14532d. Ajustée si le texte ne se lirait pas.",
        regex=r"^#?[0-9a-fA-F]{6}$",
        required=False,
        max_length=7,
        widget=forms.TextInput(attrs={"class": "court"}),
    )

    @property
    def couleur_retenue(self) -> str:
        couleur = self.get("couleur").lower()
        return f"#{couleur.lstrip('#')}" if couleur else ""
