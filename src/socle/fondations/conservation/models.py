from datetime import date

from django.db import models
from django.db.models import Q

from socle.fondations.collectivites.models import ObjetDeCollectivite
from socle.fondations.conservation.enums import PointDeDepart, SortFinal


class RegleDeConservation(ObjetDeCollectivite):
    """Durée, départ, sort final et source : une même règle pour le RGPD et les archives."""

    code = models.CharField("code", max_length=40)
    intitule = models.CharField("intitulé", max_length=200)
    duree_annees = models.PositiveSmallIntegerField("durée d’utilité administrative, en années")
    point_de_depart = models.CharField("point de départ", max_length=20, choices=PointDeDepart)
    sort_final = models.CharField("sort final", max_length=10, choices=SortFinal)
    source_juridique = models.CharField("source juridique", max_length=300)
    a_confirmer = models.BooleanField("à confirmer par les Archives départementales", default=False)
    communicabilite_code = models.CharField("règle de communicabilité", max_length=20, blank=True)
    communicabilite_annees = models.PositiveSmallIntegerField(
        "délai de communicabilité, en années", default=0
    )
    communicabilite_source = models.CharField("source du délai", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "code"], name="regle_code_unique"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"),
                name="regle_code_bien_forme",
            ),
            models.CheckConstraint(
                condition=~Q(source_juridique=""), name="regle_a_une_source_juridique"
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    def compute_depart(self, *, depot: date, decision: date | None, cloture: date) -> date:
        """Donne le jour d’où la durée se compte, d’après les jours d’un dossier (heure de Paris).

        Sans décision, une règle qui part de la décision part de la clôture. L’année scolaire
        finit le 31 août, l’exercice le 31 décembre, comptés depuis la clôture.
        """
        if self.point_de_depart == PointDeDepart.DEPOT:
            return depot
        if self.point_de_depart == PointDeDepart.DECISION:
            return decision or cloture
        if self.point_de_depart == PointDeDepart.FIN_ANNEE_SCOLAIRE:
            annee = cloture.year if cloture <= date(cloture.year, 8, 31) else cloture.year + 1
            return date(annee, 8, 31)
        if self.point_de_depart == PointDeDepart.FIN_EXERCICE:
            return date(cloture.year, 12, 31)
        return cloture
