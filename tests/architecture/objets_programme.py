"""De quoi remplir les adresses du programme commun : un objet de chaque sorte.

Chaque métier ajoute ici sa fonction ; elle crée ce qu’il faut et rend `{"segment/nom": valeur}`.
"""

from collections.abc import Callable

from tests.metiers.adoption import fabrique as adoption
from tests.metiers.appels import fabrique as appels
from tests.metiers.catalogue import fabrique as catalogue
from tests.metiers.consultations import fabrique as consultations
from tests.metiers.diffusion import fabrique as diffusion
from tests.metiers.echeancier import fabrique as echeancier
from tests.metiers.espaces import fabrique as espaces
from tests.metiers.gouvernance import fabrique as gouvernance
from tests.metiers.pilotage import fabrique as pilotage

OBJETS: list[Callable[[], dict[str, str]]] = [
    echeancier.create_objets,
    espaces.create_objets,
    adoption.create_objets,
    catalogue.create_objets,
    consultations.create_objets,
    diffusion.create_objets,
    gouvernance.create_objets,
    pilotage.create_objets,
    appels.create_objets,
]


def create_objets() -> dict[str, str]:
    valeurs: dict[str, str] = {}
    for create in OBJETS:
        nouvelles = create()
        assert not set(nouvelles) & set(valeurs), "deux métiers remplissent la même valeur"
        valeurs |= nouvelles
    return valeurs
