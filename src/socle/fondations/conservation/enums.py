from typing import NamedTuple

from django.db import models


class SortFinal(models.TextChoices):
    """Sort à la fin de la durée d’utilité administrative. Le tri est tranché par l’archiviste."""

    CONSERVER = "conserver", "Conservation définitive"
    DETRUIRE = "detruire", "Destruction"
    TRIER = "trier", "Tri"

    @property
    def en_clair(self) -> str:
        """Fin de « Le dossier est gardé 5 ans, puis… », dans les mots d’un habitant."""
        return {
            "conserver": "versé aux archives",
            "detruire": "détruit",
            "trier": "trié : une partie est versée aux archives",
        }[self.value]


class PointDeDepart(models.TextChoices):
    """D’où la durée se compte."""

    DECISION = "decision", "Date de la décision"
    DEPOT = "depot", "Date du dépôt"
    FIN_ANNEE_SCOLAIRE = "fin_annee_scolaire", "Fin de l’année scolaire"
    FIN_EXERCICE = "fin_exercice", "Fin de l’exercice budgétaire"
    CLOTURE = "cloture", "Clôture du dossier"


class Communicabilite(NamedTuple):
    """Délai avant que tout le monde puisse lire, compté depuis le dernier document du dossier."""

    annees: int
    libelle: str
    source: str


# Codes de la liste du SIAF utiles à une collectivité, dont le délai part du document : ceux qui
# partent d’une naissance ou d’un décès demandent une date que le dossier n’a pas.
COMMUNICABILITES = {
    "AR038": Communicabilite(0, "Tout de suite", "Code du patrimoine, art. L. 213-1"),
    "AR039": Communicabilite(
        25, "Secret commercial ou industriel", "Code du patrimoine, art. L. 213-2, I, 1°, a"
    ),
    "AR048": Communicabilite(50, "Vie privée", "Code du patrimoine, art. L. 213-2, I, 3°"),
    "AR057": Communicabilite(
        75, "Affaires portées devant les tribunaux", "Code du patrimoine, art. L. 213-2, I, 4°, c"
    ),
    "AR054": Communicabilite(
        75, "Actes de naissance ou de mariage", "Code du patrimoine, art. L. 213-2, I, 4°, e"
    ),
    "AR058": Communicabilite(
        100,
        "Enquêtes et affaires judiciaires sur des mineurs",
        "Code du patrimoine, art. L. 213-2, I, 5°",
    ),
}


class GenreBordereau(models.TextChoices):
    """Pourquoi l’on détruit : la durée est finie, ou les archives ont pris le dossier en charge."""

    ELIMINATION = "elimination", "Élimination"
    VERSEMENT = "versement", "Après versement"


class EtatBordereau(models.TextChoices):
    """Où en est un bordereau d’élimination."""

    PROPOSE = "propose", "À faire viser"
    VISE = "vise", "Visé, destruction en cours"
    EXECUTE = "execute", "Exécuté"
    REFUSE = "refuse", "Refusé"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        return {"propose": "warning", "vise": "info", "execute": "success", "refuse": ""}[
            self.value
        ]
