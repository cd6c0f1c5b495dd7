"""Deux fiches du même appel : ce qui diffère, dans les mots de la page publique."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from socle.fondations.commun.textes import (
    INSECABLE,
    format_euros,
    format_jour,
    format_nombre,
    join_mots,
)
from socle.fondations.referentiels.queries import load_territoires, name_territoire
from socle.metiers.appels.models import Appel

RIEN = "rien"
LONGUEUR_MAX = 400
HABITANTS = ("population_min", "population_max")


def compare(garde: Appel, double: Appel, champs: Collection[str]) -> list[dict[str, Any]]:
    """Rend les champs qui diffèrent : leur nom, leurs deux valeurs, `vide` sans la première."""
    return [
        {"champ": champ, "nom": getattr(Appel._meta.get_field(champ), "verbose_name", champ),
         "garde": write_valeur(champ, getattr(garde, champ)),
         "double": write_valeur(champ, getattr(double, champ)),
         "vide": getattr(garde, champ) in (None, "", [])}
        for champ in champs
        if getattr(garde, champ) != getattr(double, champ)
    ]  # fmt: skip


def write_valeur(champ: str, valeur: Any) -> str:
    """Écrit la valeur d’un champ : « 15 000 € », « Services en ligne et Communs », « rien »."""
    if valeur in (None, "", []):
        return RIEN
    if isinstance(valeur, list):
        return join_mots(_name_mots(champ, valeur))
    if isinstance(valeur, date):
        return format_jour(valeur)
    if champ in HABITANTS:
        return f"{format_nombre(valeur)} habitants"
    if champ == "taux":
        return f"{format_nombre(valeur)}{INSECABLE}%"
    if isinstance(valeur, Decimal):
        return format_euros(valeur)
    return _name_choix(Appel._meta.get_field(champ), valeur)[:LONGUEUR_MAX]


def _name_mots(champ: str, valeurs: list[str]) -> list[str]:
    if champ == "territoires":
        noms = load_territoires()
        return [name_territoire(code, noms) for code in valeurs]
    element = getattr(Appel._meta.get_field(champ), "base_field", None)
    return [_name_choix(element, valeur) for valeur in valeurs]


def _name_choix(champ: Any, valeur: Any) -> str:
    choix = dict(getattr(champ, "flatchoices", None) or ())
    return str(choix.get(valeur, valeur))
