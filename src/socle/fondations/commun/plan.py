"""Plan des pages publiques de l’installation, pour les moteurs de recherche (`/sitemap.xml`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from socle.fondations.commun.registre import Registre


@dataclass(frozen=True, slots=True)
class PageDuPlan:
    """Une page publique : son chemin, et son dernier changement s’il est connu."""

    chemin: str
    modifiee_le: datetime | None = None


# Métier → ses pages publiques ; peu d’instructions SQL, et les plus récentes d’abord.
plans: Registre[Callable[[], Iterable[PageDuPlan]]] = Registre("plans")
