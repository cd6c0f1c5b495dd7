"""Ce que la conservation demande aux métiers : qui suit une règle, et ce que les archives ont."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Remise:
    """Où en est la remise d’un dossier au service d’archives.

    Attributes:
        acceptee: le service d’archives l’a prise en charge, et rien ne l’a remise en cause.
        reference: ce qu’il a donné au dossier (cote, identifiant), si elle est acceptée.
        raison: ce qui manque, sinon ; une phrase.
        suite: ce que l’archiviste fait ; une phrase.
        chemin: adresse d’agent où le faire, relative à l’accueil.
    """

    acceptee: bool
    reference: str = ""
    service: str = ""
    acceptee_le: date | None = None
    raison: str = ""
    suite: str = ""
    chemin: str = ""


class Remises(Protocol):
    """Ce que les archives ont, par référence de dossier."""

    def list_acceptees(self, collectivite_id: int) -> Any:
        """Rend une sous-requête : les références des dossiers pris en charge."""

    def map_remises(
        self, collectivite_id: int, references: Collection[str], *, verrouiller: bool
    ) -> dict[str, Remise]:
        """Rend la remise de chaque dossier qui en a une ; `verrouiller` : jusqu’à la fin."""


remises: Registre[Remises] = Registre("remises aux archives")
