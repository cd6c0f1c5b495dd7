"""Réglages d’un champ : le formulaire se déduit du modèle de son type."""

from typing import Any

from django import forms
from pydantic import ValidationError

from socle.fondations.formulaires.definition import FORMATS, TYPES_MODELES
from socle.fondations.formulaires.ports import sources
from socle.fondations.formulaires.textes import slugify
from socle.fondations.formulaires.types import types
from socle.metiers.demarches.forms.condition import (
    build_champs_condition,
    build_condition,
    read_condition,
)
from socle.metiers.demarches.services.edition import Definition, iter_listes

MO = 1_000_000
AUTOCOMPLETE = [
    ("", "Aucun"), ("given-name", "Prénom"), ("family-name", "Nom"), ("name", "Nom complet"),
    ("email", "Courriel"), ("tel", "Téléphone"), ("bday", "Date de naissance"),
    ("street-address", "Adresse"), ("postal-code", "Code postal"),
    ("address-level2", "Commune"), ("organization", "Organisme"),
]  # fmt: skip
IGNORES = ("id", "type", "champs", "modele", "condition")


def _texte(label: str, aide: str = "", maximum: int = 300) -> Any:
    return lambda: forms.CharField(label=label, help_text=aide, max_length=maximum, required=False)


def _zone(label: str, aide: str = "", maximum: int = 5000) -> Any:
    return lambda: forms.CharField(
        label=label,
        help_text=aide,
        max_length=maximum,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _entier(label: str, aide: str = "") -> Any:
    return lambda: forms.IntegerField(label=label, help_text=aide, required=False)


def _oui(label: str, aide: str = "") -> Any:
    return lambda: forms.BooleanField(label=label, help_text=aide, required=False)


DATE = "Une date (AAAA-MM-JJ), ou « aujourdhui »."
FABRIQUES: dict[str, Any] = {
    "libelle": _texte("Libellé", "La question, telle que l’usager la lit."),
    "aide": _zone("Aide", "Une phrase ou deux sous le libellé.", 2000),
    "obligatoire": _oui("Réponse obligatoire"),
    "autocomplete": lambda: forms.ChoiceField(
        label="Saisie automatique", choices=AUTOCOMPLETE, required=False
    ),
    "niveau": lambda: forms.TypedChoiceField(
        label="Niveau du titre", choices=[(1, "1"), (2, "2"), (3, "3")], coerce=int
    ),
    "texte": _zone("Texte"),
    "texte_replie": _zone("Texte montré à la demande"),
    "longueur_max": _entier("Nombre de signes au plus"),
    "minimum": lambda: forms.DecimalField(label="Au moins", required=False),
    "maximum": lambda: forms.DecimalField(label="Au plus", required=False),
    "unite": _texte("Unité", "Par exemple « € » ou « m² ».", 100),
    "decimales": _entier("Chiffres après la virgule"),
    "au_plus_tot": _texte("Au plus tôt", DATE, 20),
    "au_plus_tard": _texte("Au plus tard", DATE, 20),
    "options": _zone("Réponses proposées", "Une par ligne.", 20_000),
    "autre": _oui("Proposer aussi « Autre », à préciser"),
    "etranger": _oui("Accepter une adresse à l’étranger"),
    "formats": lambda: forms.MultipleChoiceField(
        label="Formats acceptés",
        choices=[(nom, f"{nom} ({', '.join(ext)})") for nom, ext in FORMATS.items()],
        widget=forms.CheckboxSelectMultiple,
    ),
    "taille_max": lambda: forms.DecimalField(
        label="Taille d’un fichier au plus (Mo)", min_value=0, max_value=200
    ),
    "nombre": _entier("Nombre de fichiers au plus"),
    "formule": _zone(
        "Formule",
        "Par exemple ARRONDI(revenu_fiscal / 12 / parts; 0), ou BAREME(tarif; quotient).",
        1000,
    ),
    "conclusion": _texte("Phrase de conclusion", "« {valeur} » est remplacé par le résultat."),
    "code": lambda: forms.ChoiceField(
        label="Service interrogé",
        choices=[("", "À choisir"), *((code, sources[code].titre) for code in sources)],
        required=False,
    ),
    "correspondances": _zone("Où vont les données", "Une par ligne : donnée = champ."),
    "libelle_ligne": _texte("Nom d’une ligne, au singulier", "Par exemple « Enfant ».", 100),
}


class ChampForm(forms.Form):
    """Réglages d’un champ existant. `attributs()` rend ce qui change, prêt pour la définition."""

    def __init__(
        self, donnees: Any = None, *, champ: dict[str, Any], definition: Definition
    ) -> None:
        self.champ = champ
        self.modele = TYPES_MODELES[champ["type"]]
        super().__init__(donnees, initial=read_champ(champ))
        for nom in self.modele.model_fields:
            if nom not in IGNORES:
                self.fields[nom] = FABRIQUES[nom]()
        self.fields.update(build_champs_condition(list_references(definition, champ["id"])))

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if self.errors:
            return donnees
        try:
            donnees["attributs"] = self._build(donnees)
        except forms.ValidationError as refus:
            self.add_error("condition_json", refus)
            return donnees
        enfants = {"champs": self.champ["champs"]} if "champs" in self.champ else {}
        essai = {k: v for k, v in donnees["attributs"].items() if v is not None} | enfants
        try:
            self.modele.model_validate({"id": self.champ["id"], "type": self.champ["type"]} | essai)
        except ValidationError as refus:
            for erreur in refus.errors(include_url=False, include_input=False)[:5]:
                nom = str(erreur["loc"][0]) if erreur["loc"] else ""
                self.add_error(nom if nom in self.fields else None, str(erreur["msg"]))
        return donnees

    def attributs(self) -> dict[str, Any]:
        rendus: dict[str, Any] = self.cleaned_data["attributs"]
        return rendus

    def _build(self, donnees: dict[str, Any]) -> dict[str, Any]:
        attributs: dict[str, Any] = {}
        for nom in self.modele.model_fields:
            if nom not in IGNORES:
                attributs[nom] = to_json(nom, donnees.get(nom), self.champ)
        attributs["condition"] = build_condition(donnees)
        return attributs


def to_json(nom: str, valeur: Any, champ: dict[str, Any]) -> Any:
    """Convertit une saisie en attribut JSON ; None ôte l’attribut."""
    if nom == "options":
        return parse_options(valeur or "", champ.get("options", []))
    if nom == "correspondances":
        return parse_correspondances(valeur or "")
    if nom == "taille_max":
        return int(valeur * MO)
    if nom in ("minimum", "maximum") and valeur is not None:
        return int(valeur) if valeur == valeur.to_integral_value() else float(valeur)
    return None if valeur == "" else valeur


def parse_options(texte: str, avant: list[Any]) -> list[dict[str, str]]:
    """Lit une option par ligne ; une option déjà connue garde son identifiant."""
    connus = {o["libelle"]: o["id"] for o in avant if isinstance(o, dict)}
    options: list[dict[str, str]] = []
    for ligne in texte.splitlines():
        libelle = ligne.strip()
        if libelle:
            options.append({"id": connus.get(libelle) or slugify(libelle), "libelle": libelle})
    return options


def parse_correspondances(texte: str) -> list[dict[str, str]]:
    """Lit « donnée = champ » par ligne ; une ligne sans signe égal est ignorée."""
    paires = [ligne.partition("=") for ligne in texte.splitlines() if "=" in ligne]
    return [{"donnee": donnee.strip(), "champ": champ.strip()} for donnee, _, champ in paires]


def read_champ(champ: dict[str, Any]) -> dict[str, Any]:
    """Rend les valeurs de départ, défauts du modèle compris."""
    modele = TYPES_MODELES[champ["type"]]
    valeurs = {
        nom: champ.get(nom, info.get_default())
        for nom, info in modele.model_fields.items()
        if nom not in IGNORES
    }
    if "options" in valeurs:
        textes = [o if isinstance(o, str) else o["libelle"] for o in valeurs["options"]]
        valeurs["options"] = "\n".join(textes)
    if "correspondances" in valeurs:
        paires = [f"{c['donnee']} = {c['champ']}" for c in valeurs["correspondances"]]
        valeurs["correspondances"] = "\n".join(paires)
    if "taille_max" in valeurs:
        valeurs["taille_max"] = valeurs["taille_max"] / MO
    if "formats" in valeurs:
        valeurs["formats"] = list(valeurs["formats"])
    return valeurs | read_condition(champ.get("condition"))


def list_references(definition: Definition, sauf: str) -> list[tuple[str, str]]:
    """Rend les champs dont une condition peut dépendre : saisis, avant celui-ci."""
    return [
        (champ["id"], champ.get("libelle") or champ["id"])
        for champs in iter_listes(definition)
        for champ in champs
        if champ["id"] != sauf and types[champ["type"]].nature != "aucune"
    ]


class AjoutForm(forms.Form):
    """Ajouter un champ à une page ou à un bloc."""

    type = forms.ChoiceField(label="Type de champ")
    libelle = forms.CharField(label="Libellé", max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = sorted(  # type: ignore[attr-defined]
            ((code, types[code].nom) for code in types), key=lambda choix: choix[1]
        )


class PageForm(forms.Form):
    titre = forms.CharField(label="Titre de la page", max_length=300)
    description = forms.CharField(
        label="Texte sous le titre", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class BaremeForm(forms.Form):
    """Table à seuils : « jusqu’à ; valeur » par ligne, la dernière sans borne."""

    id = forms.SlugField(label="Nom dans les formules", max_length=60)
    libelle = forms.CharField(label="Libellé", max_length=300)
    tranches = forms.CharField(
        label="Tranches",
        help_text="« jusqu’à ; valeur » par ligne, la dernière sans borne. Exemple : 300 ; 0,90",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    unite = forms.CharField(label="Unité des bornes", max_length=100, required=False)
    unite_valeur = forms.CharField(label="Unité de la valeur", max_length=100, required=False)
    acte = forms.CharField(label="Acte qui fixe le barème", max_length=300, required=False)

    def clean_id(self) -> str:
        return str(self.cleaned_data["id"]).replace("-", "_").lower()

    def clean_tranches(self) -> list[dict[str, float]]:
        try:
            return [parse_tranche(x) for x in self.cleaned_data["tranches"].splitlines() if x]
        except ValueError as cause:
            raise forms.ValidationError(
                "Chaque ligne a une borne, un point-virgule et une valeur : 300 ; 0,90."
            ) from cause


def parse_tranche(ligne: str) -> dict[str, float]:
    """Lit « 300 ; 0,90 » ou « ; 5,20 »."""
    borne, separe, valeur = ligne.replace(",", ".").partition(";")
    if not separe:
        raise ValueError(ligne)
    tranche = {"valeur": float(valeur)}
    return {"jusqu_a": float(borne)} | tranche if borne.strip() else tranche


def write_tranches(tranches: list[dict[str, Any]]) -> str:
    """Inverse de la saisie, pour rouvrir un barème."""
    return "\n".join(f"{t.get('jusqu_a', '')} ; {t['valeur']}" for t in tranches)
