"""Un contrôle de saisie par réglage de champ. Les bornes sont celles du modèle."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms

from socle.fondations.formulaires.definition import FORMATS
from socle.fondations.formulaires.ports import sources
from socle.fondations.formulaires.textes import fold

MO = 1_000_000
AUJOURDHUI = "aujourdhui"
AUTOCOMPLETE = [
    ("", "Aucune"), ("given-name", "Prénom"), ("family-name", "Nom de famille"),
    ("name", "Nom complet"), ("honorific-prefix", "Civilité"), ("email", "Adresse électronique"),
    ("tel", "Téléphone"), ("bday", "Date de naissance"), ("street-address", "Adresse"),
    ("postal-code", "Code postal"), ("address-level2", "Commune"), ("country-name", "Pays"),
    ("organization", "Organisme"),
]  # fmt: skip
NOMS_FORMATS = {
    "pdf": "PDF", "image": "Photo ou image", "document": "Texte", "tableur": "Tableur",
    "presentation": "Présentation", "texte": "Texte simple", "donnees": "Données",
    "archive": "Archive", "audio": "Son", "video": "Vidéo",
}  # fmt: skip
Fabrique = Callable[[], forms.Field]


class JourField(forms.CharField):
    """Un jour, ou « aujourd’hui » (le jour de la demande). Rend AAAA-MM-JJ ou « aujourdhui »."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, required=False, **kwargs)
        self.widget.attrs["class"] = "court"

    def to_python(self, value: Any) -> str:
        texte = super().to_python(value)
        if not texte or fold(texte).replace("'", "") == AUJOURDHUI:
            return AUJOURDHUI if texte else ""
        for forme in ("%d/%m/%Y", "%Y-%m-%d"):
            try:
                return datetime.strptime(texte, forme).date().isoformat()  # noqa: DTZ007
            except ValueError:
                continue
        raise forms.ValidationError("Écrivez une date (31/12/2026), ou « aujourd’hui ».")

    def prepare_value(self, value: Any) -> Any:
        if value == AUJOURDHUI:
            return "aujourd’hui"
        try:
            return date.fromisoformat(str(value)).strftime("%d/%m/%Y")
        except ValueError:
            return value


def _texte(label: str, aide: str = "", maximum: int = 300, classe: str = "") -> Fabrique:
    attributs = {"class": classe} if classe else {}
    return lambda: forms.CharField(
        label=label,
        help_text=aide,
        max_length=maximum,
        required=False,
        widget=forms.TextInput(attrs=attributs),
    )


def _zone(label: str, aide: str = "", maximum: int = 5000, lignes: int = 3) -> Fabrique:
    return lambda: forms.CharField(
        label=label,
        help_text=aide,
        max_length=maximum,
        required=False,
        widget=forms.Textarea(attrs={"rows": lignes}),
    )


def _entier(label: str, minimum: int | None, maximum: int, aide: str = "") -> Fabrique:
    return lambda: forms.IntegerField(
        label=label,
        help_text=aide,
        min_value=minimum,
        max_value=maximum,
        required=False,
        widget=forms.NumberInput(attrs={"class": "court"}),
    )


def _decimal(label: str, **bornes: Any) -> Fabrique:
    return lambda: forms.DecimalField(
        label=label,
        required=False,
        localize=True,
        widget=forms.TextInput(attrs={"class": "court", "inputmode": "decimal"}),
        **bornes,
    )


def _oui(label: str, aide: str = "") -> Fabrique:
    return lambda: forms.BooleanField(label=label, help_text=aide, required=False)


def _niveau() -> forms.Field:
    return forms.TypedChoiceField(
        label="Niveau du titre",
        help_text="Un niveau ne se saute pas : après un titre de niveau 1, 1 ou 2.",
        choices=[(1, "1, le plus grand"), (2, "2"), (3, "3")],
        coerce=int,
    )


def _formats() -> forms.Field:
    choix = [(nom, f"{NOMS_FORMATS[nom]} ({', '.join(FORMATS[nom])})") for nom in FORMATS]
    return forms.MultipleChoiceField(
        label="Formats acceptés", choices=choix, widget=forms.CheckboxSelectMultiple
    )


