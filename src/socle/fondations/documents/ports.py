"""Ce que les métiers disent de leurs documents. Clé : « dossier » pour l’objet « dossier:42 »."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest

from socle.fondations.commun.registre import Registre

if TYPE_CHECKING:
    from socle.fondations.documents.models import Document

MO = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Regles:
    """Limites d’un dépôt.

    Attributes:
        taille_max: octets par fichier ; None prend celle de l’installation.
        familles: familles acceptées (« pdf », « image »… voir `services.formats`) ; None les
            accepte toutes.
        nombre_max: fichiers présents sur l’objet, celui-ci compris.
        total_max: octets présents sur l’objet, celui-ci compris.
    """

    taille_max: int | None = None
    familles: frozenset[str] | None = None
    nombre_max: int = 100
    total_max: int = 1000 * MO


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """Droit de déposer, rendu par `depots` : qui dépose, sous quelles limites."""

    depose_par: str
    regles: Regles


# Qui peut lire : (requête, document) -> bool. Appelé sous le locataire du document.
acces: Registre[Callable[[HttpRequest, "Document"], bool]] = Registre("accès aux documents")
# Qui peut déposer par `documents:deposer` : (requête, objet) -> Depot, ou None pour refuser.
depots: Registre[Callable[[HttpRequest, str], Depot | None]] = Registre("dépôt de documents")
# Quels documents d’un objet servent encore : les autres, vieux de deux jours, sont retirés.
usages: Registre[Callable[[str, Iterable["Document"]], set[UUID]]] = Registre("usages de documents")


def get_prefixe(objet: str) -> str:
    """Rend « dossier » de « dossier:42 »."""
    return objet.partition(":")[0]
