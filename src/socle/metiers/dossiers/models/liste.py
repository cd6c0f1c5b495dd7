"""Listes et nombres : celle de l’usager, compteurs, mesures, vocabulaire, colonnes des agents."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F

from socle.fondations.collectivites.models import Collectivite, ObjetDeCollectivite
from socle.fondations.comptes.models import Compte
from socle.metiers.demarches.models import Demarche
from socle.metiers.dossiers.enums import Canal, EtatDossier


class DossierDeLaPersonne(models.Model):
    """Liste d’un usager à travers les collectivités. Tenue par personne (RLS `socle.personne`)."""

    numero = models.IntegerField(primary_key=True)
    personne = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="+")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.CASCADE, related_name="+")
    titre = models.CharField("démarche", max_length=150)
    etat = models.CharField("état", max_length=16, choices=EtatDossier)
    attend_correction = models.BooleanField(default=False)
    modifie_le = models.DateTimeField("modifié le")

    class Meta:
        indexes = [models.Index(F("personne"), F("modifie_le").desc(), name="personne_dossiers")]


class Compteur(models.Model):
    """Nombre de dossiers par démarche et par état, tenu par un déclencheur."""

    collectivite = models.ForeignKey(Collectivite, on_delete=models.CASCADE, related_name="+")
    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="+")
    etat = models.CharField(max_length=16, choices=EtatDossier)
    nombre = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "demarche", "etat"], name="compteur_unique"
            )
        ]


class Mesure(models.Model):
    """Usage par jour, par canal et par issue : survit aux purges, tenue par un déclencheur."""

    collectivite = models.ForeignKey(Collectivite, on_delete=models.CASCADE, related_name="+")
    demarche_id = models.BigIntegerField("démarche")
    jour = models.DateField("jour")
    fait = models.CharField("fait", max_length=16)
    canal = models.CharField("canal", max_length=10, choices=Canal)
    nombre = models.IntegerField(default=0)
    duree_totale = models.FloatField("secondes jusqu’à la décision, cumulées", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "demarche_id", "jour", "fait", "canal"],
                name="mesure_unique",
            )
        ]


class Mot(models.Model):
    """Mot qu’un dossier au moins contient : le vocabulaire qui corrige les fautes de frappe.

    Tenu par un déclencheur (migration 0004) : il part avec le dernier dossier qui le porte.
    """

    pk = models.CompositePrimaryKey("collectivite", "mot")
    collectivite = models.ForeignKey(Collectivite, models.CASCADE, db_index=False, related_name="+")
    mot = models.CharField("mot", max_length=40, db_collation="C")

    class Meta:
        indexes = [
            GinIndex(fields=["collectivite", "mot"], opclasses=["int4_ops", "gin_trgm_ops"],
                     name="mot_trigrammes")
        ]  # fmt: skip


class ColonnesDeLaListe(ObjetDeCollectivite):
    """Colonnes choisies par un agent : `[{"code": "champ:voie", "libelle": "Voie"}]`."""

    agent = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="+")
    demarche = models.ForeignKey(
        Demarche, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    colonnes = models.JSONField("colonnes, dans l’ordre", default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "agent", "demarche"],
                                    name="colonnes_une_fois", nulls_distinct=False)
        ]  # fmt: skip
