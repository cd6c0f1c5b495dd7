"""Un appel d’un autre, et les dates de clôture qu’on lui a connues."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.models import Compte
from socle.fondations.referentiels.enums import GenreAutorite
from socle.metiers.appels.enums import PUBLICS, EtatAppel, GenreAppel, Surete, Theme

SANS_JOUR = date.max.toordinal()
"""Rang d’un appel sans jour de clôture : après tous les autres."""


class Appel(Horodate):
    """Appel d’un organisateur, relayé aux collectivités. Table publique de l’installation.

    `cloture`, `surete`, `cloture_texte` et `ancienne_cloture` redisent la dernière `DateAppel` :
    seuls les services les écrivent. Thèmes, territoires (« dep-92 », « reg-11 ») et genres vides :
    tous. `ressemble` est le double probable, qu’une personne réunit ou écarte.
    """

    slug = models.SlugField("nom d’adresse", max_length=80, unique=True)
    titre = models.CharField("titre", max_length=150)
    organisateur = models.CharField("organisateur", max_length=150)
    genre = models.CharField("genre", max_length=12, choices=GenreAppel)
    resume = models.CharField("en une phrase", max_length=300, blank=True)
    texte = models.TextField("présentation", blank=True)
    themes = ArrayField(
        models.CharField(max_length=12, choices=Theme),
        verbose_name="thèmes", default=list, blank=True,
    )  # fmt: skip
    territoires = ArrayField(
        models.CharField(max_length=8), verbose_name="territoires", default=list, blank=True
    )
    genres = ArrayField(
        models.CharField(max_length=12, choices=GenreAutorite),
        verbose_name="genres de collectivité", default=list, blank=True,
    )  # fmt: skip
    population_min = models.PositiveIntegerField("à partir de", null=True, blank=True)
    population_max = models.PositiveIntegerField("jusqu’à", null=True, blank=True)
    qui = models.TextField("qui peut répondre", blank=True)
    comment = models.TextField("comment répondre", blank=True)
    montant_min = models.DecimalField(
        "montant le plus bas", max_digits=12, decimal_places=2, null=True, blank=True
    )
    montant_max = models.DecimalField(
        "montant le plus haut", max_digits=12, decimal_places=2, null=True, blank=True
    )
    enveloppe = models.DecimalField(
        "enveloppe", max_digits=14, decimal_places=2, null=True, blank=True
    )
    taux = models.DecimalField("taux (%)", max_digits=5, decimal_places=2, null=True, blank=True)
    lien = models.URLField("page de l’organisateur", max_length=300, blank=True)
    contact = models.CharField("contact", max_length=200, blank=True)
    source = models.CharField("d’où vient cette fiche", max_length=200)
    verifie_le = models.DateField("vérifiée le", null=True, blank=True)
    liens = ArrayField(
        models.CharField(max_length=120), verbose_name="ce qui aide", default=list, blank=True
    )
    ouverture = models.DateField("ouverture", null=True, blank=True)
    cloture = models.DateField("clôture", null=True, blank=True)
    rang = models.PositiveIntegerField("rang de la clôture", default=SANS_JOUR)
    cloture_texte = models.CharField("clôture en mots", max_length=60, blank=True)
    surete = models.CharField("sûreté", max_length=10, choices=Surete)
    ancienne_cloture = models.DateField("clôture d’avant le report", null=True, blank=True)
    etat = models.CharField("état", max_length=10, choices=EtatAppel, default=EtatAppel.PROPOSE)
    motif = models.CharField("pourquoi il est archivé", max_length=300, blank=True)
    relaye_le = models.DateTimeField("relayé le", null=True, blank=True)
    propose_par = models.ForeignKey(
        Compte, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ressemble = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reuni_dans = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    fictif = models.BooleanField("exemple fictif", default=False)
    revision = models.PositiveIntegerField("révision", default=0)
    recherche = models.TextField("texte de recherche", blank=True)
    empreinte = models.CharField("titre et organisateur, sans accent", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(surete=Surete.CONNUE) | Q(cloture__isnull=False),
                name="appel_cloture_connue_a_un_jour",
            ),
            models.CheckConstraint(
                condition=Q(ouverture__isnull=True)
                | Q(cloture__isnull=True)
                | Q(ouverture__lte=F("cloture")),
                name="appel_ouvre_avant_de_clore",
            ),
            models.CheckConstraint(
                condition=Q(montant_min__isnull=True)
                | Q(montant_max__isnull=True)
                | Q(montant_min__lte=F("montant_max")),
                name="appel_montants_dans_l_ordre",
            ),
            models.CheckConstraint(
                condition=Q(population_min__isnull=True)
                | Q(population_max__isnull=True)
                | Q(population_min__lte=F("population_max")),
                name="appel_tailles_dans_l_ordre",
            ),
            models.CheckConstraint(
                condition=Q(taux__isnull=True) | Q(taux__gt=0, taux__lte=100),
                name="appel_taux_entre_0_et_100",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=PUBLICS) | Q(relaye_le__isnull=False),
                name="appel_public_a_ete_relaye",
            ),
        ]
        indexes = [
            models.Index(fields=["etat", "rang", "id"], name="appel_par_cloture"),
            models.Index(fields=["empreinte"], name="appel_empreinte"),
            GinIndex(fields=["liens"], name="appel_liens"),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        """Clé par laquelle les autres métiers le citent."""
        return f"appel:{self.slug}"

    @property
    def objet(self) -> str:
        """Nom au journal."""
        return f"appel:{self.pk}"

    @property
    def est_public(self) -> bool:
        return self.etat in PUBLICS


class DateAppel(Horodate):
    """Une clôture annoncée, jamais effacée : la suivante dit pourquoi elle la remplace."""

    appel = models.ForeignKey(Appel, on_delete=models.CASCADE, related_name="dates")
    rang = models.PositiveSmallIntegerField("rang")
    jour = models.DateField("jour", null=True, blank=True)
    jour_texte = models.CharField("date en mots", max_length=60, blank=True)
    surete = models.CharField("sûreté", max_length=10, choices=Surete)
    motif = models.CharField("pourquoi", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appel", "rang"], name="date_appel_rang_unique"),
            models.CheckConstraint(
                condition=Q(rang=1) | ~Q(motif=""), name="date_appel_changee_dit_pourquoi"
            ),
        ]
