from django.db import models

from socle.fondations.collectivites.models import ObjetDeCollectivite
from socle.fondations.conservation.enums import PointDeDepart, SortFinal


class RegleDeConservation(ObjetDeCollectivite):
    """Durée, point de départ, sort final et source : une même règle pour le RGPD et les archives."""

    code = models.CharField("code", max_length=40)
    intitule = models.CharField("intitulé", max_length=200)
    duree_annees = models.PositiveSmallIntegerField("durée d’utilité administrative, en années")
    point_de_depart = models.CharField("point de départ", max_length=20, choices=PointDeDepart)
    sort_final = models.CharField("sort final", max_length=10, choices=SortFinal)
    source_juridique = models.CharField("source juridique", max_length=300)
    communicabilite_code = models.CharField("règle de communicabilité", max_length=20, blank=True)
    communicabilite_annees = models.PositiveSmallIntegerField(
        "délai de communicabilité, en années", default=0
    )
    communicabilite_source = models.CharField("source du délai", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "code"], name="regle_code_unique")
        ]

    def __str__(self) -> str:
        return self.intitule
