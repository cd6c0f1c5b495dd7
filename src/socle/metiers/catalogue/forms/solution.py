"""Écrire une fiche : des lignes simples à la place de tableaux à remplir."""

from typing import Any

from django import forms
from django.forms import BoundField

from socle.fondations.commun.verrou import FormulaireVerrouille
from socle.metiers.catalogue.enums import (
    Besoin,
    EtatEtape,
    EtatLogiciel,
    Maintenance,
    Moyens,
    Taille,
    TypeLogiciel,
)
from socle.metiers.catalogue.models import Editeur, Solution
from socle.normes.publiccode.validation import is_adresse, is_expression

TEXTE = {"rows": 4}
LIGNE_MAX = 60
JOUR = {"type": "date"}
GROUPES = (
    ("Ce que c’est", ("nom", "phrase", "description", "fonctions", "editeur")),
    ("Pour qui", ("besoins", "tailles", "moyens", "gratuite")),
    ("Avant de s’engager", ("modele_economique", "technique", "gouvernance", "perennite",
                            "deploiement")),
    ("Le logiciel", ("depot", "site", "documentation", "licence", "type_logiciel", "etat_logiciel",
                     "maintenance", "contact", "version", "version_le", "plateformes", "categories",
                     "langues")),
    ("D’où on le tient", ("chiffres", "sources", "liens")),
)  # fmt: skip


class ChampLignes(forms.CharField):
    """Une valeur par ligne."""

    def __init__(self, *, taille: int = 200, **options: Any) -> None:
        self.taille = taille
        super().__init__(
            required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}), **options
        )

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lignes = [ligne.strip() for ligne in super().clean(value).splitlines() if ligne.strip()]
        if len(lignes) > LIGNE_MAX or any(len(ligne) > self.taille for ligne in lignes):
            raise forms.ValidationError(
                f"{LIGNE_MAX} lignes au plus, de {self.taille} signes chacune."
            )
        return lignes


