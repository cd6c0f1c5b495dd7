"""Ce que chaque page de l’équipe donne à changer ; le service en compare l’empreinte."""

from collections.abc import Iterable
from typing import Any

from socle.fondations.commun.verrou import read_valeurs
from socle.metiers.gouvernance.models import (
    Decision,
    Effet,
    Evaluation,
    Instance,
    LigneDeFeuille,
    PointOrdreDuJour,
    Reunion,
    Siege,
    VersionDeDecision,
)


def describe_instance(instance: Instance) -> dict[str, Any]:
    return read_valeurs(
        instance, "sigle", "nom", "mandat", "frequence", "delai_convocation", "quorum", "regle",
        "liens",
    )  # fmt: skip


def describe_siege(siege: Siege) -> dict[str, Any]:
    return read_valeurs(siege, "titulaire", "suppleant")


def describe_reunion(reunion: Reunion) -> dict[str, Any]:
    return read_valeurs(
        reunion, "titre", "debut", "fin", "lieu", "visio", "ouverte", "places", "liens"
    )


def describe_releve(reunion: Reunion) -> dict[str, Any]:
    return read_valeurs(reunion, "releve", "compte_rendu")


def describe_point(point: PointOrdreDuJour) -> dict[str, Any]:
    """Les fichiers joints n’en sont pas : ils ont leurs propres gestes. La place non plus.

    Un voisin retiré décale la place d’un point que personne n’a touché.
    """
    liens = "\n".join(f"{d['titre']} | {d['url']}" for d in point.documents if "url" in d)
    return read_valeurs(point, "titre", "texte", "minutes", "liens") | {"documents": liens}


def describe_proposition(decision: Decision) -> dict[str, Any]:
    version = VersionDeDecision.objects.get(decision=decision, rang=decision.rang)
    return {
        "titre": decision.titre,
        "texte": version.texte,
        "suites": write_suites(decision.effets.order_by("pk")),
        "reunion": str(decision.reunion_id or ""),
        "liens": decision.liens,
    }


def describe_version(version: VersionDeDecision) -> dict[str, Any]:
    return read_valeurs(version, "texte", "motif")


def describe_ligne(ligne: LigneDeFeuille) -> dict[str, Any]:
    return read_valeurs(
        ligne, "titre", "axe", "objectif", "date_prevue", "responsable", "motif", "liens"
    )


def describe_evaluation(evaluation: Evaluation) -> dict[str, Any]:
    return read_valeurs(
        evaluation, "action", "titre", "objectifs", "resultats", "a_garder", "a_changer",
        "redigee_par", "liens",
    )  # fmt: skip


def write_suites(effets: Iterable[Effet]) -> str:
    """Les suites d’une décision telles que l’équipe les saisit : une par ligne."""
    lignes = []
    for effet in effets:
        fin = effet.date_visee.isoformat() if effet.date_visee else effet.valeur
        lignes.append(" | ".join(m for m in (effet.cle, effet.texte, fin) if m))
    return "\n".join(lignes)
