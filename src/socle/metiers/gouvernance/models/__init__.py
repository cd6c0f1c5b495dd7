"""Tables de la gouvernance, au niveau de l’installation : sans collectivité, lisibles de tous."""

from socle.metiers.gouvernance.models.decision import (
    Decision,
    Effet,
    Validation,
    VersionDeDecision,
    Vote,
)
from socle.metiers.gouvernance.models.feuille import FeuilleDeRoute, LigneDeFeuille
from socle.metiers.gouvernance.models.instance import Delegation, Instance, Siege
from socle.metiers.gouvernance.models.rapport import Evaluation, RapportMensuel
from socle.metiers.gouvernance.models.reunion import (
    Convocation,
    InscriptionAtelier,
    PointOrdreDuJour,
    Reunion,
)

__all__ = [
    "Convocation",
    "Decision",
    "Delegation",
    "Effet",
    "Evaluation",
    "FeuilleDeRoute",
    "InscriptionAtelier",
    "Instance",
    "LigneDeFeuille",
    "PointOrdreDuJour",
    "RapportMensuel",
    "Reunion",
    "Siege",
    "Validation",
    "VersionDeDecision",
    "Vote",
]
