"""Autres catalogues : ce qu’ils nous donnent, et ce qu’une personne en a fait."""

from django.db import models

from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.models import Compte
from socle.metiers.catalogue.enums import EtatFiche, EtatImport, FormatCatalogue, Frequence
from socle.metiers.catalogue.models.solution import Solution


class CatalogueDistant(Horodate):
    """Un autre catalogue, que l’on relit de temps en temps."""

    slug = models.SlugField("adresse", max_length=80, unique=True)
    nom = models.CharField("nom", max_length=150)
    url = models.URLField("adresse du fichier", max_length=500)
    format = models.CharField("format", max_length=12, choices=FormatCatalogue)
    frequence = models.CharField(
        "fréquence", max_length=14, choices=Frequence, default=Frequence.MANUELLE
    )
    licence = models.CharField("licence des données", max_length=100, blank=True)
    actif = models.BooleanField("actif", default=True)

    def __str__(self) -> str:
        return self.nom


class ImportCatalogue(Horodate):
    """Une lecture d’un catalogue, avec ce qu’elle a donné ou pourquoi elle est refusée."""

    catalogue = models.ForeignKey(
        CatalogueDistant, on_delete=models.CASCADE, related_name="imports"
    )
    etat = models.CharField("état", max_length=10, choices=EtatImport, default=EtatImport.EN_COURS)
    commence_le = models.DateTimeField("commencé le")
    fini_le = models.DateTimeField("fini le", null=True, blank=True)
    message = models.TextField("message", blank=True)
    lues = models.PositiveIntegerField("fiches lues", default=0)
    nouvelles = models.PositiveIntegerField("fiches nouvelles", default=0)
    changees = models.PositiveIntegerField("fiches changées", default=0)
    refus = models.JSONField("fiches refusées", default=list, blank=True)

    class Meta:
        indexes = [models.Index(fields=["catalogue", "-commence_le"], name="import_catalogue_fil")]


class FicheDistante(Horodate):
    """Solution telle qu’un autre catalogue la décrit ; n’est publique nulle part chez nous."""

    catalogue = models.ForeignKey(CatalogueDistant, on_delete=models.CASCADE, related_name="fiches")
    cle_externe = models.CharField("clé chez eux", max_length=300)
    nom = models.CharField("nom", max_length=200)
    donnees = models.JSONField("fiche lue")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    etat = models.CharField("état", max_length=10, choices=EtatFiche, default=EtatFiche.A_EXAMINER)
    solution = models.ForeignKey(
        Solution, on_delete=models.SET_NULL, null=True, blank=True, related_name="fiches_distantes"
    )
    vue_le = models.DateTimeField("vue le")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["catalogue", "cle_externe"], name="fiche_distante_unique"
            )
        ]
        indexes = [models.Index(fields=["etat", "nom", "id"], name="fiche_distante_file")]

    def __str__(self) -> str:
        return self.nom


class FusionFiche(Horodate):
    """Ce qu’une personne a repris d’une fiche, et de quoi revenir en arrière."""

    fiche = models.ForeignKey(FicheDistante, on_delete=models.CASCADE, related_name="fusions")
    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="fusions")
    avant = models.JSONField("valeurs d’avant")
    apres = models.JSONField("valeurs reprises")
    faite_le = models.DateTimeField("faite le")
    faite_par = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
