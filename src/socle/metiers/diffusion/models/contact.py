"""Contacts de l’équipe, et oppositions."""

from django.db import models

from socle.fondations.commun.models import Horodate


class Contact(Horodate):
    """Personne que l’équipe peut recontacter : pourquoi, et jusqu’à quand."""

    courriel = models.EmailField("courriel", unique=True)
    nom = models.CharField("nom", max_length=100, blank=True)
    fonction = models.CharField("fonction", max_length=100, blank=True)
    organisation = models.CharField("organisation", max_length=150, blank=True)
    autorite = models.CharField("collectivité", max_length=24, blank=True, db_index=True)
    finalite = models.CharField("pourquoi cette personne est gardée", max_length=200)
    origine = models.CharField("d’où vient cette fiche", max_length=120)
    vu_le = models.DateField("dernière participation")
    expire_le = models.DateField("effacée le", db_index=True)

    def __str__(self) -> str:
        return f"contact:{self.pk}"


class Opposition(models.Model):
    """Adresse qui ne veut plus être gardée ; l’adresse elle-même n’est pas gardée."""

    empreinte = models.CharField("empreinte de l’adresse", max_length=64, primary_key=True)
    le = models.DateField("demandée le")
