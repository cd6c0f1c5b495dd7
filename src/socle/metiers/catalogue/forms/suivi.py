"""Demandes d’accompagnement, réponses, versions, essais, clauses, API, éditeurs, catalogues."""

from typing import Any

from django import forms

from socle.fondations.commun.verrou import FormulaireVerrouille
from socle.metiers.catalogue.enums import (
    AccesApi,
    EtatDemande,
    FormatCatalogue,
    Frequence,
    GenreEditeur,
    ThemeClause,
)
from socle.metiers.catalogue.forms.solution import (
    JOUR,
    TEXTE,
    ChampAdresse,
    ChampColonnes,
    ChampLignes,
)
from socle.metiers.catalogue.ports import bancs


class DemandeForm(forms.Form):
    """Ce que la collectivité veut, et à qui parler."""

    besoin = forms.CharField(
        label="Que voulez-vous faire, et où en êtes-vous ?", max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    echeance = forms.CharField(label="Pour quand ?", required=False, max_length=100)
    contact = forms.CharField(label="À qui parler", max_length=150)
    courriel = forms.EmailField(label="Courriel", max_length=254)


class ReponseDemandeForm(forms.Form):
    texte = forms.CharField(
        label="Message", required=False, max_length=4000, widget=forms.Textarea(attrs=TEXTE)
    )
    etat = forms.ChoiceField(label="Nouvel état", required=False)

    def __init__(self, *args: Any, permis: set[EtatDemande], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = [(e.value, e.label) for e in EtatDemande if e in permis]
        self.fields["etat"].choices = [("", "Ne pas changer"), *choix]  # type: ignore[attr-defined]


class TexteForm(forms.Form):
    texte = forms.CharField(
        label="Votre réponse", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Elle est publique, et montrée comme venant de l’éditeur.",
    )  # fmt: skip


class VersionForm(forms.Form):
    numero = forms.CharField(label="Numéro de version", max_length=40)
    sortie_le = forms.DateField(
        label="Sortie le", required=False, widget=forms.DateInput(attrs=JOUR)
    )
    notes = forms.CharField(label="Notes", required=False, widget=forms.Textarea(attrs=TEXTE))


class EssaiForm(forms.Form):
    banc = forms.ChoiceField(label="Banc d’essai")
    fichier = forms.FileField(
        label="Fichier à essayer",
        help_text="Des données d’essai seulement. Le fichier n’est pas gardé ; le résultat est"
        " public, bon ou mauvais.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["banc"].choices = [  # type: ignore[attr-defined]
            (epreuve, f"{titre} ({bancs[code].formats})")
            for code in bancs
            for epreuve, titre in bancs[code].list_epreuves(code)
        ]


class EditeurForm(FormulaireVerrouille):
    nom = forms.CharField(label="Nom", max_length=150)
    genre = forms.ChoiceField(label="Genre", choices=GenreEditeur.choices)
    siren = forms.RegexField(
        label="SIREN", regex=r"^\d{9}$", required=False,
        error_messages={"invalid": "Neuf chiffres, sans espace."},
    )  # fmt: skip
    site = ChampAdresse(label="Site")
    description = forms.CharField(
        label="Description", required=False, max_length=4000, widget=forms.Textarea(attrs=TEXTE)
    )
    liens = ChampLignes(label="Dans le programme", taille=120)


class RepresentantForm(forms.Form):
    courriel = forms.EmailField(
        label="Courriel de la personne", max_length=254,
        help_text="Un agent connu est inscrit tout de suite. Une autre personne reçoit un lien, et"
        " se crée un compte avec un second facteur : elle n’a pas besoin de ProConnect.",
    )  # fmt: skip


class ClauseForm(FormulaireVerrouille):
    titre = forms.CharField(label="Titre", max_length=150)
    theme = forms.ChoiceField(label="Thème", choices=ThemeClause.choices)
    pourquoi = forms.CharField(
        label="À quoi elle sert", required=False, max_length=2000,
        widget=forms.Textarea(attrs=TEXTE),
    )  # fmt: skip
    fondement = forms.CharField(label="Texte ou norme", required=False, max_length=300)
    texte = forms.CharField(
        label="Texte de la clause", max_length=10_000, widget=forms.Textarea(attrs={"rows": 10})
    )
    changement = forms.CharField(label="Ce qui change", required=False, max_length=300)
    liens = ChampLignes(label="À voir aussi", taille=120)


class ApiForm(FormulaireVerrouille):
    nom = forms.CharField(label="Nom", max_length=150)
    fournisseur = forms.CharField(label="Qui la fournit", max_length=150)
    phrase = forms.CharField(label="En une phrase", max_length=250)
    donnees = ChampLignes(label="Données données")
    acces = forms.ChoiceField(label="Accès", choices=AccesApi.choices)
    habilitation = forms.CharField(
        label="Habilitation", required=False, widget=forms.Textarea(attrs=TEXTE)
    )
    integration = forms.CharField(
        label="Comment l’intégrer", required=False, widget=forms.Textarea(attrs=TEXTE)
    )
    limites = forms.CharField(label="Limites", required=False, max_length=300)
    documentation = ChampAdresse(label="Documentation")
    annoncee_le = forms.DateField(
        label="Annoncée le", required=False, widget=forms.DateInput(attrs=JOUR)
    )
    annoncee_source = forms.CharField(label="Source de l’annonce", required=False, max_length=300)
    operable_le = forms.DateField(
        label="Utilisable le", required=False, widget=forms.DateInput(attrs=JOUR)
    )
    operable_source = forms.CharField(label="Source de l’ouverture", required=False, max_length=300)
    sources_socle = ChampLignes(
        label="Sources de données de Socle", taille=80,
        help_text="Codes des sources des formulaires : cnaf_quotient.",
    )  # fmt: skip
    sources = ChampColonnes(label="Sources", colonnes=("texte", "lieu", "url"))
    liens = ChampLignes(label="Dans le programme", taille=120)


class CasForm(FormulaireVerrouille):
    titre = forms.CharField(label="Titre", max_length=150)
    demarche = forms.CharField(
        label="Démarche", max_length=150, help_text="Celle que la collectivité propose."
    )
    explication = forms.CharField(
        label="Explication", required=False, max_length=4000, widget=forms.Textarea(attrs=TEXTE)
    )
    cadre = forms.CharField(label="Texte qui le permet", required=False, max_length=300)
    usages = ChampColonnes(
        label="API et ce qu’elles donnent", colonnes=("api", "donnees", "remplace"),
        help_text="Une ligne par API : fin de l’adresse de sa page | données reprises | ce que l’on"
        " ne demande plus. L’habilitation et les dates se changent sur la page de l’API.",
    )  # fmt: skip
    sources = ChampColonnes(label="Sources", colonnes=("texte", "lieu", "url"))
    liens = ChampLignes(label="Dans le programme", taille=120)


class CatalogueForm(FormulaireVerrouille):
    nom = forms.CharField(label="Nom du catalogue", max_length=150)
    url = ChampAdresse(label="Adresse du fichier")
    format = forms.ChoiceField(label="Format", choices=FormatCatalogue.choices)
    frequence = forms.ChoiceField(label="Relire", choices=Frequence.choices)
    licence = forms.CharField(label="Licence des données", required=False, max_length=100)
    actif = forms.BooleanField(label="Actif", required=False, initial=True)


class FichierForm(forms.Form):
    fichier = forms.FileField(label="Fichier", help_text="4 Mo au plus.")
