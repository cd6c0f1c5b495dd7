"""Écrire une définition : une ligne par colonne."""

from typing import Any

from socle.normes.scdl.schema import FAUX, VRAIS, Champ, Controle, Schema

_REGISTRE = "https://schema.data.gouv.fr/schemas"
_NOMS = {
    "unique": "unique",
    "motif": "pattern",
    "choix": "enum",
    "longueur_min": "minLength",
    "longueur_max": "maxLength",
    "minimum": "minimum",
    "maximum": "maximum",
}


def champ(
    nom: str,
    titre: str,
    *,
    type: str = "string",  # noqa: A002  c’est le mot de Table Schema
    format: str = "default",  # noqa: A002
    obligatoire: bool = False,
    forme: str = "",
    exemple: str = "",
    vrais: tuple[str, ...] = VRAIS,
    faux: tuple[str, ...] = FAUX,
    elements: list[str] | None = None,
    element_obligatoire: bool = False,
    **contraintes: Any,
) -> Champ:
    """Décrit une colonne ; les contraintes portent leur nom français (« motif », « choix »…)."""
    reste = {_NOMS[cle]: valeur for cle, valeur in contraintes.items()}
    element = (
        {"type": "string", "constraints": {"required": element_obligatoire, "enum": elements}}
        if elements
        else None
    )
    return Champ(
        nom,
        type,
        titre,
        format=format,
        contraintes={"required": obligatoire} | reste,
        forme=forme,
        exemple=exemple,
        vrais=vrais,
        faux=faux,
        element=element,
    )


def choisit(*valeurs: str) -> list[str]:
    """Liste des valeurs permises."""
    return list(valeurs)


def controle(nom: str, parametres: dict[str, Any]) -> Controle:
    """Contrôle de Validata, avec ses paramètres."""
    return Controle(nom, parametres)


def definit(
    nom: str, version: str, titre: str, *champs: Champ, controles: tuple[Controle, ...] = ()
) -> Schema:
    """Assemble un schéma ; son adresse est celle du registre national."""
    adresse = f"{_REGISTRE}/{nom}/{version.removeprefix('v')}/schema.json"
    return Schema(nom, version, champs, titre, controles, adresse=adresse)
