"""Modèles de texte, courriels à envoyer, messages lus dans l’espace, préférences."""

from typing import Any

from django.db import models
from django.db.models import Q

from socle.fondations.collectivites.models import Collectivite, ObjetDeCollectivite
from socle.fondations.commun.identifiants import uuid7
from socle.fondations.comptes.models import Compte
from socle.fondations.notifications.enums import EtatEnvoi


class Modele(ObjetDeCollectivite):
    """Texte d’une collectivité pour un code de message, à la place du texte par défaut."""

    code = models.CharField("code", max_length=60)
    sujet = models.CharField("objet du courriel", max_length=150)
    corps = models.TextField("texte")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "code"], name="modele_code_unique")
        ]

    def __str__(self) -> str:
        return self.code


class Envoi(ObjetDeCollectivite):
    """Courriel à faire partir. L’état est la file : rien n’est perdu si le serveur est muet."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField("code", max_length=60)
    objet = models.CharField("au sujet de", max_length=120, blank=True)
    compte = models.ForeignKey(
        Compte, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    destinataire = models.EmailField("courriel", blank=True)
    sujet = models.CharField("objet", max_length=200)
    corps = models.TextField("texte")
    pieces: Any = models.JSONField("pièces jointes", default=list)
    etat = models.CharField("état", max_length=20, choices=EtatEnvoi)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    demande_le = models.DateTimeField("demandé le")
    prochain_essai_le = models.DateTimeField("prochain essai le", null=True, blank=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    erreur = models.CharField("dernière erreur", max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["collectivite", "objet"], name="envoi_objet"),
            models.Index(
                fields=["collectivite", "prochain_essai_le"],
                condition=Q(etat=EtatEnvoi.A_ENVOYER),
                name="envoi_a_faire",
            ),
            models.Index(
                fields=["collectivite", "demande_le"],
                condition=Q(etat=EtatEnvoi.ECHEC),
                name="envoi_en_echec",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.get_etat_display()})"


class Desabonnement(ObjetDeCollectivite):
    """Une adresse sans compte qui ne veut plus d’un message. L’adresse n’est pas gardée."""

    code = models.CharField("code", max_length=60)
    empreinte = models.CharField("empreinte de l’adresse", max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "empreinte", "code"], name="desabonnement_unique"
            )
        ]


class Message(models.Model):
    """Ce qu’une personne lit dans son espace, toutes collectivités ensemble.

    Table tenue par personne : la base ne montre à chacun que ses lignes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    personne = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="+")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="+")
    code = models.CharField("code", max_length=60)
    objet = models.CharField("au sujet de", max_length=120, blank=True)
    sujet = models.CharField("objet", max_length=200)
    texte = models.TextField("texte")
    lien = models.CharField("lien", max_length=500, blank=True)
    recu_le = models.DateTimeField("reçu le")
    lu_le = models.DateTimeField("lu le", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["personne", "-id"], name="message_de_personne")]

    def __str__(self) -> str:
        return self.sujet


class Preference(models.Model):
    """Le choix d’une personne pour un code de message : recevoir ou non le courriel."""

    personne = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="+")
    code = models.CharField("code", max_length=60)
    courriel = models.BooleanField("recevoir le courriel")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["personne", "code"], name="preference_unique")
        ]
