"""Rapport du mois, et évaluation après une action."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from socle.fondations.commun.models import Horodate
from socle.metiers.gouvernance.models.instance import build_liens


class RapportMensuel(Horodate):
    """Le rapport d’un mois, tel qu’il a été fait : ses chiffres ne bougent plus."""

    mois = models.DateField("mois", unique=True)  # son premier jour
    contenu = models.JSONField("contenu")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    publie_le = models.DateTimeField("publié le")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(mois__day=1), name="rapport_premier_du_mois")
        ]

    @property
    def slug(self) -> str:
        """« 2026-10 »."""
        return f"{self.mois:%Y-%m}"


class Evaluation(Horodate):
    """Ce qu’une action a donné : objectifs, résultats, ce qu’il faut garder."""

    titre = models.CharField("titre", max_length=200)
    action = models.CharField("action évaluée", max_length=120)
    objectifs = models.TextField("objectifs de départ")
    resultats = models.TextField("résultats")
    a_garder = models.TextField("ce qu’il faut garder", blank=True)
    a_changer = models.TextField("ce qu’il faut changer", blank=True)
    redigee_par = models.CharField("rédigée par", max_length=200)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    demonstration = models.BooleanField("fictive", default=False)
    liens = build_liens(verbose_name="liens")

    class Meta:
        indexes = [
            models.Index(fields=["publiee_le", "id"], name="evaluation_par_date"),
            GinIndex(fields=["liens"], name="evaluation_liens"),
        ]

    def __str__(self) -> str:
        return self.titre
