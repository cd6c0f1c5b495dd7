"""Relevé d’un bordereau : les faits dont les contrôles ont besoin, sans l’arbre XML."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class ObjetLu:
    """Objet binaire ou physique déclaré. `groupe` vaut son propre identifiant s’il est isolé."""

    identifiant: str
    groupe: str
    ligne: int
    dans_un_groupe: bool = False
    physique: bool = False
    usage: str = ""
    uri: str | None = None
    identifiant_physique: str | None = None
    algorithme: str = ""
    empreinte: str | None = None
    taille: str = ""
    puid: str = ""

    @property
    def lieu(self) -> str:
        """Où le trouver dans le bordereau."""
        return f"objet {self.identifiant}, ligne {self.ligne}"


@dataclass(slots=True)
class ReglesLues:
    """Bloc de règles d’une catégorie SEDA, tel qu’écrit."""

    categorie: str
    unite: "UniteLue | None" = None  # None : gestion de tout le versement
    codes: Sequence[str] = ()
    exclues: Sequence[str] = ()
    departs: Sequence[str] = ()
    niveau: str = ""

    @property
    def lieu(self) -> str:
        """Où le trouver dans le bordereau."""
        ou = self.unite.lieu if self.unite is not None else "gestion du versement"
        return f"{self.categorie}, {ou}"


@dataclass(slots=True)
class UniteLue:
    """Unité archivistique. `renvoi` est rempli si elle n’est qu’un renvoi vers une autre."""

    identifiant: str
    ligne: int
    parente: str = ""
    renvoi: str | None = None
    titres: Sequence[str] = ()
    dates: Sequence[tuple[str, str]] = ()
    groupes: Sequence[str] = ()
    objets: Sequence[str] = ()
    champs_longs: Sequence[str] = ()
    champs_douteux: Sequence[str] = ()  # balise HTML, ou « _ » ou « # » au début
    cible: str | None = None  # UpdateOperation/SystemId, extension Vitam
    existante: bool = False
    groupe_existant: str | None = None  # DataObjectGroupExistingReferenceId, extension Vitam

    @property
    def lieu(self) -> str:
        """Où la trouver dans le bordereau."""
        titre = f" « {self.titres[0][:60]} »" if self.titres and self.titres[0] else ""
        return f"unité {self.identifiant}{titre}, ligne {self.ligne}"


@dataclass(slots=True)
class Releve:
    """Faits lus dans un bordereau."""

    version: str = ""
    contrat: str = ""
    service_producteur: str = ""
    service_versant: str = ""
    profil: str = ""  # ArchivalProfile
    a_un_versement: bool = False  # DataObjectPackage présent
    objets: list[ObjetLu] = field(default_factory=list)
    groupes: dict[str, int] = field(default_factory=dict)  # identifiant → ligne
    unites: list[UniteLue] = field(default_factory=list)
    regles: list[ReglesLues] = field(default_factory=list)
    identifiants: set[str] = field(default_factory=set)
    identifiants_doubles: list[tuple[str, int]] = field(default_factory=list)
    renvois: list[tuple[str, str, int]] = field(default_factory=list)  # élément, cible, ligne
