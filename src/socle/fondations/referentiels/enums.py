from django.db import models


class GenreAutorite(models.TextChoices):
    """Collectivités que le code officiel géographique permet de nommer toutes."""

    COMMUNE = "commune", "Commune"
    EPCI = "epci", "Intercommunalité"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    OUTRE_MER = "com", "Collectivité d’outre-mer"


class Tranche(models.IntegerChoices):
    """Tailles de population. Bornes où le droit change : 1 000, 3 500, 10 000, 50 000 habitants."""

    MOINS_DE_500 = 0, "moins de 500 habitants"
    DE_500_A_999 = 500, "500 à 999 habitants"
    DE_1000_A_3499 = 1_000, "1 000 à 3 499 habitants"
    DE_3500_A_9999 = 3_500, "3 500 à 9 999 habitants"
    DE_10000_A_49999 = 10_000, "10 000 à 49 999 habitants"
    DE_50000_A_99999 = 50_000, "50 000 à 99 999 habitants"
    PLUS_DE_100000 = 100_000, "100 000 habitants et plus"


class NatureEpci(models.TextChoices):
    """Groupements à fiscalité propre (CGCT, cinquième partie, livre II)."""

    CC = "CC", "Communauté de communes"
    CA = "CA", "Communauté d’agglomération"
    CU = "CU", "Communauté urbaine"
    METRO = "METRO", "Métropole"
    MET69 = "MET69", "Métropole de Lyon"
