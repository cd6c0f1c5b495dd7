"""Ce qu’un contrôle a trouvé, et sa forme JSON."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from socle.normes.decp.vocabulaire import VERSION

ANOMALIES_MAX = 10_000  # après quoi les contrats suivants ne sont plus jugés
Chemin = tuple[str | int, ...]

# Le mot-clé du schéma JSON quand il y en a un ; sinon le nôtre.
NOMS = {
    "required": "Champ absent",
    "additionalProperties": "Champ inconnu",
    "type": "Mauvaise sorte de valeur",
    "enum": "Valeur hors liste",
    "pattern": "Forme incorrecte",
    "minLength": "Texte trop court",
    "maxLength": "Texte trop long",
    "minimum": "Nombre trop petit",
    "maximum": "Nombre trop grand",
    "minItems": "Liste vide",
    "maxItems": "Liste démesurée",
    "uniqueItems": "Valeur répétée",
    "anyOf": "Aucun contrat",
    "racine": "Racine inattendue",
    "attribut": "Attribut interdit",
    "texte": "Texte hors d’un champ",
    "doublon": "Champ en double",
    "date": "Date impossible",
    "caractere": "Caractère interdit",
    "siret-cle": "SIRET douteux",
    "chronologie": "Dates en désordre",
    "delai-publication": "Publication tardive",
    "sequence": "Numéros en désordre",
    "contrat-repete": "Contrat répété",
    "coherence": "Valeurs qui se contredisent",
    "sous-le-seuil": "Publication facultative",
    "identifiant-signes": "Signes à éviter",
    "champ-ignore": "Champ ignoré",
    "vide": "Fichier vide",
    "illisible": "Fichier illisible",
}


@dataclass(frozen=True, slots=True)
class Anomalie:
    """Une faute ou une remarque, et comment y remédier.

    Attributes:
        chemin: de la racine à la valeur en cause, comme le donne un juge de schéma JSON.
        champ: le même, à lire, avec le nom du champ absent s’il manque.
        officiel: faux si le schéma officiel du format lu ne la voit pas.
        contrat: l’identifiant du contrat, s’il se lit.
    """

    code: str
    message: str
    chemin: Chemin = ()
    champ: str = ""
    ligne: int = 0
    valeur: str | None = None
    officiel: bool = True
    contrat: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "ligne": self.ligne or None,
            "champ": self.champ or None,
            "code": self.code,
            "nom": NOMS[self.code],
            "message": self.message,
            "cellule": self.valeur,
            "contrat": self.contrat or None,
            "officiel": self.officiel,
        }

    def __str__(self) -> str:
        lieu = ", ".join(filter(None, [f"ligne {self.ligne}" if self.ligne else "", self.champ]))
        return f"{lieu or 'fichier'} : {self.message} ({self.code})"


@dataclass(slots=True)
class Rapport:
    """Le verdict sur un fichier.

    Attributes:
        valide: aucune erreur, ni des schémas officiels ni des nôtres.
        conforme: ce que dirait le schéma officiel du format (JSON 2.0.4 ou XSD 2.0.2).
    """

    fichier: str = ""
    format: str = ""
    lisible: bool = True
    erreurs: list[Anomalie] = field(default_factory=list)
    avertissements: list[Anomalie] = field(default_factory=list)
    comptes: Counter[str] = field(default_factory=Counter)
    marches: int = 0
    concessions: int = 0
    nombre: int = 0
    officielles: int = 0

    @property
    def plein(self) -> bool:
        """Le verdict est rendu : aller plus loin n’apprendrait rien et prendrait du temps."""
        return self.nombre >= ANOMALIES_MAX

    @property
    def valide(self) -> bool:
        return self.lisible and self.nombre == 0

    @property
    def conforme(self) -> bool:
        return self.lisible and self.officielles == 0

    def add(self, anomalie: Anomalie) -> None:
        self.nombre += 1
        self.officielles += anomalie.officiel
        self.comptes[anomalie.code] += 1
        if len(self.erreurs) < ANOMALIES_MAX:
            self.erreurs.append(anomalie)

    def warn(self, anomalie: Anomalie) -> None:
        self.comptes[anomalie.code] += 1
        if len(self.avertissements) < ANOMALIES_MAX:
            self.avertissements.append(replace(anomalie, officiel=False))

    def place(self, lignes: Mapping[Chemin, int]) -> None:
        """Donne sa ligne à chaque anomalie qui n’en a pas."""
        for liste in (self.erreurs, self.avertissements):
            liste[:] = [a if a.ligne else replace(a, ligne=lignes.get(a.chemin, 0)) for a in liste]

    def to_json(self) -> dict[str, Any]:
        """Objet JSON, mêmes clés que les autres normes."""
        return {
            "norme": "decp",
            "version": VERSION,
            "fichier": self.fichier,
            "format": self.format or None,
            "valide": self.valide if self.lisible else None,
            "conforme_schema": self.conforme if self.lisible else None,
            "erreurs": [anomalie.to_json() for anomalie in self.erreurs],
            "avertissements": [anomalie.to_json() for anomalie in self.avertissements],
            "statistiques": {
                "marches": self.marches,
                "concessions": self.concessions,
                "erreurs": self.nombre,
                "par_code": dict(sorted(self.comptes.items())),
                "tronque": self.plein,
            },
        }


def show_chemin(chemin: Chemin) -> str:
    """« marches.marche[0].titulaires[1].titulaire.id »."""
    texte = ""
    for pas in chemin:
        texte += f"[{pas}]" if isinstance(pas, int) else f".{pas}" if texte else pas
    return texte[:300]
