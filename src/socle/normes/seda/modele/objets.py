"""Objets versés, numériques ou physiques, avant et après leur dépôt dans le paquet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifiantPerenne:
    """Identifiant pérenne, par exemple ARK (PersistentIdentifier, depuis SEDA 2.3)."""

    type: str
    contenu: str
    origine: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjetPhysique:
    """Objet qui n’est pas un fichier : registre, plan (PhysicalDataObject)."""

    identifiant: str
    cote: str  # PhysicalId
    usage: str = "PhysicalMaster_1"
    pages: int | None = None
    identifiants_perennes: tuple[IdentifiantPerenne, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjetBinaire:
    """Fichier à verser (BinaryDataObject).

    `ouvrir` rend un flux binaire neuf à chaque appel. `nom` est le nom d’origine, gardé dans
    FileInfo/Filename ; le fichier du paquet porte son empreinte, jamais ce nom.
    """

    identifiant: str
    nom: str
    ouvrir: Callable[[], BinaryIO]
    type_mime: str = ""
    usage: str = "BinaryMaster_1"
    modifie: datetime | None = None
    logiciel: str = ""
    identifiants_perennes: tuple[IdentifiantPerenne, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupeObjets:
    """Groupe d’objets (DataObjectGroup) : une même pièce sous plusieurs usages."""

    identifiant: str
    objets: tuple[ObjetBinaire, ...]
    physiques: tuple[ObjetPhysique, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """Format reconnu d’un fichier : identifiant PRONOM (« fmt/276 »), nom, type MIME."""

    puid: str
    nom: str = ""
    type_mime: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjetDepose:
    """Objet rangé dans le paquet : adresse, empreinte SHA-512, taille en octets, format."""

    objet: ObjetBinaire
    uri: str
    empreinte: str
    taille: int
    format: Format | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupeDepose:
    """Groupe dont tous les objets sont dans le paquet."""

    identifiant: str
    objets: tuple[ObjetDepose, ...]
    physiques: tuple[ObjetPhysique, ...] = ()
