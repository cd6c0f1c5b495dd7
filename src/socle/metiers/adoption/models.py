"""Faits d’adoption, leurs comptes tenus d’avance, imports, conventions. Tables sans locataire."""

import hashlib
from typing import Protocol

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.formats import number_format

from socle.fondations.commun.models import Horodate
from socle.fondations.referentiels.enums import GenreAutorite, Tranche
from socle.metiers.adoption.enums import (
    EtatConvention,
    EtatImport,
    GenreConvention,
    Source,
    Usage,
)

TOUTES = ""  # dans les comptes : « au moins une solution »


class ParSource(Protocol):
    """Des collectivités comptées par source."""

    mesurees: int
    declarees: int
    importees: int
    fictives: int


def name_sources(compte: ParSource) -> list[str]:
    """« 1 mesurée », « 12 par liste », « 3 fictives de démonstration » : la plus sûre d’abord."""
    mots = (
        (compte.mesurees, "mesurée", "mesurées"),
        (compte.declarees, "déclarée", "déclarées"),
        (compte.importees, "par liste", "par liste"),
        (compte.fictives, "fictive de démonstration", "fictives de démonstration"),
    )
    return [
        f"{number_format(nombre)} {plusieurs if nombre > 1 else seul}"
        for nombre, seul, plusieurs in mots
        if nombre
    ]


class ImportDeFaits(Horodate):
    """Fichier de faits reçu par l’équipe du programme : relu, puis appliqué d’un bloc."""

    nom = models.CharField("fichier", max_length=200)
    origine = models.CharField("origine des données", max_length=200)
    etat = models.CharField(max_length=10, choices=EtatImport, default=EtatImport.A_RELIRE)
    recu_le = models.DateTimeField("reçu le")
    acteur = models.CharField("acteur", max_length=120)
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    lignes = models.PositiveIntegerField("lignes lues", default=0)
    retenues = models.PositiveIntegerField("lignes retenues", default=0)
    erreurs = models.PositiveIntegerField("lignes refusées", default=0)
    rapport = models.JSONField("premières erreurs", default=list)
    applique_le = models.DateTimeField("appliqué le", null=True, blank=True)
    ajoutes = models.PositiveIntegerField("faits ajoutés", default=0)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    motif = models.CharField("raison de l’annulation", max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-recu_le"], name="adoption_import_date")]

    @property
    def is_a_relire(self) -> bool:
        return self.etat == EtatImport.A_RELIRE

    @property
    def is_applique(self) -> bool:
        return self.etat == EtatImport.APPLIQUE


class LigneDImport(models.Model):
    """Ligne retenue d’un import pas encore appliqué ; effacée ensuite."""

    lot = models.ForeignKey(ImportDeFaits, on_delete=models.CASCADE, related_name="attente")
    rang = models.PositiveIntegerField("ligne du fichier")
    solution = models.CharField(max_length=80)
    autorite = models.CharField(max_length=24)
    date_fait = models.DateField()
    usage = models.CharField(max_length=8, choices=Usage)


class Fait(Horodate):
    """Une collectivité, une solution, un jour, une source. N’est jamais effacé : annulé."""

    solution = models.CharField("solution", max_length=80)  # « franceconnect », sans préfixe
    autorite = models.CharField("clé de la collectivité", max_length=24)
    date_fait = models.DateField("jour du fait")
    source = models.CharField("source", max_length=8, choices=Source)
    usage = models.CharField("usage", max_length=8, choices=Usage)
    confirme_le = models.DateField("encore constaté le", null=True, blank=True)
    lot = models.ForeignKey(
        ImportDeFaits, on_delete=models.PROTECT, null=True, blank=True, related_name="faits"
    )
    acteur = models.CharField("acteur", max_length=120, blank=True)
    precision = models.CharField("d’après", max_length=200, blank=True)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    motif = models.CharField("raison de l’annulation", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["solution", "autorite", "date_fait", "source"],
                condition=Q(annule_le__isnull=True),
                name="adoption_fait_unique",
            )
        ]
        indexes = [
            models.Index(fields=["autorite", "solution"], name="fait_par_autorite"),
            models.Index(fields=["lot"], condition=Q(lot__isnull=False), name="fait_par_import"),
        ]

    @property
    def objet(self) -> str:
        return f"fait:{self.pk}"


class Situation(models.Model):
    """Où en est chaque collectivité avec chaque solution : le dernier fait qui compte.

    Tenue par `services.agregats`, refaite chaque nuit. Solution vide : au moins une solution.
    """

    pk = models.CompositePrimaryKey("solution", "autorite")
    solution = models.CharField(max_length=80)
    autorite = models.CharField(max_length=24)
    usage = models.CharField(max_length=8, choices=Usage)
    source = models.CharField(max_length=8, choices=Source)
    date_fait = models.DateField()
    depuis = models.DateField("premier usage", null=True)
    genre = models.CharField(max_length=12, choices=GenreAutorite)
    tranche = models.PositiveIntegerField(choices=Tranche)
    departement = models.CharField(max_length=3)
    epci = models.CharField(max_length=9)
    population = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["solution", "departement", "genre", "tranche"], name="situation_territoire"
            ),
            models.Index(
                fields=["solution", "genre", "population"],
                condition=Q(usage=Usage.UTILISE),
                name="situation_population",
            ),
            models.Index(
                fields=["autorite"],
                condition=Q(usage=Usage.UTILISE),
                name="situation_autorite",
            ),
        ]


