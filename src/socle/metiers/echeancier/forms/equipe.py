"""Ce que l’équipe du programme écrit : une obligation, une date, une annulation."""

import re
from typing import Any

from django import forms

from socle.fondations.collectivites.models import build_slug
from socle.fondations.referentiels.enums import GenreAutorite
from socle.fondations.referentiels.queries import TERRITOIRE
from socle.metiers.echeancier.enums import EtatObligation, Nature, Surete, Theme
from socle.metiers.echeancier.models import Obligation
from socle.metiers.echeancier.services.obligations import (
    CHAMPS,
    Changement,
    Echeance,
    Public,
)

ETAPES_MAX = 20
ETAPE_MAX = 400
CLE = re.compile(r"[a-z]{2,30}:[a-z0-9][a-z0-9-]{0,88}", re.ASCII)
JOUR = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
SUITE_JOUR = "Une date connue a un jour : donnez-le, ou dites qu’elle est estimée."


class FiltreEquipe(forms.Form):
    q = forms.CharField(label="Mots cherchés", required=False, max_length=100)
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *EtatObligation.choices]
    )


class EcheanceForm(forms.Form):
    """Une date et ce que l’on en sait."""

    surete = forms.ChoiceField(
        label="Cette date est", choices=Surete.choices, widget=forms.RadioSelect
    )
    jour = forms.DateField(label="Jour où elle s’applique", required=False, widget=JOUR)
    jour_texte = forms.CharField(
        label="La date en mots",
        help_text="Seulement si le jour ne suffit pas : « fin 2027 », « mars 2026 (estimée) ».",
        required=False,
        max_length=60,
    )

    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        if valeurs.get("surete") == Surete.CONNUE and not valeurs.get("jour"):
            self.add_error("jour", SUITE_JOUR)
        return valeurs

    @property
    def echeance(self) -> Echeance:
        """La date saisie."""
        lu = self.cleaned_data
        return Echeance(surete=lu["surete"], jour=lu["jour"], jour_texte=lu["jour_texte"])


