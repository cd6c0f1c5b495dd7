"""Un appel tel que l’équipe ou un partenaire l’écrit ; sa clôture, qui se change à part."""

import re
from typing import Any

from django import forms

from socle.fondations.referentiels.enums import GenreAutorite
from socle.fondations.referentiels.queries import TERRITOIRE
from socle.metiers.appels.enums import GenreAppel, Surete, Theme
from socle.metiers.appels.models import Appel
from socle.metiers.appels.services.appels import CHAMPS, Cloture

CLE = re.compile(r"[a-z]{2,30}:[a-z0-9][a-z0-9-]{0,88}", re.ASCII)
COMMANDES = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
JOUR = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
TERRITOIRES_MAX = 60


def _texte(libelle: str, *, aide: str = "", lignes: int = 4, taille: int = 4_000) -> Any:
    return forms.CharField(
        label=libelle, help_text=aide, required=False, max_length=taille,
        widget=forms.Textarea(attrs={"rows": lignes}),
    )  # fmt: skip


def _euros(libelle: str, *, chiffres: int = 12) -> Any:
    return forms.DecimalField(
        label=libelle, required=False, min_value=0, max_digits=chiffres, decimal_places=2,
        localize=False,
    )  # fmt: skip


class LigneField(forms.CharField):
    """Texte d’une ligne : aucun signe de commande, donc aucun en-tête de courriel glissé."""

    def clean(self, value: Any) -> str:
        propre: str = super().clean(value)
        if COMMANDES.search(propre):
            raise forms.ValidationError("Écrivez sur une seule ligne.")
        return propre


class ClotureForm(forms.Form):
    """Une clôture et ce que l’on en sait."""

    surete = forms.ChoiceField(
        label="La clôture est", choices=Surete.choices, widget=forms.RadioSelect
    )
    cloture = forms.DateField(label="Dernier jour pour répondre", required=False, widget=JOUR)
    cloture_texte = LigneField(
        label="La clôture en mots",
        help_text="Seulement si le jour ne suffit pas : « deux relèves par an ».",
        required=False,
        max_length=60,
    )

    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        if valeurs.get("surete") == Surete.CONNUE and not valeurs.get("cloture"):
            self.add_error(
                "cloture", "Une date connue a un jour : donnez-le, ou dites qu’elle est estimée."
            )
        return valeurs

    @property
    def date_saisie(self) -> Cloture:
        """La clôture saisie."""
        lu = self.cleaned_data
        return Cloture(surete=lu["surete"], jour=lu["cloture"], jour_texte=lu["cloture_texte"])


class ReportForm(ClotureForm):
    """Une clôture qui en remplace une autre."""

    motif = forms.CharField(
        label="Pourquoi elle change",
        help_text="Public : la raison reste dans l’histoire de la date.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AppelForm(forms.Form):
    """La fiche d’un appel, sans sa clôture."""

    titre = LigneField(label="Titre", max_length=150)
    organisateur = LigneField(
        label="Organisateur", help_text="Ministère, région, agence…", max_length=150
    )
    genre = forms.ChoiceField(label="Genre", choices=GenreAppel.choices)
    resume = LigneField(
        label="En une phrase", help_text="Demandée pour relayer.", max_length=300, required=False
    )
    lien = forms.URLField(
        label="Page de l’organisateur", help_text="Demandée pour relayer.", max_length=300,
        required=False, assume_scheme="https",
    )  # fmt: skip
    source = LigneField(label="D’où vient cette information", help_text="Public.", max_length=200)
    ouverture = forms.DateField(label="Ouverture", required=False, widget=JOUR)
    themes = forms.MultipleChoiceField(
        label="Thèmes", help_text="Un au moins pour relayer.", choices=Theme.choices,
        required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    territoires = forms.CharField(
        label="Territoires",
        help_text="« dep-92, reg-11 ». Vide : toute la France.",
        required=False,
        max_length=600,
    )
    genres = forms.MultipleChoiceField(
        label="Collectivités concernées", help_text="Sans choix : toutes.",
        choices=GenreAutorite.choices, required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    population_min = forms.IntegerField(
        label="À partir de (habitants)", required=False, min_value=0, max_value=20_000_000,
        localize=False,
    )  # fmt: skip
    population_max = forms.IntegerField(
        label="Jusqu’à (habitants)", required=False, min_value=0, max_value=20_000_000,
        localize=False,
    )  # fmt: skip
    montant_min = _euros("Montant le plus bas (euros)")
    montant_max = _euros("Montant le plus haut (euros)")
    enveloppe = _euros("Enveloppe totale (euros)", chiffres=14)
    taux = forms.DecimalField(
        label="Taux le plus haut (%)", required=False, min_value=0.01, max_value=100, max_digits=5,
        decimal_places=2, localize=False,
    )  # fmt: skip
    texte = _texte("Présentation", aide="Texte simple ; **gras**, listes et liens sont possibles.",
                   lignes=6, taille=20_000)  # fmt: skip
    qui = _texte("Qui peut répondre")
    comment = _texte("Comment répondre")
    contact = LigneField(
        label="Contact", help_text="Public : un service, jamais une personne.", max_length=200,
        required=False,
    )  # fmt: skip
    liens = _texte("Ce qui aide", aide="Une clé par ligne : « solution:socle ».", lignes=3)

    def __init__(self, *args: Any, appel: Appel | None = None, **kwargs: Any) -> None:
        if appel is not None:
            kwargs.setdefault("initial", read_fiche(appel))
        super().__init__(*args, **kwargs)
        self.appel = appel
        self.fields["revision"] = forms.IntegerField(
            required=False, widget=forms.HiddenInput(), localize=False
        )

    def clean_territoires(self) -> list[str]:
        codes = _split(self.cleaned_data["territoires"].replace(",", "\n"))
        if faux := [code for code in codes if not TERRITOIRE.fullmatch(code)]:
            raise forms.ValidationError(
                f"« {faux[0][:20]} » n’est pas un territoire : écrivez « dep-92 » ou « reg-11 »."
            )
        if len(codes) > TERRITOIRES_MAX:
            raise forms.ValidationError("Soixante territoires au plus.")
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
        for bas, haut in (("population_min", "population_max"), ("montant_min", "montant_max")):
            basse, haute = valeurs.get(bas), valeurs.get(haut)
            if basse is not None and haute is not None and basse > haute:
                self.add_error(haut, "Cette borne est plus petite que la première.")
        cloture = self.appel.cloture if self.appel else valeurs.get("cloture")
        if valeurs.get("ouverture") and cloture and valeurs["ouverture"] > cloture:
            self.add_error("ouverture", "L’ouverture vient après la clôture.")
        return valeurs

    @property
    def fiche(self) -> dict[str, Any]:
        """Valeurs de la fiche."""
        return {champ: self.cleaned_data[champ] for champ in CHAMPS}


class NouvelForm(AppelForm, ClotureForm):
    """Un appel et sa première clôture."""

    field_order = (
        "titre", "organisateur", "genre", "resume", "lien", "source", "ouverture", "surete",
        "cloture", "cloture_texte",
    )  # fmt: skip


class MotifForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


def read_fiche(appel: Appel) -> dict[str, Any]:
    fiche = {champ: getattr(appel, champ) for champ in CHAMPS}
    return fiche | {
        "revision": appel.revision,
        "liens": "\n".join(appel.liens),
        "territoires": ", ".join(appel.territoires),
    }


def _split(texte: str) -> list[str]:
    return list(dict.fromkeys(ligne.strip() for ligne in texte.splitlines() if ligne.strip()))
