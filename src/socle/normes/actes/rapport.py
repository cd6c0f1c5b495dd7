"""Compte rendu d’un contrôle : ce qui ne va pas, où, et quoi faire."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

CELLULE_MAX = 200
ANOMALIES_MAX = 1_000

# Début du code → nom court de la faute.
_NOMS = {
    "xml": "Fichier XML illisible",
    "schema": "Écart au schéma officiel",
    "acte": "Acte incorrect",
    "matiere": "Matière incorrecte",
    "typologie": "Type de pièce incorrect",
    "classification": "Classification incorrecte",
    "enveloppe": "Enveloppe incorrecte",
    "courriel": "Adresse incorrecte",
    "nom": "Nom de fichier incorrect",
    "archive": "Archive incorrecte",
    "piece": "Document incorrect",
    "totem": "Budget incorrect",
    "message": "Message inconnu",
    "retour": "Retour inhabituel",
}


class Niveau(StrEnum):
    """Ce qu’une anomalie empêche."""

    ERREUR = "erreur"
    AVERTISSEMENT = "avertissement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomalie:
    """Un défaut.

    Attributes:
        code: nom court et stable, « acte.numero ».
        message: phrase qui dit quoi faire.
        fichier: nom du fichier de l’archive, vide si l’on contrôle un seul fichier.
        ligne: dans ce fichier, à partir de 1 ; None pour l’ensemble.
        champ: élément ou attribut.
        cellule: ce qui est écrit, coupé à 200 caractères.
    """

    code: str
    message: str
    niveau: Niveau = Niveau.ERREUR
    fichier: str = ""
    ligne: int | None = None
    champ: str = ""
    cellule: str = ""

    def to_json(self) -> dict[str, Any]:
        """Forme JSON, aux clés des autres normes."""
        return {
            "fichier": clean(self.fichier) or None,
            "ligne": self.ligne,
            "champ": self.champ or None,
            "code": self.code,
            "nom": _NOMS.get(self.code.partition(".")[0], "Anomalie"),
            "message": clean(self.message),
            "cellule": clean(self.cellule) or None,
        }


@dataclass(slots=True, kw_only=True)
class Rapport:
    """Ce qu’un contrôle a trouvé.

    Attributes:
        genre: « archive », « message », « enveloppe », « totem » ; vide si rien n’est reconnu.
        titre: ce que c’est, en clair.
        schema: ce qui a jugé la forme, en clair.
        contenu: ce qui a été lu, prêt pour JSON.
        lisible: faux si le fichier n’est pas de ceux de la norme.
    """

    genre: str = ""
    titre: str = ""
    schema: str = ""
    lisible: bool = True
    anomalies: list[Anomalie] = field(default_factory=list)
    contenu: Mapping[str, Any] = field(default_factory=dict)

    @property
    def valide(self) -> bool:
        """Lisible et sans erreur ; un avertissement n’empêche rien."""
        return self.lisible and not self.list_niveau(Niveau.ERREUR)

    def list_niveau(self, niveau: Niveau) -> list[Anomalie]:
        """Les anomalies d’un niveau, dans l’ordre du fichier."""
        return [anomalie for anomalie in self.anomalies if anomalie.niveau is niveau]

    def to_json(self) -> dict[str, Any]:
        """Forme JSON ; au-delà de 1 000 anomalies par niveau, seules les premières y sont."""
        erreurs, avertissements = (self.list_niveau(niveau) for niveau in Niveau)
        return {
            "norme": "actes",
            "genre": self.genre,
            "titre": clean(self.titre),
            "schema": self.schema,
            "valide": self.valide,
            "nombre_erreurs": len(erreurs),
            "erreurs": [anomalie.to_json() for anomalie in erreurs[:ANOMALIES_MAX]],
            "avertissements": [anomalie.to_json() for anomalie in avertissements[:ANOMALIES_MAX]],
            "contenu": self.contenu,
        }


def clean(texte: str) -> str:
    """Coupe un texte venu d’ailleurs et ôte ce qu’aucun écran ne montre.

    Un nom de fichier peut porter des octets que Python rend en demi-caractères : ils deviennent
    des points d’interrogation, sans quoi le rapport ne s’écrirait pas.
    """
    sain = texte.encode("utf-8", "replace").decode()
    return "".join(signe if signe.isprintable() else " " for signe in sain)


def cut(texte: str) -> str:
    """Coupe une valeur à ce que le rapport montre."""
    return texte if len(texte) <= CELLULE_MAX else f"{texte[:CELLULE_MAX]}…"


def soften(anomalie: Anomalie) -> Anomalie:
    """La même anomalie, en avertissement : pour un retour de l’État, qu’il faut lire quand même."""
    return replace(anomalie, niveau=Niveau.AVERTISSEMENT)
