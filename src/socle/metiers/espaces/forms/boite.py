"""Filtres publics, et ce que l’équipe et les collectivités écrivent."""

import re
from typing import Any

from django import forms

from socle.fondations.collectivites.models import build_slug
from socle.fondations.commun.enums import Theme
from socle.fondations.commun.verrou import FormulaireVerrouille
from socle.metiers.espaces.enums import Licence, Origine, TypeLivrable
from socle.metiers.espaces.queries.boite import Criteres

CLE = re.compile(r"[a-z]{2,20}:[a-z0-9-]{1,90}")
LIENS_MAX = 20
TOUS = [("", "Tous")]


class FiltreBoite(forms.Form):
    """Tout est facultatif ; une valeur inconnue est ignorée."""

    q = forms.CharField(label="Mots cherchés", required=False, max_length=100)
    genre = forms.ChoiceField(label="Type", required=False, choices=[*TOUS, *TypeLivrable.choices])
    theme = forms.ChoiceField(label="Thème", required=False, choices=[*TOUS, *Theme.choices])
    origine = forms.ChoiceField(label="Qui", required=False, choices=[*TOUS, *Origine.choices])
    licence = forms.ChoiceField(
        label="Licence", required=False, choices=[("", "Toutes"), *Licence.choices]
    )

    def __init__(self, demande: dict[str, str]) -> None:
        super().__init__({cle: demande.get(cle, "")[:100] for cle in self.base_fields})
        for champ in self.fields.values():
            champ.sans_mention = True  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def criteres(self) -> Criteres:
        return Criteres(**{cle: self.cleaned_data.get(cle, "") for cle in self.fields})


class FiltreRetours(FiltreBoite):
    genre = origine = licence = None  # type: ignore[assignment]


class ChampLiens(forms.CharField):
    """Clés d’objets du programme, une par ligne : « solution:franceconnect »."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "Ce dont cela parle")
        options.setdefault(
            "help_text",
            "Une clé par ligne : solution:franceconnect, action:2018-2020-3-1, api:particulier…",
        )
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(required=False, max_length=2_000, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        cles = list(dict.fromkeys((super().clean(value) or "").split()))
        fausses = [cle for cle in cles if not CLE.fullmatch(cle)]
        if fausses:
            raise forms.ValidationError(f"Cette clé n’a pas la bonne forme : « {fausses[0]} ».")
        if len(cles) > LIENS_MAX:
            raise forms.ValidationError("Vingt clés au plus.")
        return cles


class LivrableForm(forms.Form):
    titre = forms.CharField(label="Titre", max_length=150)
    resume = forms.CharField(label="En une phrase", max_length=300)
    description = forms.CharField(
        label="Description", required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    genre = forms.ChoiceField(label="Type", choices=TypeLivrable.choices)
    theme = forms.ChoiceField(label="Thème", choices=Theme.choices)
    licence = forms.ChoiceField(label="Licence", choices=Licence.choices)
    origine = forms.ChoiceField(label="Produit par", choices=Origine.choices)
    auteur = forms.CharField(label="Organisation auteure", max_length=200)
    date_livrable = forms.CharField(
        label="Date du document", required=False, max_length=40,
        help_text="Par exemple « 2019 » ou « mars 2020 ».",
    )  # fmt: skip
    source = forms.CharField(
        label="D’où l’on tient ces informations", required=False, max_length=300,
        help_text="Document et endroit, quand le fichier n’est pas encore là.",
    )  # fmt: skip
    liens = ChampLiens()


class FicheLivrableForm(FormulaireVerrouille, LivrableForm):
    """Corriger une fiche ; la page porte l’empreinte de ce qu’elle montrait."""


class NouveauLivrableForm(LivrableForm):
    slug = forms.SlugField(
        label="Adresse courte", max_length=80, required=False,
        help_text="Lettres, chiffres et tirets. Vide : tirée du titre.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        valeurs["slug"] = (valeurs.get("slug") or build_slug(valeurs.get("titre", ""))[:80]).lower()
        if valeurs["slug"] == "nouveau":  # déjà une adresse
            self.add_error("slug", "Choisissez une autre adresse.")
        if not valeurs["slug"] and "titre" in valeurs:
            self.add_error("slug", "Donnez une adresse courte.")
        return valeurs


class VersionForm(forms.Form):
    nom = forms.CharField(label="Nom de la version", required=False, max_length=60,
                          help_text="Par exemple « 1.2 » ou « mars 2020 ».")  # fmt: skip
    note = forms.CharField(label="Ce qui change", required=False, max_length=300)
    fichier = forms.FileField(label="Fichier", required=False, help_text="50 Mo au plus.")
    lien = forms.URLField(
        label="Ou un lien", required=False, max_length=500, assume_scheme="https",
        help_text="Quand le document reste publié chez son auteur.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        if bool(valeurs.get("fichier")) == bool(valeurs.get("lien")) and not self.errors:
            self.add_error("fichier", "Donnez un fichier ou un lien, un seul des deux.")
        return valeurs


def build_long(label: str, aide: str = "") -> forms.CharField:
    """Un texte de plusieurs lignes, mis en forme."""
    return forms.CharField(
        label=label, help_text=aide, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )


class RetourForm(FormulaireVerrouille):
    """Le modèle commun : les mêmes questions à tous, pour se comparer."""

    titre = forms.CharField(label="Titre", max_length=150)
    theme = forms.ChoiceField(label="Thème", choices=Theme.choices)
    contexte = build_long("Contexte", "Qui vous êtes, d’où vous partez.")
    besoin = build_long("Besoin", "Le problème à résoudre, et pour qui.")
    realise = build_long("Ce qui a été fait")
    cout = forms.CharField(label="Coût", required=False, max_length=200,
                           help_text="Achats et jours passés, même approchés.")  # fmt: skip
    duree = forms.CharField(label="Durée", required=False, max_length=200)
    resultat = build_long("Résultat", "Un chiffre et sa source valent mieux.")
    autrement = build_long("Ce que nous ferions autrement")
    contact = forms.EmailField(
        label="Adresse publique où écrire", required=False,
        help_text="L’adresse d’un service, pas celle d’une personne. Elle sera publiée.",
    )  # fmt: skip
    liens = ChampLiens()


class RelectureForm(forms.Form):
    avis = forms.ChoiceField(
        label="Votre avis", widget=forms.RadioSelect,
        choices=[("publier", "Publier"), ("rendre", "Rendre à la collectivité")],
    )  # fmt: skip
    mot = forms.CharField(
        label="Mot pour la collectivité", required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        if valeurs.get("avis") == "rendre" and not valeurs.get("mot"):
            self.add_error("mot", "Dites ce qu’il faut reprendre.")
        return valeurs
