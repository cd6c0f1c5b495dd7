"""Erreurs de forme d’une définition JSON, dites en français avec leur place."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from socle.fondations.formulaires.definition import TYPES_MODELES
from socle.fondations.formulaires.validation.anomalie import Anomalie

ERREURS_MAX = 50

_RAISONS = {
    "missing": "il manque « {cle} ».",
    "extra_forbidden": "« {cle} » n’existe pas ici.",
    "string_pattern_mismatch": "« {cle} » s’écrit en minuscules, chiffres et tirets bas.",
    "string_too_long": "« {cle} » est trop long.",
    "too_long": "« {cle} » contient trop d’éléments.",
    "too_short": "« {cle} » est vide.",
    "union_tag_invalid": "ce type de champ n’existe pas ici.",
    "union_tag_not_found": "ce champ n’a pas de type.",
    "literal_error": "« {cle} » n’a pas une valeur admise.",
    "greater_than_equal": "« {cle} » est trop petit.",
    "less_than_equal": "« {cle} » est trop grand.",
}
_TYPES = ("string_type", "int_type", "int_parsing", "bool_type", "bool_parsing", "tuple_type",
          "decimal_type", "decimal_parsing", "date_type", "model_type", "dict_type")  # fmt: skip


def describe_erreurs(cause: ValidationError, definition: Any) -> list[Anomalie]:
    """Rend une anomalie par erreur de forme, bornées en nombre."""
    erreurs = cause.errors(include_url=False, include_context=False)[:ERREURS_MAX]
    return [_describe(erreur, definition) for erreur in erreurs]


def _describe(erreur: Mapping[str, Any], definition: Any) -> Anomalie:
    place: Sequence[Any] = [p for p in erreur["loc"] if p not in TYPES_MODELES]
    cle = next((p for p in reversed(place) if isinstance(p, str)), "la définition")
    if erreur["type"] in _TYPES:
        raison = f"« {cle} » n’est pas du bon type."
    elif erreur["type"] == "value_error":
        raison = str(erreur["msg"]).removeprefix("Value error, ")
    else:
        modele = _RAISONS.get(erreur["type"], "« {cle} » n’est pas admis.")
        raison = modele.format(cle=cle)
    page, champ = _find_place(place, definition)
    return Anomalie(
        regle="forme",
        message=raison[:1].upper() + raison[1:],
        place=_write_place(place),
        page=page,
        champ=champ,
        attribut=cle,
    )


def _write_place(place: Sequence[Any]) -> str:
    """Rend « pages 2 › champs 3 » pour ("pages", 1, "champs", 2, "libelle")."""
    morceaux = []
    for rang, morceau in enumerate(place):
        if isinstance(morceau, int) and rang:
            morceaux.append(f"{place[rang - 1]} {morceau + 1}")
    return " › ".join(morceaux)


def _find_place(place: Sequence[Any], definition: Any) -> tuple[str, str]:
    """Rend les identifiants de la page et du champ fautifs quand ils sont lisibles."""
    page, champ, courant = "", "", definition
    for rang, morceau in enumerate(place):
        try:
            courant = courant[morceau]
        except (KeyError, IndexError, TypeError):
            break
        if not isinstance(morceau, int) or not isinstance(courant, Mapping):
            continue
        identifiant = str(courant.get("id", ""))[:100]
        if place[rang - 1] == "pages":
            page = identifiant
        elif place[rang - 1] == "champs":
            champ = identifiant
    return page, champ
