"""Ce que l’appelant donne d’un dossier à verser. Des tuples simples : aucun modèle d’un métier."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.presentation import EtapeDuFil
from socle.fondations.commun.registre import Registre


class Dates(NamedTuple):
    """Jours d’un dossier, à l’heure de Paris."""

    depot: date
    cloture: date
    decision: date | None = None


class Piece(NamedTuple):
    """Pièce à verser. `ouvrir` rend un flux binaire neuf ; `role` est une valeur de `RolePiece`."""

    nom: str
    ouvrir: Callable[[], BinaryIO]
    type_mime: str
    role: str


class Trace(NamedTuple):
    """Événement de la vie du dossier. `acteur` comme au journal (« agent:12 »), jamais un nom."""

    quand: datetime
    code: str
    libelle: str
    acteur: str = ""


class Reponse(NamedTuple):
    """Ce que le service d’archives a répondu, lu dans un fichier ou noté à la main.

    `sens` est une valeur de `SensDeReponse` ; `message` est l’identifiant du message auquel il
    répond ; `reference` est ce qu’il a donné au dossier (cote, identifiant) ; `identifiant` celui
    de sa réponse ; `reserve` : accepté avec des remarques ; `evenements` et `unites` du fichier.
    """

    sens: str
    message: str
    date: date
    reference: str = ""
    service: str = ""
    motif: str = ""
    identifiant: str = ""
    reserve: bool = False
    evenements: Sequence[Mapping[str, Any]] = ()
    unites: Mapping[str, Any] = MappingProxyType({})


# Le fil d’un dossier, tel que l’usager et l’agent le lisent : (collectivité, référence du dossier,
# jour) -> étapes ; une liste vide si le dossier n’existe plus.
LireFil = Callable[[Collectivite, str, date], list[EtapeDuFil]]
fils: Registre[LireFil] = Registre("fil d’un dossier")
