"""Briques communes : textes bornés, identifiants, conditions figées, options, barèmes."""

import math
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from socle.fondations.formulaires.textes import clean_ligne, clean_texte, slugify

NOEUDS_MAX = 500
PROFONDEUR_MAX = 12
TEXTE_CONDITION_MAX = 500
NOMBRE_MAX = 10**15


class Modele(BaseModel):
    """Modèle figé : une définition publiée ne change plus, une clé inconnue est une erreur."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)


Identifiant = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
IdentifiantOption = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Court = Annotated[str, StringConstraints(max_length=100), AfterValidator(clean_ligne)]
Libelle = Annotated[str, StringConstraints(max_length=300), AfterValidator(clean_ligne)]
Texte = Annotated[str, StringConstraints(max_length=5000), AfterValidator(clean_texte)]
Nombre = Annotated[
    Decimal, Field(ge=-NOMBRE_MAX, le=NOMBRE_MAX, decimal_places=6, allow_inf_nan=False)
]


def _freeze(noeud: Any, profondeur: int, compteur: list[int]) -> Any:
    compteur[0] += 1
    if compteur[0] > NOEUDS_MAX or profondeur > PROFONDEUR_MAX:
        raise ValueError("Cette condition est trop longue ou trop imbriquée.")
    if isinstance(noeud, list | tuple):
        return tuple(_freeze(n, profondeur + 1, compteur) for n in noeud)
    return _freeze_feuille(noeud)


def _freeze_feuille(feuille: Any) -> Any:
    if feuille is None or isinstance(feuille, bool):
        return feuille
    if isinstance(feuille, str) and len(feuille) <= TEXTE_CONDITION_MAX:
        return clean_ligne(feuille)
    if isinstance(feuille, float) and math.isfinite(feuille):
        feuille = Decimal(repr(feuille))
    if isinstance(feuille, Decimal) and feuille.is_finite() and abs(feuille) <= NOMBRE_MAX:
        return feuille if feuille == Decimal(repr(float(feuille))) else str(feuille)
    if isinstance(feuille, int) and abs(feuille) <= NOMBRE_MAX:
        return feuille
    raise ValueError("Une condition ne contient que des listes, des textes et des nombres.")


def freeze_condition(condition: Any) -> Any:
    """Rend la condition en tuples imbriqués, ou lève ValueError si elle dépasse les bornes."""
    if condition is None:
        return None
    if not isinstance(condition, list | tuple):
        raise ValueError("Une condition est une liste qui commence par un opérateur.")
    return _freeze(condition, 0, [0])


def condition_vers_json(condition: Any) -> Any:
    """Rend la condition en listes, prête pour JSON. Inverse de `freeze_condition`."""
    if isinstance(condition, tuple | list):
        return [condition_vers_json(c) for c in condition]
    if isinstance(condition, Decimal):
        return float(condition)
    return condition


Condition = Annotated[
    Any,
    BeforeValidator(freeze_condition),
    PlainSerializer(condition_vers_json),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "minItems": 1, "prefixItems": [{"type": "string"}]},
                {"type": "null"},
            ],
            "description": "Condition en JSON préfixé, par exemple "
            '["and", ["=", ["champ", "enfants"], "oui"], [">=", ["champ", "age"], 3]].',
        }
    ),
]


class Option(Modele):
    """Une réponse possible. Un simple texte est accepté : son identifiant en est tiré."""

    id: IdentifiantOption
    libelle: Libelle

    @model_validator(mode="before")
    @classmethod
    def accept_texte(cls, donnees: Any) -> Any:
        """Accepte « Lundi » pour {"id": "lundi", "libelle": "Lundi"}."""
        if isinstance(donnees, str):
            return {"id": slugify(donnees), "libelle": donnees}
        return donnees


class Tranche(Modele):
    """Une tranche de barème : la valeur qui s’applique jusqu’à une borne (None : sans limite)."""

    jusqu_a: Nombre | None = None
    valeur: Nombre


class Bareme(Modele):
    """Table à seuils votée par la collectivité.

    Attributes:
        tranches: de la plus basse à la plus haute ; la dernière n’a pas de borne.
        borne_incluse: vrai si « jusqu’à 800 € » comprend 800 €.
        unite: unité des bornes ; `unite_valeur` est celle du résultat.
        acte: acte qui fixe le barème (« Délibération n° 2026-118 du 16 novembre 2026 »).
    """

    id: Identifiant
    libelle: Libelle = ""
    tranches: Annotated[tuple[Tranche, ...], Field(max_length=200)] = ()
    borne_incluse: bool = True
    unite: Court = ""
    unite_valeur: Court = ""
    acte: Libelle = ""