def _source() -> forms.Field:
    choix = [(code, f"{sources[code].titre} ({sources[code].organisme})") for code in sources]
    return forms.ChoiceField(
        label="Service interrogé", choices=[("", "À choisir"), *choix], required=False
    )


def _autocomplete() -> forms.Field:
    return forms.ChoiceField(
        label="Le navigateur peut proposer",
        help_text="Quand la question porte sur la personne elle-même (RGAA 11.13).",
        choices=AUTOCOMPLETE,
        required=False,
    )


GRAND = 10**15
FABRIQUES: dict[str, Fabrique] = {
    "libelle": _texte("Libellé", "La question, telle que l’usager la lit."),
    "aide": _zone("Aide", "Une phrase ou deux, sous le libellé.", 2000, 2),
    "obligatoire": _oui("La réponse est obligatoire"),
    "autocomplete": _autocomplete,
    "niveau": _niveau,
    "texte": _zone("Texte", lignes=5),
    "texte_replie": _zone("Suite du texte, montrée à la demande"),
    "longueur_max": _entier("Nombre de signes au plus", 1, 50_000),
    "minimum": _decimal("Au moins", min_value=-GRAND, max_value=GRAND, decimal_places=6),
    "maximum": _decimal("Au plus", min_value=-GRAND, max_value=GRAND, decimal_places=6),
    "unite": _texte("Unité", "Par exemple « € », « m² », « enfants ».", 100, "court"),
    "decimales": _entier("Chiffres après la virgule", 0, 6),
    "au_plus_tot": lambda: JourField(
        label="Au plus tôt", help_text="Une date (31/12/2026), ou « aujourd’hui »."
    ),
    "au_plus_tard": lambda: JourField(
        label="Au plus tard", help_text="Une date (31/12/2026), ou « aujourd’hui »."
    ),
    "options": _zone(
        "Réponses proposées",
        "Une par ligne. Corriger une ligne garde les réponses déjà données.",
        20_000,
        6,
    ),
    "autre": _oui("Proposer aussi « Autre », à préciser"),
    "etranger": _oui("Accepter une adresse à l’étranger"),
    "formats": _formats,
    "taille_max": _decimal("Taille d’un fichier au plus, en Mo", min_value=0.001, max_value=200),
    "nombre": _entier("Nombre de fichiers au plus", 1, 20),
    "formule": _zone("Formule", maximum=1000),
    "conclusion": _texte(
        "Phrase de conclusion", "Montrée sous le résultat ; « {valeur} » est remplacé par lui."
    ),
    "code": _source,
    "libelle_ligne": _texte("Nom d’une ligne, au singulier", "Par exemple « Enfant ».", 100),
    "libelle_ajout": _texte(
        "Texte du bouton qui en ajoute une", "Par exemple « Ajouter un enfant ».", 100
    ),
}
# Mêmes noms, autre sens : un nombre de réponses, de lignes.
PAR_TYPE: dict[tuple[str, str], Fabrique] = {
    ("nombre_entier", "minimum"): _entier("Au moins", -GRAND, GRAND),
    ("nombre_entier", "maximum"): _entier("Au plus", -GRAND, GRAND),
    ("choix_multiple", "maximum"): _entier("Nombre de réponses au plus", 1, 500),
    ("bloc_repetable", "maximum"): _entier("Nombre de lignes au plus", 1, 50),
    ("texte_long", "longueur_max"): _entier("Nombre de signes au plus", 100, 50_000),
    ("texte_court", "longueur_max"): _entier("Nombre de signes au plus", 1, 1000),
    ("nombre_decimal", "decimales"): _entier("Chiffres après la virgule", 1, 6),
    ("titre_section", "libelle"): _texte("Titre", "Ce que les questions suivantes ont en commun."),
    ("explication", "libelle"): _texte("Titre de l’explication"),
    ("champ_calcule", "libelle"): _texte("Libellé", "Ce que vaut le résultat : « Quotient »."),
}


def build_reglage(type_: str, nom: str) -> forms.Field:
    """Rend le contrôle d’un réglage."""
    champ = PAR_TYPE.get((type_, nom), FABRIQUES.get(nom))
    if champ is None:
        raise KeyError(f"Aucun contrôle pour le réglage « {nom} » de « {type_} ».")
    reglage = champ()
    reglage.sans_mention = True  # type: ignore[attr-defined]  # presque tout y est facultatif
    return reglage
