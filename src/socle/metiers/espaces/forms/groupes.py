"""Ce que l’on écrit dans un groupe."""

from typing import Any

from django import forms

from socle.fondations.collectivites.models import build_slug
from socle.fondations.commun.verrou import FormulaireVerrouille
from socle.metiers.espaces.enums import AccesGroupe, EtatTache, GenreSujet, RoleGroupe
from socle.metiers.espaces.forms.boite import ChampLiens
from socle.metiers.espaces.models import MembreDeGroupe

RESERVES = frozenset({"ouvrir"})  # déjà des adresses


def build_texte(label: str, **options: Any) -> forms.CharField:
    """Un texte mis en forme, borné."""
    options.setdefault("max_length", 20_000)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 5}), **options)


class GroupeForm(forms.Form):
    nom = forms.CharField(label="Nom du groupe", max_length=120)
    but = build_texte("À quoi il sert", max_length=2_000, help_text="Visible de tous.")
    acces = forms.ChoiceField(label="Qui peut lire", choices=AccesGroupe.choices,
                              widget=forms.RadioSelect)  # fmt: skip
    liens = ChampLiens()


class ReglageGroupeForm(FormulaireVerrouille, GroupeForm):
    """Régler un groupe ; la page porte l’empreinte de ce qu’elle montrait."""


class OrganisationForm(forms.Form):
    organisation = forms.CharField(
        label="Votre organisation", max_length=200,
        help_text="Elle signe ce que vous écrivez, et reste quand vous partez.",
    )  # fmt: skip


class NouveauGroupeForm(OrganisationForm, GroupeForm):
    field_order = ("nom", "but", "acces", "organisation", "liens")

    @property
    def slug(self) -> str:
        slug = build_slug(self.cleaned_data["nom"])[:80].strip("-") or "groupe"
        return f"groupe-{slug}" if slug in RESERVES else slug


class EntreeForm(OrganisationForm):
    message = forms.CharField(
        label="Un mot pour les animateurs", required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class InvitationForm(forms.Form):
    courriel = forms.EmailField(
        label="Courriel professionnel",
        help_text="La personne entre en se connectant avec un compte d’agent à cette adresse.",
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Rôle", choices=RoleGroupe.choices)


class SujetForm(forms.Form):
    titre = forms.CharField(label="Titre", max_length=150)
    texte = build_texte("Texte")


class DocumentForm(forms.Form):
    titre = forms.CharField(label="Titre du document", max_length=150)
    texte = build_texte("De quoi il s’agit", required=False)
    fichier = forms.FileField(label="Fichier", help_text="50 Mo au plus.")


class VersionForm(forms.Form):
    fichier = forms.FileField(label="Nouvelle version", help_text="50 Mo au plus.")
    note = forms.CharField(label="Ce qui change", required=False, max_length=300)


class CommentaireForm(forms.Form):
    texte = build_texte("Votre message")


class TacheForm(forms.Form):
    titre = forms.CharField(label="Tâche", max_length=150)
    responsable = forms.ChoiceField(label="Qui", required=False)
    echeance = forms.DateField(
        label="Pour le",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, membres: list[MembreDeGroupe], **options: Any) -> None:
        super().__init__(*args, **options)
        self.membres = {str(membre.pk): membre for membre in membres}
        champ: Any = self.fields["responsable"]
        champ.choices = [("", "Personne pour l’instant")] + [
            (cle, membre.nom_affiche) for cle, membre in self.membres.items()
        ]

    @property
    def membre_choisi(self) -> MembreDeGroupe | None:
        """Le membre choisi, de ce groupe seulement."""
        return self.membres.get(self.cleaned_data["responsable"])


class SuiviForm(FormulaireVerrouille, TacheForm):
    titre = None  # type: ignore[assignment]
    etat = forms.ChoiceField(label="Où en est-elle", choices=EtatTache.choices)
    field_order = ("etat", "responsable", "echeance")


FORMES: dict[str, type[forms.Form]] = {
    GenreSujet.NOUVELLE: SujetForm,
    GenreSujet.QUESTION: SujetForm,
    GenreSujet.DOCUMENT: DocumentForm,
}
