from socle.metiers.pilotage.models.action import Action, Preuve, Recommandation
from socle.metiers.pilotage.models.base import Modification, ObjetDuProgramme
from socle.metiers.pilotage.models.indicateur import Indicateur, Releve, Valeur
from socle.metiers.pilotage.models.programme import (
    Axe,
    EvenementCle,
    Partenaire,
    Principe,
    Programme,
    Temoignage,
)

__all__ = [
    "Action",
    "Axe",
    "EvenementCle",
    "Indicateur",
    "Modification",
    "ObjetDuProgramme",
    "Partenaire",
    "Preuve",
    "Principe",
    "Programme",
    "Recommandation",
    "Releve",
    "Temoignage",
    "Valeur",
]
