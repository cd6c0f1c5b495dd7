"""Obligations, leurs dates, leur public ; et ce qu’une collectivité dit de chacune."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from socle.fondations.collectivites.models import ObjetDeCollectivite
from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.models import Compte
from socle.fondations.referentiels.enums import GenreAutorite
from socle.metiers.echeancier.enums import (
    EtatObligation,
    EtatSuivi,
    Nature,
    Surete,
    Theme,
)

SANS_JOUR = date.max.toordinal()
"""Rang d’une échéance sans jour : après toutes les autres."""


class Obligation(Horodate):
    """Ce qu’un texte demande aux collectivités. Table publique de l’installation.

    `jour`, `surete`, `jour_texte` et `ancien_jour` redisent la dernière `DateEcheance` : seuls les
    services les écrivent. `territoires` est vide pour toute la France, sinon une liste de
    « dep-92 » et « reg-11 ».
    """

    slug = models.SlugField("nom d’adresse", max_length=80, unique=True)
    nature = models.CharField("nature", max_length=12, choices=Nature, default=Nature.OBLIGATION)
    titre = models.CharField("titre", max_length=150)
    court = models.CharField("titre court, pour la frise", max_length=40)
    resume = models.CharField("à faire, en une phrase", max_length=300, blank=True)
    texte = models.TextField("explications", blank=True)
    etapes = ArrayField(
        models.CharField(max_length=400), verbose_name="étapes", default=list, blank=True
    )
    ministere = models.CharField("ministère chargé", max_length=100)
    reference = models.CharField("texte de loi", max_length=300, blank=True)
    lien = models.URLField("adresse du texte", max_length=300, blank=True)
    reserve = models.CharField("ce qui reste à confirmer", max_length=300, blank=True)
    theme = models.CharField("thème", max_length=15, choices=Theme)
    precision = models.CharField("précision sur le public", max_length=200, blank=True)
    territoires = ArrayField(
        models.CharField(max_length=8), verbose_name="territoires", default=list, blank=True
    )
    liens = ArrayField(
        models.CharField(max_length=120), verbose_name="ce qui aide", default=list, blank=True
    )
    etat = models.CharField(
        "état", max_length=10, choices=EtatObligation, default=EtatObligation.BROUILLON
    )
    motif_annulation = models.CharField("pourquoi elle est annulée", max_length=300, blank=True)
    debut = models.DateField("début de la préparation", null=True, blank=True)
    jour = models.DateField("jour où elle s’applique", null=True, blank=True)
    rang = models.PositiveIntegerField("rang du jour", default=SANS_JOUR)  # date.toordinal()
    jour_texte = models.CharField("date en mots", max_length=60, blank=True)
    surete = models.CharField("sûreté", max_length=10, choices=Surete)
    ancien_jour = models.DateField("date d’avant le report", null=True, blank=True)
    revision = models.PositiveIntegerField("révision", default=0)
    recherche = models.TextField("texte de recherche", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(surete=Surete.CONNUE) | Q(jour__isnull=False),
                name="obligation_connue_a_un_jour",
            ),
            models.CheckConstraint(
                condition=Q(debut__isnull=True) | Q(jour__isnull=True) | Q(debut__lte=F("jour")),
                name="obligation_se_prepare_avant",
            ),
        ]
        indexes = [
            models.Index(fields=["etat", "rang", "id"], name="obligation_par_date"),
            models.Index(fields=["modifie_le"], name="obligation_fraicheur"),
            GinIndex(fields=["liens"], name="obligation_liens"),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        """Clé par laquelle les autres métiers la citent."""
        return f"echeance:{self.slug}"

    @property
    def objet(self) -> str:
        """Nom au journal."""
        return f"obligation:{self.pk}"

    @property
    def est_reportee(self) -> bool:
        """Vrai si une date plus proche avait été annoncée."""
        return self.ancien_jour is not None


class PublicConcerne(models.Model):
    """Un genre de collectivité qu’une obligation concerne, entre deux tailles comprises."""

    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="publics")
    genre = models.CharField("genre", max_length=12, choices=GenreAutorite)
    population_min = models.PositiveIntegerField("à partir de", null=True, blank=True)
    population_max = models.PositiveIntegerField("jusqu’à", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["obligation", "genre"], name="public_genre_unique"),
            models.CheckConstraint(
                condition=Q(population_min__isnull=True)
                | Q(population_max__isnull=True)
                | Q(population_min__lte=F("population_max")),
                name="public_bornes_dans_l_ordre",
            ),
        ]


class DateEcheance(Horodate):
    """Une date annoncée, jamais effacée : la suivante dit pourquoi elle la remplace."""

    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="dates")
    rang = models.PositiveSmallIntegerField("rang")
    jour = models.DateField("jour", null=True, blank=True)
    jour_texte = models.CharField("date en mots", max_length=60, blank=True)
    surete = models.CharField("sûreté", max_length=10, choices=Surete)
    motif = models.CharField("pourquoi", max_length=300, blank=True)
    annoncee_le = models.DateField("annoncée le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["obligation", "rang"], name="date_rang_unique"),
            models.CheckConstraint(
                condition=Q(rang=1) | ~Q(motif=""), name="date_changee_dit_pourquoi"
            ),
        ]


class SuiviEcheance(ObjetDeCollectivite):
    """Où en est une collectivité pour une obligation, et qui l’a dit."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="+")
    etat = models.CharField("état", max_length=12, choices=EtatSuivi)
    note = models.CharField("note", max_length=500, blank=True)
    par = models.ForeignKey(
        Compte, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    dit_le = models.DateTimeField("dit le")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "obligation"], name="suivi_echeance_unique"
            )
        ]


class AlerteEcheance(ObjetDeCollectivite):
    """Rappel envoyé à un agent, une seule fois par date et par délai."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="+")
    compte = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="+")
    jour = models.DateField("échéance rappelée")
    delai = models.PositiveSmallIntegerField("jours avant")
    envoyee_le = models.DateTimeField("envoyée le")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "obligation", "compte", "jour", "delai"],
                name="alerte_echeance_une_fois",
            )
        ]
