"""Solutions et feuille de route."""

import re
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from socle.fondations.commun.models import Horodate
from socle.metiers.catalogue.enums import (
    Besoin,
    EtatEtape,
    EtatLogiciel,
    EtatSolution,
    Maintenance,
    Moyens,
    Taille,
    TypeLogiciel,
)

MILLIERS = re.compile(r"(?<=\d) (?=\d)")


def liste(longueur: int, **options: Any) -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=longueur, **options), default=list, blank=True)


class Solution(Horodate):
    """Logiciel ou service que des collectivités peuvent partager.

    Les champs de publiccode.yml d’abord, puis ce que demande la recommandation 1 du bilan 2018-2020
    (axe 1) : modèle économique, technique, feuille de route, gouvernance, pérennité, déploiement.
    """

    slug = models.SlugField("adresse", max_length=80, unique=True)
    nom = models.CharField("nom", max_length=120)
    nom_tri = models.CharField("clé de tri sans accent", max_length=120, default="")
    etat = models.CharField(
        "état", max_length=10, choices=EtatSolution, default=EtatSolution.BROUILLON
    )
    editeur = models.ForeignKey(
        "catalogue.Editeur", on_delete=models.PROTECT, null=True, blank=True,
        related_name="solutions",
    )  # fmt: skip
    # publiccode.yml
    phrase = models.CharField("en une phrase", max_length=150)
    description = models.TextField("description", blank=True)
    fonctions = liste(200)
    depot = models.URLField("adresse du code", max_length=300, blank=True)
    site = models.URLField("site", max_length=300, blank=True)
    documentation = models.URLField("documentation", max_length=300, blank=True)
    licence = models.CharField("licence (SPDX)", max_length=120, blank=True)
    type_logiciel = models.CharField(
        "sorte", max_length=25, choices=TypeLogiciel, default=TypeLogiciel.WEB
    )
    etat_logiciel = models.CharField(
        "état du logiciel", max_length=12, choices=EtatLogiciel, default=EtatLogiciel.STABLE
    )
    maintenance = models.CharField(
        "maintenance", max_length=10, choices=Maintenance, default=Maintenance.INTERNE
    )
    contact = models.CharField("contact technique", max_length=150, blank=True)
    version = models.CharField("version", max_length=40, blank=True)
    version_le = models.DateField("date de la version", null=True, blank=True)
    plateformes = liste(30)
    categories = liste(60)
    langues = liste(12)
    publiccode = models.JSONField("publiccode.yml reçu", default=dict, blank=True)
    # Recommandation 1
    modele_economique = models.TextField("modèle économique", blank=True)
    technique = models.TextField("caractéristiques techniques", blank=True)
    gouvernance = models.TextField("gouvernance", blank=True)
    perennite = models.TextField("options de pérennité", blank=True)
    deploiement = models.JSONField("étapes de déploiement", default=list, blank=True)
    # Choisir
    besoins = liste(20, choices=Besoin)
    tailles = liste(10, choices=Taille)
    moyens = models.CharField("moyens", max_length=10, choices=Moyens, default=Moyens.EQUIPE)
    gratuite = models.BooleanField("sans redevance", default=False)
    # D’où vient ce qui est écrit
    chiffres = models.JSONField("chiffres sourcés", default=list, blank=True)
    sources = models.JSONField("sources", default=list, blank=True)
    liens = liste(120)
    texte_tri = models.TextField("mots cherchés, sans accent", blank=True, editable=False)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    motif_retrait = models.CharField("pourquoi retirée", max_length=300, blank=True)
    revision = models.PositiveIntegerField("révision", default=0)
    semee = models.BooleanField("fiche de départ, jamais modifiée par une personne", default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat=EtatSolution.PUBLIEE) | Q(publiee_le__isnull=False),
                name="solution_publiee_a_une_date",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatSolution.RETIREE) | ~Q(motif_retrait=""),
                name="solution_retiree_dit_pourquoi",
            ),
        ]
        indexes = [
            models.Index(fields=["etat", "nom_tri", "id"], name="solution_liste"),
            models.Index(fields=["editeur", "etat"], name="solution_editeur"),
            GinIndex(fields=["liens"], name="solution_liens"),
            GinIndex(fields=["besoins"], name="solution_besoins"),
            GinIndex(fields=["texte_tri"], opclasses=["gin_trgm_ops"], name="solution_mots"),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def cle(self) -> str:
        return f"solution:{self.slug}"

    @property
    def is_publiee(self) -> bool:
        return self.etat == EtatSolution.PUBLIEE

    @property
    def besoins_affiches(self) -> list[str]:
        return [Besoin(b).label for b in self.besoins if b in Besoin.values]

    @property
    def tailles_affichees(self) -> list[str]:
        """Tailles en mots ; un nombre ne se coupe pas en fin de ligne."""
        mots = [Taille(t).label for t in self.tailles if t in Taille.values]
        return [MILLIERS.sub("\N{NO-BREAK SPACE}", mot) for mot in mots]


class EtapeSolution(Horodate):
    """Promesse datée de la feuille de route d’une solution. Une date repoussée reste connue."""

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="etapes")
    titre = models.CharField("étape", max_length=150)
    detail = models.TextField("détail", blank=True)
    date_prevue = models.DateField("date prévue", null=True, blank=True)
    date_initiale = models.DateField("date annoncée d’abord", null=True, blank=True)
    date_faite = models.DateField("date de fin", null=True, blank=True)
    etat = models.CharField("état", max_length=10, choices=EtatEtape, default=EtatEtape.PREVUE)
    source = models.CharField("source", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat=EtatEtape.FAITE) | Q(date_faite__isnull=False),
                name="etape_solution_faite_a_une_date",
            )
        ]
        indexes = [models.Index(fields=["solution", "date_prevue"], name="etape_solution_date")]

    def __str__(self) -> str:
        return self.titre

    @property
    def is_decalee(self) -> bool:
        """Vrai si la date n’est plus celle qui fut annoncée d’abord."""
        return bool(self.date_initiale and self.date_initiale != self.date_prevue)
