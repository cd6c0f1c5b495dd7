"""Une solution en publiccode.yml : ce qu’elle a reçu, mis à jour de ce que dit sa fiche."""

import copy
from typing import Any

from socle.metiers.catalogue.models import Solution
from socle.normes.publiccode.ecriture import clean, write_publiccode
from socle.normes.publiccode.validation import Anomalie, list_erreurs


def describe_publiccode(solution: Solution) -> dict[str, Any]:
    """Rend la fiche au format publiccode 0.4, conforme ou non."""
    fiche: dict[str, Any] = copy.deepcopy(solution.publiccode or {})
    fiche |= {
        "publiccodeYmlVersion": fiche.get("publiccodeYmlVersion") or "0.4",
        "name": solution.nom,
        "url": solution.depot,
        "landingURL": solution.site,
        "softwareVersion": solution.version,
        "releaseDate": solution.version_le.isoformat() if solution.version_le else "",
        "platforms": solution.plateformes or ["web"],
        "categories": solution.categories,
        "developmentStatus": solution.etat_logiciel,
        "softwareType": solution.type_logiciel,
    }
    langues = fiche.setdefault("description", {})
    langues["fr"] = dict(langues.get("fr") or {}) | {
        "shortDescription": solution.phrase,
        "longDescription": solution.description,
        "features": solution.fonctions,
        "documentation": solution.documentation,
    }
    fiche["legal"] = dict(fiche.get("legal") or {}) | {"license": solution.licence}
    fiche["maintenance"] = _describe_maintenance(solution, dict(fiche.get("maintenance") or {}))
    fiche["localisation"] = dict(fiche.get("localisation") or {"localisationReady": False}) | {
        "availableLanguages": solution.langues or ["fr"]
    }
    propre: dict[str, Any] = clean(fiche)
    return propre


def _describe_maintenance(solution: Solution, bloc: dict[str, Any]) -> dict[str, Any]:
    bloc["type"] = solution.maintenance
    if solution.maintenance in {"internal", "community"} and not bloc.get("contacts"):
        nom = solution.contact or (solution.editeur.nom if solution.editeur else "")
        bloc["contacts"] = [{"name": nom}]
    return bloc


def list_anomalies(solution: Solution) -> list[Anomalie]:
    """Rend ce qui empêche d’écrire le publiccode.yml de cette solution."""
    return list_erreurs(describe_publiccode(solution))


def write_fiche(solution: Solution) -> bytes:
    """Rend le fichier.

    Raises:
        PubliccodeInvalide: la fiche ne serait pas conforme (un service sans code, par exemple).
    """
    return write_publiccode(describe_publiccode(solution))
