"""Ce que l’on publie. Une valeur absente est vide ; les adresses (`uri`, `url`) sont absolues.

Là où une valeur est d’un vocabulaire (`frequence`, `themes`, `licence`, `acces`, `format`,
`langue`), on met un de nos noms (`vocabulaire`) ou l’adresse du terme.
"""

from dataclasses import dataclass
from datetime import date, datetime

Jour = date | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Qui publie."""

    uri: str
    nom: str
    siret: str = ""
    page: str = ""
    courriel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """À qui écrire."""

    nom: str
    courriel: str = ""
    page: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Periode:
    """Ce que couvrent les données, bornes comprises."""

    debut: date | None = None
    fin: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lieu:
    """`emprise` : ouest, sud, est, nord, en degrés WGS 84."""

    uri: str = ""
    nom: str = ""
    emprise: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Un thème hors du vocabulaire européen."""

    uri: str
    nom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Une façon d’obtenir le jeu ; `url` est l’adresse du fichier, stable d’une version à l’autre.

    Attributes:
        page: page d’où l’on obtient le fichier, si ce n’est pas `url`.
        taille: octets. `empreinte` : en hexadécimal, de l’algorithme `algorithme`.
        service: adresse d’un service du catalogue.
    """

    uri: str
    url: str
    titre: str = ""
    description: str = ""
    identifiant: str = ""
    page: str = ""
    format: str = ""
    type_mime: str = ""
    taille: int | None = None
    empreinte: str = ""
    algorithme: str = "sha256"
    licence: str = ""
    conforme_a: tuple[str, ...] = ()
    publie_le: Jour = None
    modifie_le: Jour = None
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JeuDeDonnees:
    """Un jeu ; `identifiant` est sa clé chez qui moissonne : à ne jamais changer."""

    uri: str
    identifiant: str
    titre: str
    description: str
    editeur: Agent | None = None
    contact: Contact | None = None
    mots_cles: tuple[str, ...] = ()
    themes: tuple[str | Theme, ...] = ()
    frequence: str = ""
    periode: Periode | None = None
    lieux: tuple[Lieu, ...] = ()
    licence: str = ""
    acces: str = "public"
    page: str = ""
    langue: str = ""
    version: str = ""
    conforme_a: tuple[str, ...] = ()
    documentation: tuple[str, ...] = ()
    publie_le: Jour = None
    modifie_le: Jour = None
    distributions: tuple[Distribution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDeDonnees:
    """Une API ; `url` est son adresse, `contrat` sa description OpenAPI, `jeux` des adresses."""

    uri: str
    identifiant: str
    titre: str
    url: str
    description: str = ""
    contrat: str = ""
    jeux: tuple[str, ...] = ()
    editeur: Agent | None = None
    contact: Contact | None = None
    mots_cles: tuple[str, ...] = ()
    themes: tuple[str | Theme, ...] = ()
    licence: str = ""
    acces: str = "public"
    page: str = ""
    conforme_a: tuple[str, ...] = ()
    publie_le: Jour = None
    modifie_le: Jour = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """`langue` est celle de tous les textes ; `editeur`, celui des jeux qui n’en ont pas."""

    uri: str
    titre: str
    description: str
    editeur: Agent
    page: str = ""
    langue: str = "fr"
    licence: str = ""
    publie_le: Jour = None
    modifie_le: Jour = None
    jeux: tuple[JeuDeDonnees, ...] = ()
    services: tuple[ServiceDeDonnees, ...] = ()
