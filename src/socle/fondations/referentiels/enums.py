from django.db import models


class NatureEpci(models.TextChoices):
    """Groupements à fiscalité propre (CGCT, cinquième partie, livre II)."""

    CC = "CC", "Communauté de communes"
    CA = "CA", "Communauté d’agglomération"
    CU = "CU", "Communauté urbaine"
    METRO = "METRO", "Métropole"
    MET69 = "MET69", "Métropole de Lyon"
