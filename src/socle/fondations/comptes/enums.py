from django.db import models


class GenreCompte(models.TextChoices):
    USAGER = "usager", "Usager"
    AGENT = "agent", "Agent"


class Role(models.TextChoices):
    INSTRUCTEUR = "instructeur", "Instructeur"
    VALIDEUR = "valideur", "Valideur"
    ADMINISTRATEUR = "administrateur", "Administrateur"
    DPO = "dpo", "Délégué à la protection des données"
    ARCHIVISTE = "archiviste", "Archiviste"
    OPERATEUR = "operateur", "Opérateur"
