"""Listes que plusieurs métiers du programme partagent."""

from django.db import models


class Theme(models.TextChoices):
    """De quoi parle un livrable, un retour d’expérience ou une consultation : les mêmes mots."""

    SERVICES = "services", "Services numériques"
    ECHANGES = "echanges", "Échanges de données (Dites-le-nous une fois)"
    DONNEES = "donnees", "Données ouvertes"
    PROTECTION = "protection", "Données personnelles"
    IDENTITE = "identite", "Identité numérique"
    SECURITE = "securite", "Sécurité"
    INFRASTRUCTURES = "infrastructures", "Infrastructures et infonuagique"
    ARCHIVES = "archives", "Archives"
    CONDUITE = "conduite", "Conduite de projet"
