"""Identités attestées par un fournisseur et reliées à un compte, par le `sub` seul."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from socle.fondations.collectivites.models import ObjetDeCollectivite
from socle.fondations.commun.models import ChampChiffre, Horodate
from socle.fondations.comptes.enums import EtatDemande


class IdentiteFederee(Horodate):
    """Le `sub` d’une personne chez un émetteur. Jamais retrouvée par le courriel.

    `secteur` : deux secteurs d’un même émetteur sont deux mondes, pour qu’un fournisseur réglé par
    une collectivité ne puisse pas se faire passer pour celui d’une autre.
    """

    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identites"
    )
    profil = models.CharField("profil", max_length=40)
    nom_fournisseur = models.CharField("fournisseur", max_length=100)
    emetteur = models.CharField("émetteur", max_length=300)
    secteur = models.CharField("secteur", max_length=60, blank=True)
    sub = models.CharField("identifiant chez l’émetteur", max_length=255)
    pivot = ChampChiffre("identité (JSON)", null=True, blank=True)
    empreinte_pivot = models.CharField(
        "empreinte à clé des six traits", max_length=64, blank=True, db_index=True
    )
    verifie_le = models.DateTimeField("vérifiée le", null=True, blank=True)
    acr = models.CharField("niveau", max_length=80, blank=True)
    amr = models.JSONField("moyens", default=list)
    derniere_connexion = models.DateTimeField("dernière connexion", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["emetteur", "secteur", "sub"], name="identite_sub_unique"
            )
        ]


class HistoriquePivot(models.Model):
    """Identité telle qu’elle était avant un changement d’état civil annoncé par l’émetteur."""

    identite = models.ForeignKey(
        IdentiteFederee, on_delete=models.CASCADE, related_name="historique"
    )
    pivot = ChampChiffre("identité (JSON)")
    jusqu_au = models.DateTimeField("jusqu’au")


class DemandeRattachement(ObjetDeCollectivite):
    """Un `sub` inconnu porte les six traits d’une identité connue : un agent tranche.

    FranceConnect peut changer le `sub` quand l’état civil est corrigé. Deux homonymes nés le même
    jour au même endroit existent : la décision n’est jamais automatique.
    """

    identite = models.ForeignKey(
        IdentiteFederee, on_delete=models.CASCADE, related_name="demandes_rattachement"
    )
    sub = models.CharField("nouvel identifiant", max_length=255)
    etat = models.CharField(
        "état", max_length=20, choices=EtatDemande, default=EtatDemande.EN_ATTENTE
    )
    demandee_le = models.DateTimeField("demandée le")
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "identite", "sub"], name="rattachement_demande_unique"
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDemande.EN_ATTENTE) ^ Q(decidee_le__isnull=False),
                name="rattachement_decide_a_une_date",
            ),
        ]
