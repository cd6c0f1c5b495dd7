"""Feuilles de route semestrielles et leurs lignes."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from socle.fondations.commun.models import Horodate
from socle.metiers.gouvernance.enums import EtatFeuille
from socle.metiers.gouvernance.models.instance import build_liens


class FeuilleDeRoute(Horodate):
    """Le semestre du programme. Figée, ses lignes ne changent plus : la base le refuse."""

    semestre = models.CharField("semestre", max_length=6)  # « 2026-2 »
    rang = models.PositiveSmallIntegerField("version", default=1)
    introduction = models.TextField("introduction", blank=True)
    etat = models.CharField(
        "état", max_length=12, choices=EtatFeuille, default=EtatFeuille.BROUILLON
    )
    precedente = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="suivantes"
    )
    empreinte = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    figee_le = models.DateTimeField("figée le", null=True, blank=True)
    validee_le = models.DateTimeField("validée le", null=True, blank=True)
    demonstration = models.BooleanField("fictive", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["semestre", "rang"], name="feuille_version_unique"),
            models.CheckConstraint(
                condition=Q(semestre__regex=r"^20[0-9]{2}-[12]$"), name="feuille_semestre"
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["figee", "validee"])
                | Q(figee_le__isnull=False, empreinte__regex=r"^[0-9a-f]{64}$"),
                name="feuille_figee_a_une_empreinte",
            ),
        ]
        indexes = [models.Index(fields=["etat", "semestre"], name="feuille_par_etat")]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        return f"feuille:{self.semestre}"

    @property
    def titre(self) -> str:
        """« Second semestre 2026 »."""
        annee, _, moitie = self.semestre.partition("-")
        return f"{'Premier' if moitie == '1' else 'Second'} semestre {annee}"

    @property
    def etat_affiche(self) -> EtatFeuille:
        return EtatFeuille(self.etat)

    @property
    def is_brouillon(self) -> bool:
        return self.etat == EtatFeuille.BROUILLON


class LigneDeFeuille(Horodate):
    """Une ligne : ce que l’on fera, pour quand, avec qui. `origine` : la même, la fois d’avant."""

    feuille = models.ForeignKey(FeuilleDeRoute, on_delete=models.CASCADE, related_name="lignes")
    rang = models.PositiveSmallIntegerField("rang")
    axe = models.CharField("axe", max_length=120, blank=True)
    titre = models.CharField("titre", max_length=200)
    objectif = models.TextField("objectif", blank=True)
    date_prevue = models.DateField("pour le", null=True, blank=True)
    responsable = models.CharField("qui conduit", max_length=200, blank=True)
    origine = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retiree = models.BooleanField("retirée", default=False)
    motif = models.CharField("pourquoi ce changement", max_length=500, blank=True)
    liens = build_liens(verbose_name="liens")

    class Meta:
        indexes = [
            models.Index(fields=["feuille", "rang"], name="ligne_de_la_feuille"),
            GinIndex(fields=["liens"], name="ligne_liens"),
        ]
