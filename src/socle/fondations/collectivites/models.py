"""Collectivités, services, réglages et branchements."""

import re
import unicodedata

from django.db import models
from django.db.models import Q
from django.urls import get_script_prefix

from socle.fondations.collectivites.enums import GenreCollectivite, RegimePublication
from socle.fondations.commun.models import ChampChiffre, Horodate


def build_slug(nom: str) -> str:
    """Rend l’adresse courte d’un nom : « L’Haÿ-les-Roses » donne « l-hay-les-roses »."""
    plat = unicodedata.normalize("NFKD", nom.lower().replace("œ", "oe").replace("’", "-"))
    return re.sub(r"[^a-z0-9]+", "-", plat.encode("ascii", "ignore").decode()).strip("-")


class Operateur(Horodate):
    """Structure qui tient l’installation pour plusieurs collectivités (OPSN)."""

    nom = models.CharField("nom", max_length=200, unique=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)


class Collectivite(Horodate):
    """Collectivité ou groupement servi par l’installation. Table publique, sans locataire."""

    id = models.AutoField(primary_key=True)  # entier court : la variable `socle.collectivite`
    operateur = models.ForeignKey(
        Operateur, on_delete=models.PROTECT, null=True, blank=True, related_name="collectivites"
    )
    slug = models.SlugField("adresse courte", max_length=80, unique=True)
    nom = models.CharField("nom", max_length=200)
    genre = models.CharField("genre", max_length=20, choices=GenreCollectivite)
    siren = models.CharField("SIREN", max_length=9, unique=True)
    siret = models.CharField("SIRET du siège", max_length=14, blank=True)
    code_cog = models.CharField("code officiel géographique", max_length=9, blank=True)
    departement = models.CharField("département", max_length=3, blank=True)
    population = models.PositiveIntegerField("population", null=True, blank=True)
    hote = models.CharField(
        "nom d’hôte", max_length=200, unique=True, null=True, blank=True, default=None
    )
    couleur = models.CharField("couleur principale", max_length=7, default="#14532d")
    logo_empreinte = models.CharField("empreinte du logo", max_length=16, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    adresse = models.TextField("adresse postale", blank=True)
    site = models.URLField("site", blank=True)
    active = models.BooleanField("active", default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(siren__regex=r"^[0-9]{9}$"), name="collectivite_siren_a_neuf_chiffres"
            ),
            models.CheckConstraint(
                condition=Q(couleur__regex=r"^#[0-9a-f]{6}$"),
                name="collectivite_couleur_hexadecimale",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def logo_url(self) -> str:
        """Adresse du logo sous celle de la collectivité visitée ; vide sans logo."""
        if not self.logo_empreinte:
            return ""
        return f"{get_script_prefix()}logo/{self.logo_empreinte}/"

    @property
    def logo(self) -> bytes | None:
        """Octets du logo, lus à part : une liste de collectivités ne les charge pas."""
        if not self.logo_empreinte:
            return None
        logo = Logo.objects.filter(collectivite_id=self.pk).order_by("pk").first()
        return bytes(logo.contenu) if logo else None


class ObjetDeCollectivite(Horodate):
    """Base de toute table de collectivité : sa migration appelle `enable_rls`."""

    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Logo(Horodate):
    """Image du logo, dans sa table : 200 ko que les autres pages n’ont pas à lire."""

    collectivite = models.OneToOneField(
        Collectivite, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    contenu = models.BinaryField("image")
    type_mime = models.CharField("type", max_length=20)


class Regime(ObjetDeCollectivite):
    """Régime de publicité des actes, daté : il change avec la population ou une délibération."""

    publication = models.CharField("publicité des actes", max_length=20, choices=RegimePublication)
    date_debut = models.DateField("depuis le")
    source = models.CharField("texte ou délibération", max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "date_debut"], name="regime_un_seul_par_jour"
            )
        ]


class Service(ObjetDeCollectivite):
    """Service qui instruit et répond : ses coordonnées sont sur chaque accusé (CRPA R112-11-1)."""

    nom = models.CharField("nom", max_length=200)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    adresse = models.TextField("adresse postale", blank=True)
    horaires = models.TextField("horaires", blank=True)
    actif = models.BooleanField("actif", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "nom"], name="service_nom_unique")
        ]

    def __str__(self) -> str:
        return self.nom


class Reglage(ObjetDeCollectivite):
    """Réglage d’une collectivité, lu par `queries.get_reglage`."""

    cle = models.CharField("clé", max_length=80)
    valeur = models.JSONField("valeur")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "cle"], name="reglage_cle_unique")
        ]


class Branchement(ObjetDeCollectivite):
    """Paramètres chiffrés d’un connecteur pour une collectivité, validés par son formulaire."""

    port = models.CharField("port", max_length=50)
    code = models.CharField("connecteur", max_length=50)
    parametres = ChampChiffre("paramètres (JSON)")
    actif = models.BooleanField("actif", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "port", "code"], name="branchement_unique"
            )
        ]
