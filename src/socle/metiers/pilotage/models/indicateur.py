"""Indicateurs, leurs valeurs avec leur origine, et les relevés que Socle fait chaque jour."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from socle.fondations.commun.models import Horodate
from socle.metiers.pilotage.enums import PrecisionDate, Qualificatif, SourceIndicateur
from socle.metiers.pilotage.models.base import ObjetDuProgramme, champ_liens
from socle.metiers.pilotage.models.programme import Programme


class Indicateur(ObjetDuProgramme):
    """Un nombre suivi dans le temps : ce qu’il compte, et ce qu’il ne compte pas."""

    code = models.SlugField("adresse courte", max_length=80, unique=True)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="indicateurs"
    )
    titre = models.CharField(max_length=200)
    unite = models.CharField("unité", max_length=60, blank=True)
    definition = models.TextField("définition", blank=True)
    remarque = models.TextField(blank=True)
    source = models.CharField(
        max_length=10, choices=SourceIndicateur, default=SourceIndicateur.DECLAREE
    )
    mesure = models.CharField("mesure de Socle", max_length=80, blank=True)
    decimales = models.PositiveSmallIntegerField("décimales", default=0)
    rang = models.PositiveSmallIntegerField(default=100)
    liens = champ_liens()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(source=SourceIndicateur.MESUREE) ^ Q(mesure=""),
                name="indicateur_mesure_a_un_code",
            )
        ]
        indexes = [GinIndex(fields=["liens"], name="indicateur_liens")]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        return f"indicateur:{self.code}"


class Valeur(ObjetDuProgramme):
    """Un nombre lu quelque part, à une date : le document et l’endroit sont toujours dits."""

    indicateur = models.ForeignKey(Indicateur, on_delete=models.PROTECT, related_name="valeurs")
    jour = models.DateField("date")
    precision = models.CharField(
        "précision", max_length=5, choices=PrecisionDate, default=PrecisionDate.JOUR
    )
    nombre = models.DecimalField(max_digits=18, decimal_places=4)
    qualificatif = models.CharField(max_length=10, choices=Qualificatif, default=Qualificatif.EXACT)
    calculee = models.BooleanField("calculée d’autres nombres du document", default=False)
    document = models.CharField(max_length=200)
    endroit = models.CharField(max_length=300)
    date_document = models.DateField("date du document", null=True, blank=True)
    remarque = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicateur", "jour", "nombre", "qualificatif", "document", "endroit"],
                condition=Q(retire=False),
                name="valeur_unique",
            ),
            models.CheckConstraint(
                condition=~Q(document="") & ~Q(endroit=""), name="valeur_a_une_origine"
            ),
        ]
        indexes = [models.Index(fields=["indicateur", "jour"], name="valeur_histoire")]

    @property
    def cle(self) -> str:
        return f"valeur:{self.pk}"


class Releve(Horodate):
    """Une mesure de l’installation, un jour donné. Rien ne la purge : elle ne nomme personne."""

    mesure = models.CharField(max_length=80)
    jour = models.DateField()
    nombre = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mesure", "jour"], name="releve_unique")]
