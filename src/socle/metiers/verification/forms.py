"""Le formulaire de la page : un fichier, et ce qu’il est."""

from typing import Any

from django import forms

from socle.fondations.commun.textes import format_taille
from socle.metiers.verification.ports import LIMITES, verificateurs


def list_natures() -> list[tuple[str, Any]]:
    """Natures proposées ; les schémas d’une norme sont groupés sous son titre."""
    natures: list[tuple[str, Any]] = [("", "Socle le reconnaît")]
    for code in verificateurs:
        verificateur = verificateurs[code]
        if verificateur.choix:
            choix = [(f"{code}:{valeur}", libelle) for valeur, libelle in verificateur.choix]
            natures.append((verificateur.titre, choix))
        else:
            natures.append((code, verificateur.titre))
    return natures


class FormulaireFichier(forms.Form):
    """`nature` est contrôlée par `services.reconnaissance`, pour la page comme pour l’API."""

    fichier = forms.FileField(
        label="Votre fichier",
        help_text=f"{format_taille(LIMITES.octets)} au plus. Il est effacé dès le contrôle fini.",
    )
    nature = forms.ChoiceField(
        label="Ce que c’est",
        choices=list_natures,
        required=False,
        help_text="À dire seulement si Socle se trompe, ou ne trouve pas le schéma.",
    )
    schema = forms.FileField(
        label="Votre schéma",
        required=False,
        help_text="Pour un tableau (CSV, XLSX, ODS) dont le schéma n’est pas dans la liste : un "
        f"Table Schema, en JSON, {format_taille(LIMITES.schema)} au plus.",
    )
