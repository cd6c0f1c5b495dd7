"""Invitation d’un agent par sa collectivité : un lien personnel, 48 heures, une fois."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from socle.fondations.collectivites.models import ObjetDeCollectivite, Service
from socle.fondations.comptes.enums import Role


class Invitation(ObjetDeCollectivite):
    """Le lien reçu prouve l’adresse. Seule l’empreinte du jeton est gardée."""

    courriel = models.EmailField("courriel")
    role = models.CharField("rôle", max_length=20, choices=Role)
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    empreinte = models.CharField("empreinte du jeton", max_length=64)
    envoyee_le = models.DateTimeField("envoyée le")
    expire_le = models.DateTimeField("expire le")
    envoyee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    acceptee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "empreinte"], name="invitation_empreinte_unique"
            ),
            models.CheckConstraint(
                condition=Q(acceptee_le__isnull=True) | Q(annulee_le__isnull=True),
                name="invitation_acceptee_ou_annulee",
            ),
        ]
