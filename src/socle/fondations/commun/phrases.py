"""Les refus que Django écrit dans un formulaire, avec nos mots : dire quoi faire, sans jargon.

Les classes de Django gardent leurs phrases en attributs : les changer ici vaut pour tous les
formulaires, ceux des paquets compris. Un champ peut toujours donner les siennes
(`error_messages`).
"""

from django import forms
from django.core import validators

REQUIS = "Remplissez ce champ."
CHOIX = "Choisissez une réponse."
CHOIX_INCONNU = "Choisissez une réponse de la liste."
PHRASES: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": REQUIS},
    forms.BooleanField: {"required": "Cochez cette case pour continuer."},
    forms.ChoiceField: {"required": CHOIX, "invalid_choice": CHOIX_INCONNU},
    forms.ModelChoiceField: {"required": CHOIX, "invalid_choice": CHOIX_INCONNU},
    forms.MultipleChoiceField: {
        "required": "Choisissez une réponse au moins.",
        "invalid_choice": CHOIX_INCONNU,
        "invalid_list": CHOIX_INCONNU,
    },
    forms.ModelMultipleChoiceField: {
        "required": "Choisissez une réponse au moins.",
        "invalid_choice": CHOIX_INCONNU,
        "invalid_list": CHOIX_INCONNU,
        "invalid_pk_value": CHOIX_INCONNU,
    },
    forms.IntegerField: {"invalid": "Écrivez un nombre entier, par exemple 12."},
    forms.DecimalField: {"invalid": "Écrivez un nombre, par exemple 12,50."},
    forms.FloatField: {"invalid": "Écrivez un nombre, par exemple 12,5."},
    forms.DateField: {"invalid": "Écrivez une date, par exemple 31/12/2026."},
    forms.DateTimeField: {
        "invalid": "Écrivez une date et une heure, par exemple 31/12/2026 14:30."
    },
    forms.TimeField: {"invalid": "Écrivez une heure, par exemple 14:30."},
    forms.URLField: {"invalid": "Écrivez une adresse complète, par exemple https://exemple.fr."},
    forms.JSONField: {"invalid": "Cet envoi est illisible. Rechargez la page, puis recommencez."},
    forms.FileField: {
        "required": "Choisissez un fichier.",
        "invalid": "Choisissez un fichier.",
        "missing": "Choisissez un fichier.",
        "empty": "Ce fichier est vide. Choisissez-en un autre.",
    },
    forms.ImageField: {
        "invalid_image": "Ce fichier n’est pas une image, ou il est abîmé. Choisissez-en un autre."
    },
}
VERIFICATIONS: dict[type, str] = {
    validators.URLValidator: PHRASES[forms.URLField]["invalid"],
    validators.EmailValidator: "Écrivez une adresse de courriel, par exemple nom@exemple.fr.",
    validators.MaxValueValidator: "Écrivez un nombre qui ne dépasse pas %(limit_value)s.",
    validators.MinValueValidator: "Écrivez un nombre d’au moins %(limit_value)s.",
    validators.MaxLengthValidator: (
        "Raccourcissez ce texte : %(limit_value)d caractères au plus, il en a %(show_value)d."
    ),
    validators.MinLengthValidator: (
        "Ce texte est trop court : %(limit_value)d caractères au moins, il en a %(show_value)d."
    ),
    validators.RegexValidator: "Cette forme n’est pas celle attendue. Suivez l’exemple donné.",
    validators.ProhibitNullCharactersValidator: "Ôtez les caractères invisibles de ce texte.",
}


def install_phrases() -> None:
    """Met nos phrases à la place de celles de Django, une fois par processus."""
    for champ, phrases in PHRASES.items():
        # Un dictionnaire à soi : plusieurs classes de Django partagent celui de leur mère.
        champ.default_error_messages = {**vars(champ).get("default_error_messages", {}), **phrases}
    for verification, phrase in VERIFICATIONS.items():
        verification.message = phrase  # type: ignore[attr-defined]
