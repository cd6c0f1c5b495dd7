from django.db import models


class GenreCollectivite(models.TextChoices):
    COMMUNE = "commune", "Commune"
    EPCI = "epci", "Intercommunalité"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    SYNDICAT = "syndicat", "Syndicat"
    ETABLISSEMENT = "etablissement", "Établissement public"


class RegimePublication(models.TextChoices):
    """Comment les actes deviennent publics (CGCT, art. L. 2131-1, IV)."""

    EN_LIGNE = "en_ligne", "Publication en ligne"
    AFFICHAGE = "affichage", "Affichage"
    PAPIER = "papier", "Publication sur papier"
