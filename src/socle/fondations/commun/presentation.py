"""Ce que les vues donnent aux composants : de petites valeurs figées, sans accès à la base."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Statut = Literal["fait", "ici", "avenir"]
Genre = Literal["", "info", "success", "warning", "danger"]


@dataclass(frozen=True, kw_only=True)
class EtapeDuFil:
    """Une étape du fil : la demande, l’accusé, la décision, l’archive."""

    libelle: str
    statut: Statut = "avenir"
    detail: str = ""
    quand: datetime | date | None = None
    url: str = ""
    nombre: int | None = None


@dataclass(frozen=True, kw_only=True)
class Donnee:
    """Une valeur et d’où elle vient. `avant` : la valeur que celle-ci remplace."""

    libelle: str
    valeur: str
    source: str = ""
    avant: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Compteur:
    """Une file de dossiers et son nombre."""

    nombre: int
    libelle: str
    url: str
    courant: bool = False
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class Etat:
    """Un état écrit en toutes lettres ; la couleur ne fait que le redire."""

    label: str
    couleur: Genre = ""


@dataclass(frozen=True, kw_only=True)
class Touche:
    """Un raccourci du clavier et ce qu’il fait."""

    touches: tuple[str, ...]
    effet: str


@dataclass(frozen=True, kw_only=True)
class Ecriture:
    """Qui a enregistré une chose, et quand ; `par` est vide si ce n’est pas su."""

    le: datetime
    par: str = ""


@dataclass(frozen=True, kw_only=True)
class Ecart:
    """Ce qui diffère entre la version enregistrée ailleurs et celle que la personne a écrite."""

    libelle: str
    enregistre: str
    saisi: str


@dataclass(frozen=True, kw_only=True)
class Conflit:
    """Deux versions d’une même chose, et de quoi choisir.

    Attributes:
        prendre: adresse où lire la version enregistrée ; la saisie y est laissée.
        par, le: qui a enregistré l’autre version, et quand ; vides si ce n’est pas su.
        nom, valeur: bouton qui renvoie la saisie, s’il doit porter un nom.
        garder: faux quand la saisie ne peut plus s’enregistrer ; `note` dit alors pourquoi.
        colonnes, boutons: mots des deux côtés, et des deux choix, la saisie en second puis d’abord.
    """

    message: str
    prendre: str
    ecarts: Sequence[Ecart] = ()
    par: str = ""
    le: datetime | None = None
    nom: str = ""
    valeur: str = ""
    garder: bool = True
    note: str = ""
    rien: str = "Rien n’est écrasé : ce que vous avez écrit est gardé ici."
    colonnes: tuple[str, str] = ("Celle enregistrée", "La vôtre")
    boutons: tuple[str, str] = ("Garder la mienne", "Prendre celle enregistrée")
