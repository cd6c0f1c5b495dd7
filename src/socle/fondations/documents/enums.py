from django.db import models


class EtatDocument(models.TextChoices):
    """Ce que l’antivirus a dit du contenu."""

    EN_ATTENTE = "en_attente", "Vérification en cours"
    SAIN = "sain", "Vérifié"
    INFECTE = "infecte", "Bloqué : fichier dangereux"
    NON_ANALYSE = "non_analyse", "Non vérifié par un antivirus"
