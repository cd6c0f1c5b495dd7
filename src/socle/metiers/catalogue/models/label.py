"""Label : référentiel versionné, candidatures, évaluations, histoire publique."""

from django.db import models
from django.db.models import Q

from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.models import Compte
from socle.metiers.catalogue.enums import (
    EN_COURS,
    Avis,
    EtatCandidature,
    EtatReferentiel,
    NiveauEvaluation,
)
from socle.metiers.catalogue.models.solution import Solution


class ReferentielLabel(Horodate):
    """Version des critères du label. Une seule en vigueur ; les anciennes restent lisibles."""

    version = models.PositiveIntegerField("version", unique=True)
    titre = models.CharField("titre", max_length=150)
    mention = models.TextField("d’où viennent ces critères", blank=True)
    etat = models.CharField(
        "état", max_length=12, choices=EtatReferentiel, default=EtatReferentiel.BROUILLON
    )
    duree_mois = models.PositiveSmallIntegerField("durée du label, en mois", default=24)
    en_vigueur_le = models.DateTimeField("en vigueur le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["etat"],
                condition=Q(etat=EtatReferentiel.EN_VIGUEUR),
                name="referentiel_label_un_seul_en_vigueur",
            )
        ]

    def __str__(self) -> str:
        return f"{self.titre}, version {self.version}"


class CritereLabel(Horodate):
    """Un critère, la question posée et la preuve attendue."""

    referentiel = models.ForeignKey(
        ReferentielLabel, on_delete=models.CASCADE, related_name="criteres"
    )
    rang = models.PositiveSmallIntegerField("rang")
    titre = models.CharField("titre", max_length=150)
    question = models.TextField("question")
    preuve = models.TextField("preuve attendue")
    bancs = models.CharField("bancs d’essai qui aident", max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referentiel", "rang"], name="critere_label_rang")
        ]

    def __str__(self) -> str:
        return self.titre


class CandidatureLabel(Horodate):
    """Demande de label d’une solution, selon une version des critères."""

    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="candidatures")
    referentiel = models.ForeignKey(
        ReferentielLabel, on_delete=models.PROTECT, related_name="candidatures"
    )
    etat = models.CharField(
        "état", max_length=12, choices=EtatCandidature, default=EtatCandidature.DECLAREE
    )
    declaree_le = models.DateTimeField("déclarée le")
    declaree_par = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")
    relue_par = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")
    auditee_par = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")
    decidee_par = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    motif = models.TextField("motif de la décision", blank=True)
    expire_le = models.DateField("expire le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["solution"], condition=Q(etat__in=EN_COURS),
                name="candidature_label_une_en_cours",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatCandidature.LABELLISEE) | Q(expire_le__isnull=False),
                name="candidature_label_expire",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["solution", "-declaree_le"], name="candidature_label_solution"),
            models.Index(fields=["etat", "expire_le"], name="candidature_label_etat"),
        ]

    @property
    def etat_affiche(self) -> EtatCandidature:
        return EtatCandidature(self.etat)


class EvaluationLabel(Horodate):
    """Avis sur un critère, avec sa preuve : déclaré, relu par un pair, ou audité."""

    candidature = models.ForeignKey(
        CandidatureLabel, on_delete=models.CASCADE, related_name="evaluations"
    )
    critere = models.ForeignKey(CritereLabel, on_delete=models.PROTECT, related_name="evaluations")
    niveau = models.CharField("niveau", max_length=12, choices=NiveauEvaluation)
    avis = models.CharField("avis", max_length=8, choices=Avis)
    preuve = models.TextField("preuve", blank=True)
    auteur = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")
    auteur_nom = models.CharField("auteur", max_length=200)
    faite_le = models.DateTimeField("faite le")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidature", "critere", "niveau"], name="evaluation_label_unique"
            )
        ]


class FaitLabel(Horodate):
    """Une ligne de l’histoire publique d’un label."""

    candidature = models.ForeignKey(
        CandidatureLabel, on_delete=models.CASCADE, related_name="faits"
    )
    etat = models.CharField("état", max_length=12, choices=EtatCandidature)
    texte = models.TextField("ce qui s’est passé")
    survenu_le = models.DateTimeField("survenu le")

    class Meta:
        indexes = [models.Index(fields=["candidature", "survenu_le"], name="fait_label_fil")]
