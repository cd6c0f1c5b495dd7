"""Champs communs : mot de passe, courriel, code."""

import re
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

AIDE_MOT_DE_PASSE = (
    "Au moins 12 caractères. Une phrase de quatre mots est sûre et facile à retenir. Vous pouvez"
    " coller celui de votre gestionnaire de mots de passe."
)
COURANTS = frozenset(
    {"motdepasse", "azertyuiop", "azerty", "qwerty", "qwertyuiop", "qsdfghjklm", "password",
     "bonjour", "soleil", "jetaime", "mairie", "commune", "collectivite", "administrateur",
     "administrator", "bienvenue", "franceconnect", "proconnect", "connexion", "marianne"}
)  # fmt: skip


class MotDePasseTropCourant:
    """Refuse ce que tout le monde essaie : un mot courant allongé, une suite, une répétition."""

    def validate(self, password: str, user: Any = None) -> None:
        lettres = re.sub(r"[^a-zà-ÿ]", "", password.casefold())
        chiffres = re.sub(r"\D", "", password)
        if lettres in COURANTS or len(set(password)) < 5 or (not lettres and _is_suite(chiffres)):
            raise ValidationError(
                "Ce mot de passe est trop facile à deviner : choisissez-en un autre.",
                code="trop_courant",
            )

    def get_help_text(self) -> str:
        return "Il ne doit pas être un mot courant, une suite ni une répétition."


def _is_suite(chiffres: str) -> bool:
    ecarts = {ord(b) - ord(a) for a, b in pairwise(chiffres)}
    return len(ecarts - {9, -9}) <= 1


class MotDePasseField(forms.CharField):
    """Mot de passe : jamais renvoyé dans la page, jamais taillé."""

    def __init__(self, *, label: str, neuf: bool = False, **options: Any) -> None:
        jeton = "new-password" if neuf else "current-password"
        options |= {"strip": False, "max_length": 1000}
        widget = forms.PasswordInput(attrs={"autocomplete": jeton})
        super().__init__(label=label, widget=widget, **options)


class CourrielField(forms.EmailField):
    def __init__(self, *, label: str = "Courriel", **options: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "email"})
        super().__init__(label=label, widget=widget, **options)

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).lower()


class CodeField(forms.CharField):
    """Code d’une application ou de secours : les espaces collés avec lui ne gênent pas."""

    def __init__(self, *, label: str, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"})
        super().__init__(label=label, widget=widget, max_length=40, **options)

    def clean(self, value: Any) -> str:
        return re.sub(r"\s", "", str(super().clean(value)))
