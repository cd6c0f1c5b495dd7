"""Ce qu’un contrôle a trouvé : erreurs, avertissements, comptes ; et sa forme JSON."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

ERREURS_MAX = 100_000  # gardées dans le rapport ; les suivantes sont comptées


@dataclass(frozen=True, slots=True)
class Erreur:
    """Une faute et comment la réparer.

    Attributes:
        ligne: rang dans le fichier, l’en-tête étant 1 ; None pour tout le tableau.
        champ: nom de la colonne ; None pour toute la ligne.
        code: celui de Validata (« type-error », « french-siret-value »…).
    """

    ligne: int | None
    champ: str | None
    code: str
    nom: str
    message: str
    cellule: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "ligne": self.ligne,
            "champ": self.champ,
            "code": self.code,
            "nom": self.nom,
            "message": self.message,
            "cellule": self.cellule,
        }


@dataclass(frozen=True, slots=True)
class Avertissement:
    """Ce qui n’empêche pas le fichier d’être valide."""

    code: str
    nom: str
    message: str
    champ: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.nom,
            "message": self.message,
            "field_name": self.champ,
        }


@dataclass(slots=True)
class Rapport:
    """Le verdict sur un fichier ; `nombre` compte aussi les erreurs qui n’ont pas été gardées."""

    schema: str
    fichier: str = ""
    erreurs: list[Erreur] = field(default_factory=list)
    avertissements: list[Avertissement] = field(default_factory=list)
    nombre: int = 0
    par_code: Counter[str] = field(default_factory=Counter)
    lignes: int = 0
    colonnes: int = 0
    format: str = "csv"
    encodage: str = ""
    separateur: str = ""

    @property
    def valide(self) -> bool:
        return self.nombre == 0

    @property
    def place(self) -> int:
        """Nombre d’erreurs que l’on peut encore garder."""
        return max(0, ERREURS_MAX - len(self.erreurs))

    def add(self, erreur: Erreur) -> None:
        self.count(erreur.code, 1)
        if self.place:
            self.erreurs.append(erreur)

    def count(self, code: str, nombre: int) -> None:
        self.nombre += nombre
        self.par_code[code] += nombre

    def to_json(self) -> dict[str, Any]:
        """Objet JSON, mêmes clés que les rapports de référence."""
        return {
            "norme": "scdl",
            "fichier": self.fichier,
            "schema": self.schema,
            "valide": self.valide,
            "erreurs": [erreur.to_json() for erreur in self.erreurs],
            "avertissements": [avertissement.to_json() for avertissement in self.avertissements],
            "statistiques": {
                "erreurs": self.nombre,
                "par_code": dict(self.par_code.most_common()),
                "lignes": self.lignes,
                "colonnes": self.colonnes,
                "format": self.format,
                "encodage": self.encodage,
                "separateur": self.separateur,
                "tronque": self.nombre > len(self.erreurs),
            },
        }
