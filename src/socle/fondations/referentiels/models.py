"""Référentiels officiels : tables publiques, sans locataire."""

import re
import unicodedata

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from socle.fondations.commun.models import Horodate
from socle.fondations.referentiels.enums import GenreAutorite, Tranche

CODE_COG = "cog"
SEPARES = str.maketrans({"œ": "oe", "æ": "ae", "'": " ", "’": " ", "-": " "})
ABREGES = {"st": "saint", "ste": "sainte"}


def normalize_nom(nom: str) -> str:
    """Rend la clé de tri et de recherche : sans accent ni tiret, « st » écrit « saint ».

    >>> normalize_nom("L’Haÿ-les-Roses"), normalize_nom("St-Étienne")
    ('l hay les roses', 'saint etienne')
    """
    plat = unicodedata.normalize("NFKD", nom.lower().translate(SEPARES))
    mots = re.findall("[a-z0-9]+", plat.encode("ascii", "ignore").decode())
    return " ".join(ABREGES.get(mot, mot) for mot in mots)


class Referentiel(Horodate):
    """Version chargée d’une liste officielle, avec sa source et son empreinte."""

    code = models.CharField("code", max_length=50)
    version = models.CharField("version", max_length=50)
    source = models.CharField("source", max_length=300)
    licence = models.CharField("licence", max_length=100)
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    nombre = models.PositiveIntegerField("nombre de lignes")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="referentiel_version_unique")
        ]


class Departement(models.Model):
    code = models.CharField(max_length=3, primary_key=True)
    nom = models.CharField(max_length=100)
    region = models.CharField(max_length=3)
    region_nom = models.CharField(max_length=100)


class Epci(models.Model):
    """Groupement à fiscalité propre."""

    siren = models.CharField(max_length=9, primary_key=True)
    nom = models.CharField(max_length=200)
    nom_tri = models.CharField("clé de tri sans accent", max_length=200, default="")
    nature = models.CharField(max_length=10)
    population = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.nom


class Commune(models.Model):
    """Commune actuelle du code officiel géographique."""

    code = models.CharField("code Insee", max_length=5, primary_key=True)
    nom = models.CharField("nom", max_length=100)
    nom_tri = models.CharField("clé de tri sans accent", max_length=100)
    departement = models.CharField("département", max_length=3)
    region = models.CharField("région", max_length=3)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    epci = models.CharField("SIREN de l’EPCI", max_length=9, blank=True)
    population = models.PositiveIntegerField("population", default=0)
    codes_postaux = ArrayField(models.CharField(max_length=5), default=list)
    anciens_codes = ArrayField(
        models.CharField(max_length=5),
        default=list,
        help_text="codes d’avant, communes déléguées ou associées, arrondissements municipaux",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["nom_tri"], opclasses=["text_pattern_ops"], name="commune_debut_du_nom"
            ),
            GinIndex(fields=["nom_tri"], opclasses=["gin_trgm_ops"], name="commune_nom_approche"),
            GinIndex(fields=["codes_postaux"], name="commune_code_postal"),
            GinIndex(fields=["anciens_codes"], name="commune_ancien_code"),
            models.Index(fields=["epci"], name="commune_epci"),
        ]

    def __str__(self) -> str:
        return self.nom


class Autorite(models.Model):
    """Collectivité française, présente ou non dans l’installation ; refaite à chaque COG chargé."""

    cle = models.CharField("clé", max_length=24, primary_key=True)  # « commune-92023 »
    genre = models.CharField("genre", max_length=12, choices=GenreAutorite)
    code = models.CharField("code Insee ou SIREN", max_length=9)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    nom = models.CharField("nom", max_length=200)
    nom_tri = models.CharField("clé de tri sans accent", max_length=200)
    departement = models.CharField("département", max_length=3, blank=True)
    region = models.CharField("région", max_length=3)
    epci = models.CharField("SIREN de l’EPCI", max_length=9, blank=True)
    population = models.PositiveIntegerField("population", default=0)
    tranche = models.PositiveIntegerField("taille", choices=Tranche)

    class Meta:
        indexes = [
            models.Index(fields=["siren"], name="autorite_siren"),
            models.Index(fields=["departement", "genre", "tranche"], name="autorite_territoire"),
            models.Index(fields=["epci"], name="autorite_epci"),
            GinIndex(fields=["nom_tri"], opclasses=["gin_trgm_ops"], name="autorite_nom_approche"),
        ]

    def __str__(self) -> str:
        return self.nom