class DateForm(EcheanceForm):
    """Une date qui en remplace une autre."""

    motif = forms.CharField(
        label="Pourquoi elle change",
        help_text="Public : la raison reste dans l’histoire de la date. Citez le texte.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    annoncee_le = forms.DateField(label="Jour de l’annonce", required=False, widget=JOUR)

    @property
    def changement(self) -> Changement:
        """Le changement saisi."""
        lu = self.cleaned_data
        return Changement(echeance=self.echeance, motif=lu["motif"], annoncee_le=lu["annoncee_le"])


class AnnulationForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi elle est annulée",
        help_text="Public : la page de l’échéance reste et le dit.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ObligationForm(forms.Form):
    """La fiche d’une obligation, sans sa date : elle se change à part, avec sa raison."""

    titre = forms.CharField(label="Titre", max_length=150)
    court = forms.CharField(
        label="Titre court", help_text="Pour la frise, quarante signes au plus.", max_length=40
    )
    nature = forms.ChoiceField(label="Nature", choices=Nature.choices, widget=forms.RadioSelect)
    theme = forms.ChoiceField(label="Thème", choices=Theme.choices)
    ministere = forms.CharField(label="Ministère chargé", max_length=100)
    reference = forms.CharField(
        label="Texte de loi", help_text="Demandé pour publier.", max_length=300, required=False
    )
    lien = forms.URLField(
        label="Adresse du texte", max_length=300, required=False, assume_scheme="https"
    )
    reserve = forms.CharField(
        label="Ce qui reste à confirmer",
        help_text="Montré en haut de la page.",
        max_length=300,
        required=False,
    )
    resume = forms.CharField(
        label="À faire, en une phrase",
        help_text="Demandé pour publier.",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    etapes = forms.CharField(
        label="Étapes",
        help_text="Une par ligne.",
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    texte = forms.CharField(
        label="En savoir plus",
        help_text="Texte simple ; **gras**, listes et liens sont possibles.",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    debut = forms.DateField(
        label="Début de la préparation",
        help_text="D’où part la barre de la frise.",
        required=False,
        widget=JOUR,
    )
    precision = forms.CharField(label="Précision sur le public", max_length=200, required=False)
    territoires = forms.CharField(
        label="Territoires",
        help_text="« dep-92, reg-11 ». Vide : toute la France.",
        required=False,
        max_length=500,
    )
    liens = forms.CharField(
        label="Ce qui aide",
        help_text="Une clé par ligne : « solution:socle », « action:2018-2020-1-3 ».",
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, obligation: Obligation | None = None, **kwargs: Any) -> None:
        if obligation is not None:
            kwargs.setdefault("initial", read_fiche(obligation))
        super().__init__(*args, **kwargs)
        self.obligation = obligation
        self.fields["revision"] = forms.IntegerField(
            required=False, widget=forms.HiddenInput(), localize=False
        )
        for genre in GenreAutorite:
            self.fields[f"g_{genre.value}"] = forms.BooleanField(
                label=f"{genre.label} : concernée", required=False
            )
            for nom, mot in (("min", "à partir de"), ("max", "jusqu’à")):
                self.fields[f"{nom}_{genre.value}"] = forms.IntegerField(
                    label=f"{genre.label} : {mot} (habitants)", required=False, min_value=0,
                    max_value=20_000_000, localize=False,
                )  # fmt: skip
        for nom, champ in self.fields.items():
            champ.sans_mention = nom.startswith(("g_", "min_", "max_"))  # type: ignore[attr-defined]

    @property
    def champs_fiche(self) -> list[forms.BoundField]:
        """Les champs, sauf le public, que la page range en lignes ; le titre, puis la date."""
        champs = [champ for champ in self if champ.name in CHAMPS]
        dates = [self[nom] for nom in getattr(self, "dates", ())]
        return [*champs[:2], *dates, *champs[2:]]

    @property
    def champs_public(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Le public, une ligne par genre de collectivité."""
        return [
            (genre.label, [self[f"{nom}_{genre.value}"] for nom in ("g", "min", "max")])
            for genre in GenreAutorite
        ]

    def clean_etapes(self) -> list[str]:
        etapes = _split(self.cleaned_data["etapes"])
        if len(etapes) > ETAPES_MAX or any(len(etape) > ETAPE_MAX for etape in etapes):
            raise forms.ValidationError("Vingt étapes au plus, de 400 signes chacune.")
        return etapes

    def clean_territoires(self) -> list[str]:
        codes = _split(self.cleaned_data["territoires"].replace(",", "\n"))
        if faux := [code for code in codes if not TERRITOIRE.fullmatch(code)]:
            raise forms.ValidationError(
                f"« {faux[0][:20]} » n’est pas un territoire : écrivez « dep-92 » ou « reg-11 »."
            )
        return codes

    def clean_liens(self) -> list[str]:
        cles = _split(self.cleaned_data["liens"])
        if faux := [cle for cle in cles if not CLE.fullmatch(cle)]:
            raise forms.ValidationError(
                f"« {faux[0][:40]} » n’est pas une clé : écrivez « solution:socle »."
            )
        return cles

    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        for genre in GenreAutorite.values:
            bas, haut = valeurs.get(f"min_{genre}"), valeurs.get(f"max_{genre}")
            if bas is not None and haut is not None and bas > haut:
                self.add_error(f"max_{genre}", "Cette borne est plus petite que la première.")
        jour = self.obligation.jour if self.obligation else valeurs.get("jour")
        if valeurs.get("debut") and jour and valeurs["debut"] > jour:
            self.add_error("debut", "La préparation commence après l’échéance : avancez-la.")
        return valeurs

    @property
    def fiche(self) -> dict[str, Any]:
        """Valeurs de la fiche."""
        return {champ: self.cleaned_data[champ] for champ in CHAMPS}

    @property
    def publics(self) -> list[Public]:
        """Le public saisi ; vide pour toutes les collectivités."""
        lu = self.cleaned_data
        return [
            Public(genre=g, population_min=lu[f"min_{g}"], population_max=lu[f"max_{g}"])
            for g in GenreAutorite.values
            if lu[f"g_{g}"]
        ]


class NouvelleForm(ObligationForm, EcheanceForm):
    """Une obligation et sa première date."""

    dates = ("slug", "surete", "jour", "jour_texte")
    slug = forms.SlugField(
        label="Nom d’adresse",
        help_text="Minuscules, chiffres et tirets. Vide : tiré du titre. Il ne changera plus.",
        required=False,
        max_length=80,
    )

    def clean_slug(self) -> str:
        return build_slug(self.cleaned_data["slug"])[:80]

    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        valeurs["slug"] = valeurs.get("slug") or build_slug(valeurs.get("titre", ""))[:80]
        return valeurs


def read_fiche(obligation: Obligation) -> dict[str, Any]:
    fiche = {champ: getattr(obligation, champ) for champ in CHAMPS}
    fiche |= {
        "revision": obligation.revision,
        "etapes": "\n".join(obligation.etapes),
        "liens": "\n".join(obligation.liens),
        "territoires": ", ".join(obligation.territoires),
    }
    for public in obligation.publics.all():
        fiche[f"g_{public.genre}"] = True
        fiche[f"min_{public.genre}"] = public.population_min
        fiche[f"max_{public.genre}"] = public.population_max
    return fiche


def _split(texte: str) -> list[str]:
    return list(dict.fromkeys(ligne.strip() for ligne in texte.splitlines() if ligne.strip()))
