"""Ce que la conservation demande aux métiers : qui suit une règle."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socle.fondations.commun.registre import Registre

if TYPE_CHECKING:
    from socle.fondations.collectivites.models import Collectivite


@dataclass(frozen=True, slots=True, kw_only=True)
class Emploi:
    """Un objet qui suit une règle de conservation.

    Attributes:
        chemin: son adresse d’agent, relative à l’accueil (« agent/demarches/3/ »).
        publie: vrai si des personnes ont pu lire la durée : la changer change ce qu’on leur a dit.
    """

    libelle: str
    chemin: str
    etat: str
    publie: bool


# Qui suit quelles règles d’une collectivité : identifiant de règle → emplois.
emplois: Registre[Callable[["Collectivite"], dict[int, list[Emploi]]]] = Registre(
    "emploi des règles de conservation"
)
