"""D’une fiche publiccode.yml aux champs d’une solution."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from socle.metiers.catalogue.enums import EtatLogiciel, Maintenance, TypeLogiciel
from socle.metiers.catalogue.errors import FichierRefuse
from socle.normes.publiccode.errors import PubliccodeIllisible
from socle.normes.publiccode.lecture import read_publiccode
from socle.normes.publiccode.validation import is_adresse, list_erreurs

# Ni ligne vide, ni liste, ni titre, ni citation après ce retour.
COUPURE = re.compile(r"(?<!\n)\n(?![\n#>]|\s*(?:[-*+]|\d+[.)])\s)[ \t]*")


def read_champs(octets: bytes, *, strict: bool = True) -> dict[str, Any]:
    """Lit un publiccode.yml et rend les champs d’une solution, `nom` compris.

    Args:
        strict: refuse une fiche non conforme ; sinon, les valeurs fautives sont laissées.

    Raises:
        FichierRefuse: illisible, démesuré ou non conforme ; le message dit où.
    """
    try:
        donnees = read_publiccode(octets)
    except PubliccodeIllisible as cause:
        raise FichierRefuse(f"Ce publiccode.yml est refusé. {cause}") from cause
    erreurs = list_erreurs(donnees)
    if strict and erreurs:
        suite = " ".join(str(erreur) for erreur in erreurs[:5])
        raise FichierRefuse(f"Ce publiccode.yml n’est pas conforme. {suite}")
    return map_publiccode(donnees)


def map_publiccode(donnees: Mapping[str, Any]) -> dict[str, Any]:
    """Rend les champs qu’une fiche remplit ; ce qui n’a pas la bonne sorte est laissé."""
    langues = _dict(donnees.get("description"))
    bloc = _dict(langues.get("fr") or next(iter(langues.values()), {}))
    champs = {
        "nom": _texte(donnees.get("name"), 120),
        "phrase": _texte(bloc.get("shortDescription"), 150),
        "description": _join_lignes(_texte(bloc.get("longDescription"), 10_000)),
        "fonctions": _liste(bloc.get("features"), 200),
        "depot": _adresse(donnees.get("url")),
        "site": _adresse(donnees.get("landingURL")),
        "documentation": _adresse(bloc.get("documentation")),
        "licence": _texte(_dict(donnees.get("legal")).get("license"), 120),
        "type_logiciel": _choix(donnees.get("softwareType"), TypeLogiciel.values),
        "etat_logiciel": _choix(donnees.get("developmentStatus"), EtatLogiciel.values),
        "version": _texte(donnees.get("softwareVersion"), 40),
        "version_le": _jour(donnees.get("releaseDate")),
        "plateformes": _liste(donnees.get("platforms"), 30),
        "categories": _liste(donnees.get("categories"), 60),
        "langues": _liste(_dict(donnees.get("localisation")).get("availableLanguages"), 12),
    }
    champs |= _map_maintenance(_dict(donnees.get("maintenance")))
    remplis = {nom: valeur for nom, valeur in champs.items() if valeur not in ("", None, [])}
    return remplis | {"publiccode": dict(donnees)}


def _map_maintenance(bloc: dict[str, Any]) -> dict[str, Any]:
    contacts = bloc.get("contacts") if isinstance(bloc.get("contacts"), list) else []
    premier = _dict(contacts[0]) if contacts else {}
    return {
        "maintenance": _choix(bloc.get("type"), Maintenance.values),
        "contact": _texte(premier.get("name"), 150),
    }


def _dict(valeur: Any) -> dict[str, Any]:
    return valeur if isinstance(valeur, dict) else {}


def _join_lignes(texte: str) -> str:
    """Recolle les lignes d’un paragraphe : en CommonMark, un retour seul est une espace."""
    return COUPURE.sub(" ", texte)


def _texte(valeur: Any, maximum: int) -> str:
    return valeur.strip()[:maximum] if isinstance(valeur, str) else ""


def _liste(valeur: Any, maximum: int) -> list[str]:
    valeurs = [valeur] if isinstance(valeur, str) else valeur
    if not isinstance(valeurs, list):
        return []
    return [v.strip()[:maximum] for v in valeurs[:60] if isinstance(v, str) and v.strip()]


def _adresse(valeur: Any) -> str:
    return valeur if isinstance(valeur, str) and len(valeur) <= 300 and is_adresse(valeur) else ""


def _choix(valeur: Any, permis: list[str]) -> str:
    return valeur if valeur in permis else ""


def _jour(valeur: Any) -> date | None:
    try:
        return date.fromisoformat(valeur) if isinstance(valeur, str) else None
    except ValueError:
        return None
