from django.db import models


class SortFinal(models.TextChoices):
    """Sort à la fin de la durée d’utilité administrative. Le tri est tranché par l’archiviste."""

    CONSERVER = "conserver", "Conservation définitive"
    DETRUIRE = "detruire", "Destruction"
    TRIER = "trier", "Tri"


class PointDeDepart(models.TextChoices):
    """D’où la durée se compte."""

    DECISION = "decision", "Date de la décision"
    DEPOT = "depot", "Date du dépôt"
    FIN_ANNEE_SCOLAIRE = "fin_annee_scolaire", "Fin de l’année scolaire"
    FIN_EXERCICE = "fin_exercice", "Fin de l’exercice budgétaire"
    CLOTURE = "cloture", "Clôture du dossier"