class ChampColonnes(ChampLignes):
    """Une ligne par objet, colonnes séparées par « | »."""

    def __init__(self, *, colonnes: tuple[str, ...], **options: Any) -> None:
        self.colonnes = colonnes
        super().__init__(taille=600, **options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(self._write(ligne) for ligne in value)

    def _write(self, ligne: dict[str, str]) -> str:
        return " | ".join(str(ligne.get(nom, "")) for nom in self.colonnes).rstrip(" |")

    def clean(self, value: Any) -> Any:
        objets = []
        for ligne in super().clean(value):
            valeurs = [morceau.strip() for morceau in ligne.split("|")]
            if len(valeurs) > len(self.colonnes) or not valeurs[0]:
                raise forms.ValidationError(f"Écrivez : {' | '.join(self.colonnes)}.")
            objets.append({n: v for n, v in zip(self.colonnes, valeurs, strict=False) if v})
        return objets


def check_adresse(valeur: str) -> None:
    if valeur and not is_adresse(valeur):
        raise forms.ValidationError("Écrivez une adresse complète, qui commence par https://.")


class ChampAdresse(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=300, required=False, validators=[check_adresse], **options)


class NouvelleSolutionForm(forms.Form):
    nom = forms.CharField(label="Nom de la solution", max_length=120)


class PubliccodeForm(forms.Form):
    fichier = forms.FileField(
        label="Fichier publiccode.yml",
        help_text="256 Ko au plus. Ce qui n’est pas conforme est dit, ligne par ligne.",
        widget=forms.FileInput(attrs={"accept": ".yml,.yaml"}),
    )


class SolutionForm(forms.Form):
    """La fiche entière."""

    nom = forms.CharField(label="Nom", max_length=120)
    phrase = forms.CharField(label="En une phrase", max_length=150)
    description = forms.CharField(
        label="Description", required=False, max_length=10_000,
        help_text="Markdown simple. 150 signes au moins pour un publiccode.yml.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    fonctions = ChampLignes(label="Ce qu’elle permet", help_text="Une ligne par fonction.")
    editeur: "forms.ModelChoiceField[Editeur]" = forms.ModelChoiceField(
        label="Qui la porte", queryset=None, required=False, empty_label="À choisir"
    )
    besoins = forms.MultipleChoiceField(
        label="Besoins", required=False, choices=Besoin.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    tailles = forms.MultipleChoiceField(
        label="Tailles de collectivité", required=False, choices=Taille.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    moyens = forms.ChoiceField(label="Moyens nécessaires", choices=Moyens.choices)
    gratuite = forms.BooleanField(label="Sans redevance", required=False)
    modele_economique = forms.CharField(
        label="Modèle économique", required=False, widget=forms.Textarea(attrs=TEXTE)
    )
    technique = forms.CharField(
        label="Caractéristiques techniques", required=False, widget=forms.Textarea(attrs=TEXTE)
    )
    gouvernance = forms.CharField(
        label="Gouvernance", required=False, widget=forms.Textarea(attrs=TEXTE)
    )
    perennite = forms.CharField(
        label="Options de pérennité", required=False, widget=forms.Textarea(attrs=TEXTE)
    )
    deploiement = ChampColonnes(
        label="Étapes de déploiement", colonnes=("titre", "detail"),
        help_text="Une ligne par étape : titre | détail.",
    )  # fmt: skip
    depot = ChampAdresse(label="Adresse du code")
    site = ChampAdresse(label="Site")
    documentation = ChampAdresse(label="Documentation")
    licence = forms.CharField(
        label="Licence (SPDX)", required=False, max_length=120, help_text="MIT, EUPL-1.2…"
    )
    type_logiciel = forms.ChoiceField(label="Sorte", choices=TypeLogiciel.choices)
    etat_logiciel = forms.ChoiceField(label="État du logiciel", choices=EtatLogiciel.choices)
    maintenance = forms.ChoiceField(label="Maintenance", choices=Maintenance.choices)
    contact = forms.CharField(label="Contact technique", required=False, max_length=150)
    version = forms.CharField(label="Version", required=False, max_length=40)
    version_le = forms.DateField(
        label="Date de la version", required=False, widget=forms.DateInput(attrs=JOUR)
    )
    plateformes = ChampLignes(label="Plateformes", taille=30)
    categories = ChampLignes(label="Catégories publiccode.yml", taille=60)
    langues = ChampLignes(label="Langues", taille=12, help_text="Codes : fr, en…")
    chiffres = ChampColonnes(
        label="Chiffres", colonnes=("valeur", "libelle", "date", "source"),
        help_text="Une ligne par chiffre : valeur | libellé | date | source.",
    )  # fmt: skip
    sources = ChampColonnes(
        label="Sources", colonnes=("texte", "lieu", "url"),
        help_text="Une ligne par source : texte | lieu | adresse.",
    )  # fmt: skip
    liens = ChampLignes(
        label="Dans le programme", taille=120,
        help_text="Clés des objets cités : action:2018-2020-1-3.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["editeur"].queryset = Editeur.objects.order_by("nom_tri")  # type: ignore[attr-defined]

    def clean_licence(self) -> str:
        licence: str = self.cleaned_data["licence"].strip()
        if licence and not is_expression(licence):
            raise forms.ValidationError("Écrivez un identifiant SPDX : MIT, EUPL-1.2…")
        return licence

    def clean_chiffres(self) -> list[dict[str, str]]:
        chiffres: list[dict[str, str]] = self.cleaned_data["chiffres"]
        if any(len(chiffre) < 4 for chiffre in chiffres):
            raise forms.ValidationError("Chaque chiffre a sa date et sa source.")
        return chiffres

    @property
    def groupes(self) -> list[tuple[str, list[BoundField]]]:
        """Champs par sujet."""
        return [(titre, [self[nom] for nom in noms]) for titre, noms in GROUPES]


def read_fiche(solution: Solution) -> dict[str, Any]:
    """Rend les valeurs de la fiche, pour l’ouvrir."""
    return {nom: getattr(solution, nom) for nom in SolutionForm.base_fields}


class EtapeForm(FormulaireVerrouille):
    """Une étape de la feuille de route."""

    titre = forms.CharField(label="Étape", max_length=150)
    detail = forms.CharField(label="Détail", required=False, widget=forms.Textarea(attrs=TEXTE))
    etat = forms.ChoiceField(label="État", choices=EtatEtape.choices)
    date_prevue = forms.DateField(
        label="Date prévue", required=False, widget=forms.DateInput(attrs=JOUR)
    )
    date_faite = forms.DateField(
        label="Date de fin", required=False, widget=forms.DateInput(attrs=JOUR)
    )
    source = forms.CharField(label="Source", required=False, max_length=300)


class RetraitForm(forms.Form):
    motif = forms.CharField(label="Pourquoi la retirer", max_length=300)
