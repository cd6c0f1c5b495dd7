"""Ce que rend une vérification : une liste d’étapes, et la première faute nommée."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Etat(StrEnum):
    """Issue d’une étape. Une réserve n’est pas une faute : elle dit ce qui n’est pas prouvé."""

    CONFORME = "conforme"
    RESERVE = "reserve"
    FAUTE = "faute"
    NON_FAITE = "non_faite"


@dataclass(frozen=True)
class Etape:
    """Une étape de la vérification, et ce qu’elle a constaté."""

    nom: str
    etat: Etat
    message: str


@dataclass(frozen=True)
class Rapport:
    """Résultat de la vérification d’un dossier de preuve.

    Attributes:
        etapes: dans l’ordre ; après une faute, les suivantes ne sont pas faites.
        cle_verifiee: vrai si une clé fournie par la personne, et non celle du dossier, a signé.
        cle: clé qui a signé, `nom+identifiant+base64` ; vide si on n’est pas allé jusque-là.
        empreinte: SHA-256 de cette clé, à comparer avec celle que publie la collectivité.
        objets: références prouvées.
    """

    etapes: tuple[Etape, ...]
    cle_verifiee: bool = False
    cle: str = ""
    empreinte: str = ""
    objets: tuple[str, ...] = ()

    @property
    def integre(self) -> bool:
        """Vrai si aucune étape n’est en faute."""
        return self.faute is None

    @property
    def faute(self) -> Etape | None:
        """La première faute."""
        return next((etape for etape in self.etapes if etape.etat is Etat.FAUTE), None)

    @property
    def reserves(self) -> tuple[Etape, ...]:
        """Ce qui n’est pas prouvé sans être faux."""
        return tuple(etape for etape in self.etapes if etape.etat is Etat.RESERVE)

    def to_json(self) -> dict[str, Any]:
        """Forme à écrire en JSON."""
        return {
            "integre": self.integre,
            "cle_verifiee": self.cle_verifiee,
            "cle": self.cle,
            "empreinte": self.empreinte,
            "faute": self.faute.message if self.faute else "",
            "objets": list(self.objets),
            "etapes": [
                {"nom": etape.nom, "etat": str(etape.etat), "message": etape.message}
                for etape in self.etapes
            ],
        }
