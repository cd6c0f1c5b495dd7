"""API par cas d’usage : ce qu’une collectivité n’a plus à demander."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from socle.fondations.commun.models import Horodate
from socle.metiers.catalogue.enums import AccesApi
from socle.metiers.catalogue.models.solution import liste


class Api(Horodate):
    """Interface de données d’une administration.

    Les dates d’annonce et d’ouverture réelle sont vides tant qu’une source ne les dit pas.
    """

    slug = models.SlugField("adresse", max_length=80, unique=True)
    nom = models.CharField("nom", max_length=150)
    nom_tri = models.CharField("clé de tri sans accent", max_length=150, default="")
    fournisseur = models.CharField("qui la fournit", max_length=150)
    phrase = models.CharField("en une phrase", max_length=250)
    donnees = liste(200)
    acces = models.CharField("accès", max_length=12, choices=AccesApi)
    habilitation = models.TextField("habilitation", blank=True)
    integration = models.TextField("comment l’intégrer", blank=True)
    limites = models.CharField("limites", max_length=300, blank=True)
    documentation = models.URLField("documentation", max_length=300, blank=True)
    annoncee_le = models.DateField("annoncée le", null=True, blank=True)
    annoncee_source = models.CharField("source de l’annonce", max_length=300, blank=True)
    operable_le = models.DateField("utilisable le", null=True, blank=True)
    operable_source = models.CharField("source de l’ouverture", max_length=300, blank=True)
    sources_socle = liste(80)  # codes des sources de données des formulaires
    demarches = models.PositiveIntegerField("démarches publiées qui s’en servent", default=0)
    collectivites = models.PositiveIntegerField("collectivités qui s’en servent", default=0)
    demarches_nommees = ArrayField(
        models.BigIntegerField(), verbose_name="premières démarches qui s’en servent",
        default=list, blank=True,
    )  # fmt: skip
    comptees_le = models.DateTimeField("comptées le", null=True, blank=True)
    sources = models.JSONField("sources", default=list, blank=True)
    liens = liste(120)

    class Meta:
        indexes = [
            models.Index(fields=["nom_tri", "id"], name="api_liste"),
            GinIndex(fields=["liens"], name="api_liens"),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def cle(self) -> str:
        return f"api:{self.slug}"

    @property
    def autres_demarches(self) -> int:
        """Démarches comptées au-delà de celles que la page nomme."""
        return max(0, self.demarches - len(self.demarches_nommees))

    @property
    def delai_jours(self) -> int | None:
        """Jours entre l’annonce et l’ouverture réelle, None si une date manque."""
        if self.annoncee_le is None or self.operable_le is None:
            return None
        return (self.operable_le - self.annoncee_le).days


class CasUsage(Horodate):
    """Une démarche où des données déjà connues de l’État évitent de demander un papier."""

    slug = models.SlugField("adresse", max_length=80, unique=True)
    titre = models.CharField("titre", max_length=150)
    demarche = models.CharField("démarche", max_length=150)
    explication = models.TextField("explication", blank=True)
    cadre = models.CharField("texte qui le permet", max_length=300, blank=True)
    sources = models.JSONField("sources", default=list, blank=True)
    liens = liste(120)

    class Meta:
        indexes = [GinIndex(fields=["liens"], name="cas_usage_liens")]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        return f"cas:{self.slug}"


class UsageApi(Horodate):
    """Ce qu’une API donne dans un cas d’usage, et le papier que cela remplace."""

    cas = models.ForeignKey(CasUsage, on_delete=models.CASCADE, related_name="usages")
    api = models.ForeignKey(Api, on_delete=models.CASCADE, related_name="usages")
    donnees = models.CharField("données reprises", max_length=300)
    remplace = models.CharField("ce que l’on ne demande plus", max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cas", "api"], name="usage_api_unique")]
