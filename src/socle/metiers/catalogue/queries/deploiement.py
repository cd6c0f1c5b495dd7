"""Lire les demandes d’accompagnement, chacun de son côté."""

from django.db.models import Prefetch, QuerySet

from socle.fondations.comptes.models import Compte
from socle.metiers.catalogue.enums import EtatDemande
from socle.metiers.catalogue.models import DemandeDeploiement, MessageDeploiement


def list_demandes(etat: str = "") -> "QuerySet[DemandeDeploiement]":
    """File de l’équipe, la plus ancienne d’abord ; vide, celles qui ne sont pas closes."""
    demandes = DemandeDeploiement.objects.select_related("solution")
    if etat:
        demandes = demandes.filter(etat=etat)
    else:
        demandes = demandes.exclude(etat__in=[EtatDemande.DEPLOYEE, EtatDemande.ABANDONNEE])
    return demandes.order_by("demandee_le", "id")


def list_demandes_de(siren: str) -> "QuerySet[DemandeDeploiement]":
    """Demandes d’une collectivité, la plus récente d’abord."""
    demandes = DemandeDeploiement.objects.filter(siren=siren).select_related("solution")
    return demandes.order_by("-demandee_le", "-id")


def list_demandes_des_produits(compte: Compte) -> "QuerySet[DemandeDeploiement]":
    """Demandes qui portent sur les solutions qu’une personne représente."""
    demandes = DemandeDeploiement.objects.filter(
        solution__editeur__representants__compte=compte
    ).select_related("solution")
    return demandes.order_by("-demandee_le", "-id")


def load_fil(demandes: "QuerySet[DemandeDeploiement]", pk: int) -> DemandeDeploiement | None:
    """Rend une de ces demandes avec ses messages : deux instructions."""
    messages = Prefetch("messages", MessageDeploiement.objects.order_by("ecrit_le", "id"))
    return demandes.filter(pk=pk).prefetch_related(messages).first()
