"""Textes courts et longs."""

from datetime import date
from typing import Any

from socle.fondations.formulaires.definition import TexteCourt, TexteLong
from socle.fondations.formulaires.textes import format_nombre
from socle.fondations.formulaires.types.base import Donnees, Lecture, TypeChamp
from socle.fondations.formulaires.valeurs import Json


def check_longueur(texte: str, maximum: int) -> str:
    """Dit de combien un texte dépasse sa limite."""
    if len(texte) <= maximum:
        return ""
    return (
        f"Ce texte dépasse la limite de {format_nombre(maximum)} caractères. "
        "Raccourcissez-le : rien n’est perdu."
    )


class TypeTexteCourt(TypeChamp[TexteCourt]):
    code = "texte_court"
    nom = "Texte court"

    def parse(self, champ: TexteCourt, donnees: Donnees, nom: str) -> Lecture:
        return Lecture(valeur=donnees.ligne(nom, 10_000) or None)

    def check(self, champ: TexteCourt, valeur: Json, jour: date) -> str:
        return super().check(champ, valeur, jour) or check_longueur(valeur, champ.longueur_max)

    def export_schema(self, champ: TexteCourt) -> dict[str, Any]:
        return {"type": "string", "maxLength": champ.longueur_max}


class TypeTexteLong(TypeChamp[TexteLong]):
    code = "texte_long"
    nom = "Texte long"
    gabarit = "formulaires_types/texte_long.html"
    duree = 60

    def parse(self, champ: TexteLong, donnees: Donnees, nom: str) -> Lecture:
        return Lecture(valeur=donnees.texte(nom) or None)

    def check(self, champ: TexteLong, valeur: Json, jour: date) -> str:
        return super().check(champ, valeur, jour) or check_longueur(valeur, champ.longueur_max)

    def export_schema(self, champ: TexteLong) -> dict[str, Any]:
        return {"type": "string", "maxLength": champ.longueur_max}
