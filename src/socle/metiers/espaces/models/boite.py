"""La boîte à outils : livrables, leurs versions, et qui s’en sert. Tables sans locataire."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from socle.fondations.commun.enums import Theme
from socle.fondations.commun.models import Horodate
from socle.fondations.documents.services.programme import build_adresse_fichier
from socle.metiers.espaces.enums import EtatLivrable, Licence, Origine, TypeLivrable


class Livrable(Horodate):
    """Document utile à toutes les collectivités, du programme ou d’un partenaire."""

    slug = models.SlugField("adresse courte", max_length=80, unique=True)
    titre = models.CharField("titre", max_length=150)
    resume = models.CharField("en une phrase", max_length=300)
    description = models.TextField("description", blank=True)
    genre = models.CharField("type", max_length=12, choices=TypeLivrable)
    theme = models.CharField("thème", max_length=16, choices=Theme)
    licence = models.CharField("licence", max_length=16, choices=Licence)
    origine = models.CharField("origine", max_length=10, choices=Origine)
    auteur = models.CharField("organisation auteure", max_length=200)
    date_livrable = models.CharField("date du document", max_length=40, blank=True)
    source = models.CharField("d’où l’on tient ces informations", max_length=300, blank=True)
    liens = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    etat = models.CharField("état", max_length=10, choices=EtatLivrable,
                            default=EtatLivrable.BROUILLON)  # fmt: skip
    publie_le = models.DateTimeField("publié le", null=True, blank=True)
    mots = models.TextField("mots où l’on cherche", default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat=EtatLivrable.PUBLIE) | Q(publie_le__isnull=False),
                name="livrable_publie_a_sa_date",
            )
        ]
        indexes = [
            models.Index(fields=["etat", "-publie_le", "-id"], name="livrable_publies"),
            GinIndex(fields=["liens"], name="livrable_liens"),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        return f"livrable:{self.slug}"

    @property
    def is_publie(self) -> bool:
        return self.etat == EtatLivrable.PUBLIE


class VersionDeLivrable(Horodate):
    """Version d’un livrable : un fichier ou un lien, jamais changé ensuite."""

    livrable = models.ForeignKey(Livrable, on_delete=models.CASCADE, related_name="versions")
    numero = models.PositiveIntegerField("numéro")
    nom = models.CharField("nom de la version", max_length=60, blank=True)
    note = models.CharField("ce qui change", max_length=300, blank=True)
    lien = models.URLField("lien", max_length=500, blank=True)
    fichier = models.UUIDField("document", null=True, blank=True)
    nom_fichier = models.CharField("nom du fichier", max_length=200, blank=True)
    taille = models.BigIntegerField("taille en octets", default=0)
    acteur = models.CharField("acteur", max_length=120)
    ajoutee_le = models.DateTimeField("ajoutée le")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["livrable", "numero"], name="version_livrable_unique"),
            models.CheckConstraint(
                condition=Q(lien="") ^ Q(fichier__isnull=True), name="version_fichier_ou_lien"
            ),
        ]

    @property
    def url(self) -> str:
        """Où le lire : chez nous, ou chez son auteur."""
        return build_adresse_fichier(self.fichier) if self.fichier else self.lien


class UsageDeLivrable(Horodate):
    """Une collectivité dit qu’elle se sert d’un livrable."""

    livrable = models.ForeignKey(Livrable, on_delete=models.CASCADE, related_name="usages")
    autorite = models.CharField("clé de la collectivité", max_length=24, db_index=True)
    nom = models.CharField("nom de la collectivité", max_length=200)
    dit_par = models.CharField("acteur", max_length=120)
    dit_le = models.DateTimeField("dit le")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["livrable", "autorite"], name="usage_livrable_unique")
        ]
