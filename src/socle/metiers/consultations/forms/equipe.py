"""Ce que l’équipe écrit : la fiche d’une campagne, ses dates, ses questions, sa synthèse."""

import re
from typing import Any

from django import forms

from socle.fondations.collectivites.models import build_slug
from socle.fondations.commun.enums import Theme
from socle.fondations.formulaires.edition.groupes import list_familles
from socle.fondations.referentiels.enums import GenreAutorite
from socle.fondations.referentiels.queries import list_departements, list_regions
from socle.metiers.consultations.enums import (
    Acces,
    BaseLegale,
    GenreCampagne,
    Perimetre,
    Unite,
)
from socle.metiers.consultations.services.formulaire import INTERDITS

CLE = re.compile(r"[a-z]{2,20}:[a-z0-9-]{1,90}")
CODES_MAX = 110
LIENS_MAX = 40
RESERVES = frozenset({"nouvelle", "reponses"})
AIDE_TEXTE = "Titres « ## », listes « - », **gras**, [lien](https://…). Le HTML n’est pas lu."


class MotsField(forms.CharField):
    """Des mots séparés par des espaces ou des retours à la ligne ; une liste en Python."""

    def clean(self, value: Any) -> list[str]:
        return list(dict.fromkeys((super().clean(value) or "").replace(",", " ").split()))

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value


def build_long(label: str, aide: str = "", *, lignes: int = 8, maximum: int = 20_000) -> Any:
    return forms.CharField(
        label=label, help_text=aide, required=False, max_length=maximum,
        widget=forms.Textarea(attrs={"rows": lignes}),
    )  # fmt: skip


def build_instant(label: str, *, requis: bool = False) -> Any:
    """Un jour et une heure de Paris."""
    return forms.DateTimeField(
        label=label, required=requis, help_text="Heure de Paris.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip


class NouvelleForm(forms.Form):
    genre = forms.ChoiceField(
        label="Que voulez-vous faire ?", choices=GenreCampagne.choices, widget=forms.RadioSelect
    )
    titre = forms.CharField(label="Titre", max_length=150)
    slug = forms.SlugField(
        label="Adresse courte", max_length=80, required=False,
        help_text="Lettres, chiffres et tirets. Vide : tirée du titre.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        slug = (valeurs.get("slug") or build_slug(valeurs.get("titre", "")))[:80].lower()
        if (not slug or slug in RESERVES) and "titre" in valeurs:
            self.add_error("slug", "Choisissez une autre adresse.")
        return valeurs | {"slug": slug.replace("_", "-")}


class PresentationForm(forms.Form):
    """Ce qui se corrige encore après la publication."""

    titre = forms.CharField(label="Titre", max_length=150)
    chapo = forms.CharField(label="En une phrase", max_length=300, required=False)
    texte = build_long("Présentation", AIDE_TEXTE)
    themes = forms.MultipleChoiceField(
        label="Thèmes", choices=Theme.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    liens = MotsField(
        label="Ce dont cela parle", required=False, max_length=4_000,
        help_text="Des clés : solution:franceconnect, action:2018-2020-3-1…",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    contact = forms.EmailField(
        label="Adresse où écrire", required=False,
        help_text="Celle d’un service, pas celle d’une personne.",
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean_liens(self) -> list[str]:
        cles: list[str] = self.cleaned_data["liens"]
        fausses = [cle for cle in cles if not CLE.fullmatch(cle)]
        if fausses:
            raise forms.ValidationError(f"Cette clé n’a pas la bonne forme : « {fausses[0]} ».")
        if len(cles) > LIENS_MAX:
            raise forms.ValidationError("Quarante clés au plus.")
        return cles

    @property
    def fiche(self) -> dict[str, Any]:
        """Valeurs à écrire, sans la révision."""
        return {nom: v for nom, v in self.cleaned_data.items() if nom != "revision"}


class CampagneForm(PresentationForm):
    """Toute la fiche, tant que la campagne est un brouillon."""

    acces = forms.ChoiceField(label="Qui la voit", choices=Acces.choices,
                              widget=forms.RadioSelect)  # fmt: skip
    perimetre = forms.ChoiceField(label="Qui peut répondre", choices=Perimetre.choices,
                                  widget=forms.RadioSelect)  # fmt: skip
    unite = forms.ChoiceField(label="Combien de fois", choices=Unite.choices,
                              widget=forms.RadioSelect)  # fmt: skip
    genres_autorites = forms.MultipleChoiceField(
        label="Genres de collectivité", choices=GenreAutorite.choices, required=False,
        help_text="Aucun coché : tous.", widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    departements = MotsField(
        label="Départements", required=False, max_length=600,
        help_text="Leurs codes : 92 93 2A 974. Vide : tous.",
    )  # fmt: skip
    regions = MotsField(
        label="Régions", required=False, max_length=200,
        help_text="Leurs codes Insee : 11 93. Vide : toutes.",
    )  # fmt: skip
    population_min = forms.IntegerField(label="Population, au moins", required=False, min_value=0,
                                        max_value=70_000_000)  # fmt: skip
    population_max = forms.IntegerField(label="Population, au plus", required=False, min_value=0,
                                        max_value=70_000_000)  # fmt: skip
    anonyme = forms.BooleanField(label="Accepter les réponses sans compte", required=False)
    correction_permise = forms.BooleanField(
        label="Permettre de corriger sa réponse jusqu’à la clôture", required=False
    )
    ouvre_le = build_instant("Ouverture")
    ferme_le = build_instant("Clôture")
    budget = forms.DecimalField(
        label="Enveloppe, en euros", required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text="Pour un appel à projets ou à manifestation d’intérêt.",
    )  # fmt: skip
    finalite = forms.CharField(
        label="À quoi servent les réponses", required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    base_legale = forms.ChoiceField(label="Base légale", choices=BaseLegale.choices)
    lecteurs = forms.CharField(label="Qui lit les réponses", required=False, max_length=300)
    conservation_mois = forms.IntegerField(
        label="Mois de conservation après la clôture", min_value=1, max_value=120
    )

    def clean_departements(self) -> list[str]:
        return self._check_codes("departements", {d.code for d in list_departements()})

    def clean_regions(self) -> list[str]:
        return self._check_codes("regions", {r.code for r in list_regions()})

    def _check_codes(self, nom: str, connus: set[str]) -> list[str]:
        codes = [code.upper() for code in self.cleaned_data[nom]][:CODES_MAX]
        inconnus = [code for code in codes if code not in connus]
        if inconnus:
            raise forms.ValidationError(f"Ce code est inconnu : « {inconnus[0]} ».")
        return codes


class ProlongerForm(forms.Form):
    ferme_le = build_instant("Nouvelle clôture", requis=True)
    motif = forms.CharField(
        label="Pourquoi", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce motif est public.",
    )  # fmt: skip


class MotifForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce motif est public.",
    )  # fmt: skip


class CopieForm(NouvelleForm):
    genre = None  # type: ignore[assignment]


class SyntheseForm(forms.Form):
    synthese = build_long("Synthèse", AIDE_TEXTE, lignes=14, maximum=50_000)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class QuestionForm(forms.Form):
    """Poser une question de plus."""

    libelle = forms.CharField(label="Question", max_length=300)
    type = forms.ChoiceField(label="Réponse attendue", choices=[])
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = [  # type: ignore[attr-defined]
            (famille, admis)
            for famille, codes in list_familles()
            if (admis := [(code, nom) for code, nom in codes if code not in INTERDITS])
        ]
