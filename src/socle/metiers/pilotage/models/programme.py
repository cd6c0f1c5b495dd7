"""Programme, et ce qui s’y rattache directement."""

import re

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from socle.metiers.pilotage.enums import GenrePartenaire
from socle.metiers.pilotage.models.base import ObjetDuProgramme, champ_liens

PERIODE = re.compile(r"\d{4}-\d{4}")


class Programme(ObjetDuProgramme):
    """Engagement commun de l’État et des collectivités sur une période."""

    code = models.SlugField("adresse courte", max_length=40, unique=True)
    titre = models.CharField(max_length=200)
    resume = models.TextField("résumé", blank=True)
    editorial = models.TextField("éditorial", blank=True)
    editorial_signe = models.CharField("signé", max_length=200, blank=True)
    contexte = models.TextField(blank=True)
    date_debut = models.DateField("début")
    date_fin = models.DateField("fin")
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(date_fin__gte=F("date_debut")), name="programme_dates_dans_l_ordre"
            )
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        return f"programme:{self.code}"

    @property
    def periode(self) -> str:
        """« 2018-2020 » : celle que dit l’adresse courte, sinon celle des dates."""
        if PERIODE.fullmatch(self.code):
            return self.code
        debut, fin = self.date_debut.year, self.date_fin.year
        return str(debut) if debut == fin else f"{debut}-{fin}"


class Principe(ObjetDuProgramme):
    """Règle de conduite du programme."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="principes")
    numero = models.PositiveSmallIntegerField("numéro")
    titre = models.CharField(max_length=200)
    texte = models.TextField(blank=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "numero"], name="principe_unique")
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        return f"principe:{self.pk}"


class Axe(ObjetDuProgramme):
    """Grande ambition d’un programme, déclinée en actions et en recommandations."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="axes")
    numero = models.PositiveSmallIntegerField("numéro")
    code = models.SlugField(max_length=60, unique=True)  # « 2018-2020-1 »
    titre = models.CharField(max_length=200)
    court = models.CharField("titre court", max_length=60, blank=True)
    phrase = models.CharField(max_length=300, blank=True)
    ambition = models.TextField(blank=True)
    source = models.TextField(blank=True)
    liens = champ_liens()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "numero"], name="axe_unique")]
        indexes = [GinIndex(fields=["liens"], name="axe_liens")]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        return f"axe:{self.code}"

    @property
    def titre_court(self) -> str:
        return self.court or self.titre


class EvenementCle(ObjetDuProgramme):
    """Fait marquant d’un programme, placé dans son trimestre."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="evenements")
    annee = models.PositiveSmallIntegerField(
        "année", validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )
    trimestre = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    titre = models.CharField(max_length=300)
    detail = models.TextField("détail", blank=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(trimestre__gte=1, trimestre__lte=4), name="evenement_trimestre"
            )
        ]
        indexes = [models.Index(fields=["programme", "annee", "trimestre"], name="evenement_frise")]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        return f"evenement-cle:{self.pk}"


class Partenaire(ObjetDuProgramme):
    """Organisme qui prend part à un programme."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="partenaires")
    nom = models.CharField(max_length=200)
    genre = models.CharField(max_length=20, choices=GenrePartenaire)
    apport = models.CharField("ce qu’il apporte", max_length=300, blank=True)
    site = models.URLField("site", max_length=300, blank=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "nom"], name="partenaire_unique")
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def cle(self) -> str:
        return f"partenaire:{self.pk}"


class Temoignage(ObjetDuProgramme):
    """Ce qu’une personne ou un organisme a dit d’une action, en nos mots."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="temoignages")
    cible = models.CharField(max_length=120)  # clé de l’axe ou de l’action
    qui = models.CharField(max_length=200)
    qualite = models.CharField("qualité", max_length=200, blank=True)
    texte = models.TextField()
    source = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["cible"], name="temoignage_cible")]

    def __str__(self) -> str:
        return self.qui

    @property
    def cle(self) -> str:
        return f"temoignage:{self.pk}"
