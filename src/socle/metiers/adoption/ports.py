"""Ce que l’adoption attend d’ailleurs : des mesures, et la liste des solutions à suivre."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from socle.fondations.commun.registre import Registre


@dataclass(frozen=True, slots=True)
class Mesuree:
    """Une collectivité de l’installation dont on constate qu’elle se sert d’une solution.

    Attributes:
        solution: « franceconnect », sans préfixe.
        siren: de la collectivité.
    """

    solution: str
    siren: str


@dataclass(frozen=True, slots=True)
class MesureAdoption:
    """Une façon de constater l’usage.

    Attributes:
        solutions: toutes celles que cette mesure sait constater ; une collectivité absente du
            relevé a cessé de s’en servir.
        read: relevé du moment, lu sous le rôle qu’il demande.
    """

    solutions: tuple[str, ...]
    read: Callable[[], Iterable[Mesuree]]


mesures_adoption: Registre[MesureAdoption] = Registre("mesures d’adoption")
# Solutions publiées ailleurs (le catalogue) que l’on peut déclarer, sans préfixe.
solutions: Registre[Callable[[], Iterable[str]]] = Registre("solutions à suivre")
