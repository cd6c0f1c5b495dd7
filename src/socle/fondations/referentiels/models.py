"""Référentiels officiels : tables publiques, sans locataire."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from socle.fondations.commun.models import Horodate


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
    nature = models.CharField(max_length=10)
    population = models.PositiveIntegerField(null=True)


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