class Couverture(models.Model):
    """Combien de collectivités, par solution, département, taille et genre, aujourd’hui."""

    pk = models.CompositePrimaryKey("solution", "departement", "tranche", "genre")
    solution = models.CharField(max_length=80)
    departement = models.CharField(max_length=3)
    tranche = models.PositiveIntegerField(choices=Tranche)
    genre = models.CharField(max_length=12, choices=GenreAutorite)
    utilisent = models.PositiveIntegerField()
    prevoient = models.PositiveIntegerField()
    declarees = models.PositiveIntegerField()
    importees = models.PositiveIntegerField()
    mesurees = models.PositiveIntegerField()
    fictives = models.PositiveIntegerField()


class Mouvement(models.Model):
    """Arrivées et départs d’un mois, dans la maille de la couverture : leur somme est elle."""

    pk = models.CompositePrimaryKey("solution", "departement", "tranche", "genre", "mois")
    solution = models.CharField(max_length=80)
    departement = models.CharField(max_length=3)
    tranche = models.PositiveIntegerField(choices=Tranche)
    genre = models.CharField(max_length=12, choices=GenreAutorite)
    mois = models.DateField("premier jour du mois")
    arrivees = models.PositiveIntegerField()
    departs = models.PositiveIntegerField()


class Effectif(models.Model):
    """Combien de collectivités existent, dans la même maille : le dénominateur des taux."""

    pk = models.CompositePrimaryKey("departement", "tranche", "genre")
    departement = models.CharField(max_length=3)
    tranche = models.PositiveIntegerField(choices=Tranche)
    genre = models.CharField(max_length=12, choices=GenreAutorite)
    nombre = models.PositiveIntegerField()


class Brique(models.Model):
    """Solution suivie, et ses totaux ; la ligne vide compte « au moins une solution »."""

    solution = models.CharField(max_length=80, primary_key=True)
    utilisent = models.PositiveIntegerField(default=0)
    prevoient = models.PositiveIntegerField(default=0)
    declarees = models.PositiveIntegerField(default=0)
    importees = models.PositiveIntegerField(default=0)
    mesurees = models.PositiveIntegerField(default=0)
    fictives = models.PositiveIntegerField(default=0)
    dernier_fait = models.DateField("dernier fait", null=True)
    delai_median = models.PositiveIntegerField("jours entre prévoir et utiliser", null=True)
    recalcule_le = models.DateTimeField("recalculé le", null=True)

    @property
    def mots_sources(self) -> list[str]:
        return name_sources(self)


class CoUsage(models.Model):
    """Combien de collectivités utilisent les deux solutions ensemble."""

    pk = models.CompositePrimaryKey("solution", "autre")
    solution = models.CharField(max_length=80)
    autre = models.CharField(max_length=80)
    ensemble = models.PositiveIntegerField()


class Convention(Horodate):
    """Convention ou charte proposée aux collectivités ; son texte est dans ses versions."""

    slug = models.SlugField("adresse", max_length=80, unique=True)
    titre = models.CharField("titre", max_length=150)
    genre = models.CharField("genre", max_length=10, choices=GenreConvention)
    resume = models.TextField("en deux phrases", max_length=600)
    porteur = models.CharField("portée par", max_length=200)
    pour_qui = models.CharField("pour qui", max_length=200)
    est_modele = models.BooleanField("texte modèle, à faire valider", default=True)
    etat = models.CharField(max_length=10, choices=EtatConvention, default=EtatConvention.BROUILLON)
    liens = ArrayField(models.CharField(max_length=120), default=list, blank=True)

    class Meta:
        indexes = [GinIndex(fields=["liens"], name="convention_liens")]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        return f"convention:{self.slug}"

    @property
    def is_ouverte(self) -> bool:
        return self.etat == EtatConvention.OUVERTE


class VersionDeConvention(Horodate):
    """Texte publié, qui ne change plus : son empreinte est dans chaque adhésion."""

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="versions")
    numero = models.PositiveIntegerField("version")
    texte = models.TextField("texte")
    empreinte = models.CharField("empreinte SHA-256 du texte", max_length=64)
    publiee_le = models.DateTimeField("publiée le")
    changement = models.CharField("ce qui change", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["convention", "numero"], name="adoption_version_unique")
        ]

    @staticmethod
    def hash_texte(texte: str) -> str:
        return hashlib.sha256(texte.encode()).hexdigest()


class Signature(Horodate):
    """Adhésion d’une collectivité à une version ; retirée, elle reste dans l’histoire."""

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="signatures")
    version = models.ForeignKey(
        VersionDeConvention, on_delete=models.PROTECT, related_name="signatures"
    )
    autorite = models.CharField("clé de la collectivité", max_length=24)
    nom = models.CharField("collectivité, à ce jour-là", max_length=200)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    fonction = models.CharField("fonction du signataire", max_length=150)
    acteur = models.CharField("acteur", max_length=120)
    empreinte = models.CharField("empreinte du texte signé", max_length=64)
    preuve = models.UUIDField("entrée du journal")
    signee_le = models.DateTimeField("signée le")
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    motif_retrait = models.CharField("raison du retrait", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "autorite"],
                condition=Q(retiree_le__isnull=True),
                name="adoption_signature_en_cours",
            )
        ]
        indexes = [models.Index(fields=["autorite"], name="signature_par_autorite")]
