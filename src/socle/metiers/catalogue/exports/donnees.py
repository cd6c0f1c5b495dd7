"""Données ouvertes du catalogue. Licence Ouverte 2.0 ; rien qui ne soit déjà public."""

from collections.abc import Iterable, Iterator
from typing import Any

from socle.metiers.catalogue.models import Api, Solution

COLONNES = (
    "identifiant", "nom", "phrase", "editeur", "besoins", "tailles", "moyens", "licence", "depot",
    "site", "version", "labellisee", "modele_economique", "adresse",
)  # fmt: skip
LICENCE = "Licence Ouverte 2.0"


def describe_solution(solution: Solution, racine: str) -> dict[str, Any]:
    """Rend une fiche pour les autres catalogues ; `racine` : adresse de l’installation."""
    return {
        "identifiant": solution.slug,
        "nom": solution.nom,
        "phrase": solution.phrase,
        "description": solution.description,
        "editeur": solution.editeur.nom if solution.editeur else "",
        "besoins": solution.besoins,
        "tailles": solution.tailles,
        "moyens": solution.moyens,
        "licence": solution.licence,
        "depot": solution.depot,
        "site": solution.site,
        "version": solution.version,
        "labellisee": bool(getattr(solution, "labellisee", False)),
        "modele_economique": solution.modele_economique,
        "technique": solution.technique,
        "gouvernance": solution.gouvernance,
        "perennite": solution.perennite,
        "deploiement": solution.deploiement,
        "chiffres": solution.chiffres,
        "sources": solution.sources,
        "modifiee_le": solution.modifie_le.isoformat(),
        "adresse": f"{racine}/catalogue/{solution.slug}/",
    }


def build_json(solutions: Iterable[Solution], racine: str) -> dict[str, Any]:
    return {
        "licence": LICENCE,
        "solutions": [describe_solution(solution, racine) for solution in solutions],
    }


def iter_lignes(solutions: Iterable[Solution], racine: str) -> Iterator[list[Any]]:
    """Rend les lignes du CSV, l’en-tête d’abord ; une liste se lit séparée par « | »."""
    yield list(COLONNES)
    for solution in solutions:
        fiche = describe_solution(solution, racine)
        yield [_plat(fiche[nom]) for nom in COLONNES]


def _plat(valeur: Any) -> Any:
    if isinstance(valeur, list):
        return "|".join(valeur)
    return {True: "oui", False: "non"}.get(valeur, valeur) if isinstance(valeur, bool) else valeur


def describe_api(api: Api, racine: str) -> dict[str, Any]:
    return {
        "identifiant": api.slug,
        "nom": api.nom,
        "fournisseur": api.fournisseur,
        "phrase": api.phrase,
        "donnees": api.donnees,
        "acces": api.acces,
        "annoncee_le": api.annoncee_le and api.annoncee_le.isoformat(),
        "operable_le": api.operable_le and api.operable_le.isoformat(),
        "delai_jours": api.delai_jours,
        "demarches": api.demarches,
        "adresse": f"{racine}/catalogue/api/{api.slug}/",
    }
