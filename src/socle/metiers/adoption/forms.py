"""Formulaires de l’adoption : contact, adhésion, import, corrections, conventions."""

import re
from typing import Any

from django import forms

from socle.fondations.commun.verrou import FormulaireVerrouille
from socle.fondations.referentiels.models import Autorite
from socle.metiers.adoption.enums import GenreConvention, Usage
from socle.metiers.adoption.models import Convention
from socle.metiers.adoption.queries.imports import map_cles
from socle.metiers.adoption.queries.solutions import list_slugs, map_titres

CLE = re.compile(r"[a-z]+:[a-z0-9-]+")


class ContactForm(forms.Form):
    message = forms.CharField(
        label="Votre message",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Dites qui vous êtes et ce que vous voulez savoir. Le message part à l’adresse"
        " publique de la collectivité ; sa réponse revient à celle de la vôtre.",
    )


class AdhesionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    fonction = forms.CharField(
        label="Votre fonction",
        max_length=150,
        help_text="Au nom de qui la collectivité s’engage. Exemple : maire, ou directrice générale"
        " des services par délégation.",
    )
    engagement = forms.BooleanField(
        label="J’ai lu ce texte, et j’ai le pouvoir d’y faire adhérer la collectivité"
    )


class RetraitForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi",
        max_length=300,
        required=False,
        help_text="Reste chez vous et dans votre journal ; n’est pas publié.",
    )


class ImportForm(forms.Form):
    origine = forms.CharField(
        label="D’où viennent ces données",
        max_length=200,
        help_text="Qui les a relevées, et à quelle date. Se lit à côté de chaque fait.",
    )
    fichier = forms.FileField(
        label="Fichier CSV",
        help_text="Colonnes : siren (ou code_insee), solution, date, etat. 10 Mo et 100 000 lignes"
        " au plus. Rien n’est appliqué avant votre relecture.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )


class MotifForm(forms.Form):
    motif = forms.CharField(label="Pourquoi", max_length=300, help_text="Reste au journal.")


class AutoriteField(forms.CharField):
    """SIREN, code Insee ou clé d’une collectivité ; rend sa ligne du code officiel."""

    def clean(self, value: Any) -> Autorite | None:
        texte = super().clean(value)
        cle = map_cles().get(str(texte).replace(" ", "").lower())
        trouvee = Autorite.objects.filter(cle=cle).order_by("cle").first() if cle else None
        if trouvee is None and texte:
            raise forms.ValidationError("Aucune collectivité n’a ce SIREN ou ce code.")
        return trouvee


class FaitForm(forms.Form):
    autorite = AutoriteField(
        label="Collectivité", max_length=24, help_text="Son SIREN ou son code Insee."
    )
    solution = forms.ChoiceField(label="Solution")
    usage = forms.ChoiceField(label="Où elle en est", choices=Usage.choices)
    jour = forms.DateField(
        label="Depuis le", widget=forms.DateInput(attrs={"type": "date", "class": "court"})
    )
    precision = forms.CharField(
        label="D’après",
        max_length=200,
        help_text="Qui le dit, où, quand. Se lit à côté du fait.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titres = map_titres(list_slugs())
        choix = sorted((fiche.titre, slug) for slug, fiche in titres.items())
        solution: Any = self.fields["solution"]
        solution.choices = [("", "Choisir une solution"), *((s, t) for t, s in choix)]


class ConventionForm(forms.Form):
    titre = forms.CharField(label="Titre", max_length=150)
    genre = forms.ChoiceField(label="Sorte de texte", choices=GenreConvention.choices)
    resume = forms.CharField(
        label="En deux phrases", max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    porteur = forms.CharField(
        label="Portée par", max_length=200, help_text="Qui s’engage en face des collectivités."
    )
    pour_qui = forms.CharField(label="Pour qui", max_length=200)
    est_modele = forms.BooleanField(
        label="Ce texte est un modèle, à faire valider avant usage réel", required=False
    )
    liens = forms.CharField(
        label="Solutions et actions liées",
        required=False,
        max_length=600,
        help_text="Des clés séparées par des espaces. Exemple : solution:tchap.",
    )

    def clean_liens(self) -> list[str]:
        cles = self.cleaned_data["liens"].split()
        if any(not CLE.fullmatch(cle) or len(cle) > 120 for cle in cles):
            raise forms.ValidationError("Une clé s’écrit « solution:tchap ».")
        return list(dict.fromkeys(cles))


class FicheConventionForm(FormulaireVerrouille, ConventionForm):
    """Changer la présentation ; la page porte l’empreinte de ce qu’elle montrait."""


class NouvelleConventionForm(ConventionForm):
    slug = forms.SlugField(
        label="Adresse de la page",
        max_length=80,
        help_text="Lettres sans accent, chiffres et tirets. Ne changera plus.",
    )
    texte = forms.CharField(
        label="Texte",
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="Mise en forme simple : « ## » devant un titre, « - » devant un point.",
    )

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if Convention.objects.filter(slug=slug).exists():
            raise forms.ValidationError("Une convention a déjà cette adresse.")
        return slug


class VersionForm(forms.Form):
    texte = forms.CharField(
        label="Nouveau texte",
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="Les adhérentes devront le signer de nouveau.",
    )
    changement = forms.CharField(
        label="Ce qui change", max_length=500, help_text="Une phrase, lue avant de signer."
    )
