"""Ce dont chaque simulateur a besoin : réglages, horloge, clés, mémoires bornées."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from socle.simulateurs.commun.cles import Trousseau
from socle.simulateurs.commun.sceaux import Sceaux
from socle.simulateurs.commun.usage_unique import UsageUnique
from socle.simulateurs.configuration import Configuration


@dataclass
class Contexte:
    """État partagé d’un processus de simulateurs.

    Attributes:
        horloge: secondes depuis 1970 ; les essais la règlent, rien d’autre ne lit l’heure.
        dormir: attend le nombre de secondes donné (défaillances « lent »).
    """

    configuration: Configuration
    horloge: Callable[[], float]
    dormir: Callable[[float], None]
    trousseau: Trousseau
    sceaux: Sceaux = field(init=False)
    usages: UsageUnique = field(init=False)
    revocations: UsageUnique = field(init=False)

    def __post_init__(self) -> None:
        self.sceaux = Sceaux(self.trousseau.sceau, self.horloge)
        self.usages = UsageUnique(self.horloge)
        self.revocations = UsageUnique(self.horloge)

    @property
    def racine(self) -> str:
        """Chemin public des simulateurs, sans barre finale (« /simulateurs » ou vide)."""
        return urlsplit(self.configuration.base_url).path

    def link(self, chemin: str) -> str:
        """Chemin public d’une page des simulateurs."""
        return f"{self.racine}/{chemin.lstrip('/')}"

    def address(self, chemin: str) -> str:
        """Adresse publique complète."""
        return f"{self.configuration.base_url}/{chemin.lstrip('/')}"

    def wait_slowly(self) -> None:
        self.dormir(self.configuration.lenteur)
