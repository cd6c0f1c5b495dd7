"""Comptes, adhésions des agents aux collectivités, membres de l’opérateur."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from socle.fondations.collectivites.models import ObjetDeCollectivite, Service
from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.enums import GenreCompte, Role, RoleProgramme


class ComptesManager(BaseUserManager["Compte"]):
    """Création et recherche de comptes, toujours sous un genre."""

    def create_compte(
        self, *, genre: GenreCompte, courriel: str = "", password: str | None = None, **champs: Any
    ) -> "Compte":
        compte = self.model(genre=genre, courriel=courriel.strip().lower(), **champs)
        compte.set_password(password)
        compte.save(using=self._db)
        return compte

    def get_by_natural_key(self, username: str | None) -> "Compte":
        return self.get(pk=username or 0)


class Compte(AbstractBaseUser, Horodate):
    """Une personne sous un genre. La même personne peut avoir un compte de chaque, jamais mêlés."""

    genre = models.CharField("genre", max_length=10, choices=GenreCompte)
    # Identifiant de connexion : toujours vérifié (lien reçu, invitation). Vide sans compte local.
    courriel = models.EmailField("courriel", blank=True)
    # Où écrire quand `courriel` est vide : donné par FranceConnect, ni unique ni identifiant.
    courriel_contact = models.EmailField("courriel de contact", blank=True)
    prenom = models.CharField("prénom", max_length=150, blank=True)
    nom = models.CharField("nom", max_length=150, blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    qualite = models.CharField("qualité", max_length=200, blank=True)
    is_active = models.BooleanField("actif", default=True)
    courriel_verifie_le = models.DateTimeField("courriel vérifié le", null=True, blank=True)

    objects = ComptesManager()

    USERNAME_FIELD = "id"
    EMAIL_FIELD = "courriel"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "genre", Lower("courriel"), condition=~Q(courriel=""), name="compte_courriel_unique"
            )
        ]

    def __str__(self) -> str:
        return self.nom_affiche

    @property
    def nom_affiche(self) -> str:
        """« Ada Fournel », ou à défaut le courriel."""
        return f"{self.prenom} {self.nom}".strip() or self.courriel_envoi

    @property
    def courriel_envoi(self) -> str:
        """Adresse où écrire à la personne ; vide si l’on n’en connaît aucune."""
        return self.courriel or self.courriel_contact

    @property
    def acteur(self) -> str:
        """Nom de l’acteur dans le journal : « agent:12 », « usager:34 »."""
        return f"{self.genre}:{self.pk}"

    @property
    def is_agent(self) -> bool:
        return self.genre == GenreCompte.AGENT


class MembreOperateur(Horodate):
    """Un agent de l’opérateur (OPSN), au niveau de l’installation : il n’a pas de collectivité."""

    compte = models.OneToOneField(Compte, on_delete=models.CASCADE, related_name="membre_operateur")


class MembreProgramme(Horodate):
    """Un agent qui prend part au programme commun, au niveau de l’installation."""

    compte = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="roles_du_programme")
    role = models.CharField("rôle", max_length=20, choices=RoleProgramme)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["compte", "role"], name="membre_programme_unique")
        ]


class Adhesion(ObjetDeCollectivite):
    """Un agent dans une collectivité, avec un rôle, pour un service ou pour tous."""

    compte = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="adhesions")
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="adhesions"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "compte", "role", "service"],
                nulls_distinct=False,
                name="adhesion_unique",
            )
        ]
