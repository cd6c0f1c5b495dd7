"""La campagne : ce que l’on demande, à qui, jusqu’à quand. Table sans locataire."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from socle.fondations.commun.enums import Theme
from socle.fondations.commun.models import Horodate
from socle.metiers.consultations.enums import (
    EVALUES,
    Acces,
    BaseLegale,
    EtatCampagne,
    GenreCampagne,
    Moment,
    Perimetre,
    Unite,
)


def build_liste(taille: int) -> Any:
    """Une liste de codes courts, vide par défaut."""
    return ArrayField(models.CharField(max_length=taille), default=list, blank=True)


class Campagne(Horodate):
    """Questionnaire, appel à contributions, AMI ou AAP. L’état ne change que par un service."""

    slug = models.SlugField("adresse courte", max_length=80, unique=True)
    genre = models.CharField("genre", max_length=16, choices=GenreCampagne)
    titre = models.CharField("titre", max_length=150)
    chapo = models.CharField("en une phrase", max_length=300, blank=True)
    texte = models.TextField("présentation", blank=True)
    themes = build_liste(16)
    liens = build_liste(120)
    etat = models.CharField(
        "état", max_length=12, choices=EtatCampagne, default=EtatCampagne.BROUILLON
    )
    revision = models.PositiveIntegerField("révision", default=0)
    # Qui peut répondre. Une liste vide ne filtre pas.
    acces = models.CharField("accès", max_length=10, choices=Acces, default=Acces.PUBLIC)
    perimetre = models.CharField(
        "qui peut répondre", max_length=10, choices=Perimetre, default=Perimetre.TOUS
    )
    genres_autorites = build_liste(12)
    departements = build_liste(3)
    regions = build_liste(3)
    population_min = models.PositiveIntegerField("population, au moins", null=True, blank=True)
    population_max = models.PositiveIntegerField("population, au plus", null=True, blank=True)
    unite = models.CharField(
        "ce qui répond une fois", max_length=10, choices=Unite, default=Unite.PERSONNE
    )
    anonyme = models.BooleanField("réponses sans compte admises", default=False)
    correction_permise = models.BooleanField("correction jusqu’à la clôture", default=True)
    ouvre_le = models.DateTimeField("ouvre le", null=True, blank=True)
    ferme_le = models.DateTimeField("ferme le", null=True, blank=True)
    contact = models.EmailField("adresse où écrire", blank=True)
    budget = models.DecimalField(
        "enveloppe, en euros", max_digits=14, decimal_places=2, null=True, blank=True
    )
    # Ce que deviennent les réponses (RGPD, art. 13).
    finalite = models.CharField("à quoi servent les réponses", max_length=500, blank=True)
    base_legale = models.CharField(
        "base légale", max_length=14, choices=BaseLegale, default=BaseLegale.MISSION
    )
    conservation_mois = models.PositiveSmallIntegerField(
        "mois de conservation après la clôture", default=12
    )
    lecteurs = models.CharField("qui lit les réponses", max_length=300, blank=True)
    definition = models.JSONField("formulaire", default=dict)
    defaits = models.JSONField("formulaires d’avant, à rétablir", default=list)
    empreinte = models.CharField("empreinte du formulaire publié", max_length=64, blank=True)
    synthese = models.TextField("synthèse", blank=True)
    chiffres = models.JSONField("chiffres publiés", null=True, blank=True)
    fictif = models.BooleanField("exemple fictif", default=False)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    depouillee_le = models.DateTimeField("résultats publiés le", null=True, blank=True)
    archivee_le = models.DateTimeField("archivée le", null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    motif_annulation = models.CharField("pourquoi elle est annulée", max_length=500, blank=True)
    purgee_le = models.DateTimeField("réponses effacées le", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ferme_le__isnull=True)
                | Q(ouvre_le__isnull=True)
                | Q(ferme_le__gt=F("ouvre_le")),
                name="campagne_ferme_apres_ouverture",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=[EtatCampagne.BROUILLON, EtatCampagne.ANNULEE])
                | Q(publiee_le__isnull=False, ouvre_le__isnull=False, ferme_le__isnull=False),
                name="campagne_publiee_a_ses_dates",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatCampagne.ANNULEE) ^ Q(annulee_le__isnull=True),
                name="campagne_annulee_a_sa_date",
            ),
        ]
        indexes = [
            models.Index(fields=["etat", "ferme_le", "id"], name="campagne_par_date"),
            GinIndex(fields=["liens"], name="campagne_liens"),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        return f"consultation:{self.slug}"

    @property
    def is_brouillon(self) -> bool:
        return self.etat == EtatCampagne.BROUILLON

    @property
    def is_restreinte(self) -> bool:
        return self.acces == Acces.RESTREINT

    @property
    def is_evaluee(self) -> bool:
        """Vrai pour un AMI ou un AAP : une grille et un jury suivent."""
        return self.genre in EVALUES

    @property
    def is_par_autorite(self) -> bool:
        return self.unite == Unite.AUTORITE

    @property
    def has_synthese(self) -> bool:
        return self.depouillee_le is not None

    @property
    def libelles_themes(self) -> list[str]:
        return [Theme(theme).label for theme in self.themes if theme in Theme.values]

    @property
    def has_resultats(self) -> bool:
        """Vrai quand les résultats d’un AMI ou d’un AAP sont publiés ; une instruction."""
        return self.is_evaluee and hasattr(self, "instruction") and self.instruction.is_publiee

    def is_ouverte(self, maintenant: datetime) -> bool:
        """Vrai de l’ouverture comprise à la fermeture exclue, tant que personne ne l’a close."""
        return self.find_moment(maintenant) == Moment.OUVERTE

    def find_moment(self, maintenant: datetime) -> Moment:
        """Où elle en est à cet instant ; un brouillon ou une annulée est « close »."""
        if self.etat != EtatCampagne.PUBLIEE or self.ouvre_le is None or self.ferme_le is None:
            return Moment.CLOSE
        if maintenant < self.ouvre_le:
            return Moment.A_VENIR
        return Moment.OUVERTE if maintenant < self.ferme_le else Moment.CLOSE


class Prolongation(Horodate):
    """Date de clôture changée, avec son motif : rien ne s’efface."""

    campagne = models.ForeignKey(Campagne, on_delete=models.CASCADE, related_name="prolongations")
    avant = models.DateTimeField("clôture d’avant")
    apres = models.DateTimeField("clôture d’après")
    motif = models.CharField("motif", max_length=500)
    acteur = models.CharField("acteur", max_length=120)
    instant = models.DateTimeField("instant")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(apres__gt=F("avant")), name="prolongation_repousse")
        ]
