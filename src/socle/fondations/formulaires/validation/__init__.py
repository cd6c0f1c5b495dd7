"""Contrôle d’une définition avant publication : chaque anomalie dit où et pourquoi.

anomalies = check_formulaire(version.definition)
publiable = not list_bloquantes(anomalies)
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from socle.fondations.formulaires import ports
from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.enums import Gravite
from socle.fondations.formulaires.validation.accessibilite import check_accessibilite
from socle.fondations.formulaires.validation.anomalie import Anomalie, make_index
from socle.fondations.formulaires.validation.dependances import check_dependances
from socle.fondations.formulaires.validation.forme import describe_erreurs
from socle.fondations.formulaires.validation.solveur import check_contradictions
from socle.fondations.formulaires.validation.sources import check_sources
from socle.fondations.formulaires.validation.structure import check_structure

__all__ = ["Anomalie", "check_formulaire", "list_bloquantes"]


def check_formulaire(
    definition: Formulaire | Mapping[str, Any],
    sources: Mapping[str, ports.SourceDonnees] | None = None,
) -> list[Anomalie]:
    """Rend toutes les anomalies d’une définition, dans l’ordre de lecture. Ne lève jamais.

    Args:
        definition: définition ou son JSON ; un JSON mal formé donne des anomalies lui aussi.
        sources: sources branchées ; celles du registre par défaut.
    """
    if not isinstance(definition, Formulaire):
        try:
            definition = Formulaire.model_validate(definition)
        except ValidationError as cause:
            return describe_erreurs(cause, definition)
        except RecursionError:
            return [Anomalie(regle="forme", message="Cette définition est trop imbriquée.")]
    index = make_index(definition)
    if sources is None:
        sources = {code: ports.sources[code] for code in ports.sources}
    dependances = list(check_dependances(index))
    fautifs = {a.champ or a.page for a in dependances}
    anomalies = [
        *check_structure(index),
        *dependances,
        *check_contradictions(index, fautifs),
        *check_sources(index, sources),
        *check_accessibilite(index),
    ]
    rangs = {page.id: rang for rang, page in reversed(list(enumerate(definition.pages)))}
    champs = {identifiant: element.rang for identifiant, element in index.par_id.items()}
    return sorted(anomalies, key=lambda a: (rangs.get(a.page, -1), champs.get(a.champ, -1)))


def list_bloquantes(anomalies: Iterable[Anomalie]) -> list[Anomalie]:
    """Rend les anomalies qui interdisent la publication."""
    return [anomalie for anomalie in anomalies if anomalie.gravite is Gravite.BLOQUANTE]
