"""Demander à être accompagné, et suivre la demande."""

from django.db import models

from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.models import Compte
from socle.metiers.catalogue.enums import Cote, EtatDemande
from socle.metiers.catalogue.models.solution import Solution


class DemandeDeploiement(Horodate):
    """Une collectivité demande de l’aide pour déployer une solution."""

    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="demandes")
    siren = models.CharField("SIREN de la collectivité", max_length=9)
    autorite = models.CharField("clé de la collectivité", max_length=24, blank=True, db_index=True)
    nom_collectivite = models.CharField("collectivité", max_length=200)
    etat = models.CharField(
        "état", max_length=12, choices=EtatDemande, default=EtatDemande.NOUVELLE
    )
    besoin = models.TextField("besoin")
    echeance = models.CharField("pour quand", max_length=100, blank=True)
    contact = models.CharField("à qui parler", max_length=150)
    courriel = models.EmailField("courriel")
    demandeur = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")
    demandee_le = models.DateTimeField("demandée le")
    suivie_par = models.ForeignKey(
        Compte, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    close_le = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["siren", "-demandee_le"], name="demande_deploiement_siren"),
            models.Index(fields=["etat", "-demandee_le", "-id"], name="demande_deploiement_file"),
        ]

    @property
    def is_close(self) -> bool:
        return self.etat in {EtatDemande.DEPLOYEE, EtatDemande.ABANDONNEE}

    @property
    def etat_affiche(self) -> EtatDemande:
        return EtatDemande(self.etat)


class MessageDeploiement(Horodate):
    """Échange autour d’une demande, ou changement d’état."""

    demande = models.ForeignKey(
        DemandeDeploiement, on_delete=models.CASCADE, related_name="messages"
    )
    cote = models.CharField("côté", max_length=12, choices=Cote)
    auteur = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")
    auteur_nom = models.CharField("auteur", max_length=200)
    texte = models.TextField("texte", blank=True)
    etat = models.CharField("nouvel état", max_length=12, choices=EtatDemande, blank=True)
    ecrit_le = models.DateTimeField("écrit le")

    class Meta:
        indexes = [models.Index(fields=["demande", "ecrit_le"], name="message_deploiement_fil")]
