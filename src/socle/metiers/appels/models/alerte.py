"""Qui veut savoir : une adresse qui a consenti deux fois, ou l’agent d’une collectivité."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from socle.fondations.collectivites.models import ObjetDeCollectivite
from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.models import Compte
from socle.metiers.appels.enums import Cadence, GenreEnvoi, Theme
from socle.metiers.appels.models.appel import Appel


class AbonneAppels(Horodate):
    """Adresse qui a consenti deux fois à recevoir des appels ; effacée dès qu’elle part.

    `territoires` est le choix (« dep-92 »), `portee` ce qu’il couvre (« dep-92 », « reg-11 »).
    """

    courriel = models.EmailField("courriel", unique=True, null=True, blank=True)
    empreinte = models.CharField("empreinte de l’adresse", max_length=64, unique=True)
    themes = ArrayField(
        models.CharField(max_length=12, choices=Theme),
        verbose_name="thèmes", default=list, blank=True,
    )  # fmt: skip
    territoires = ArrayField(
        models.CharField(max_length=8), verbose_name="territoires", default=list, blank=True
    )
    portee = ArrayField(
        models.CharField(max_length=8), verbose_name="portée", default=list, blank=True
    )
    cadence = models.CharField("rythme", max_length=10, choices=Cadence, default=Cadence.IMMEDIATE)
    consenti_le = models.DateTimeField("a consenti le")
    parti_le = models.DateTimeField("parti le", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(parti_le__isnull=True) ^ Q(courriel__isnull=True),
                name="abonne_appels_parti_sans_adresse",
            )
        ]

    def __str__(self) -> str:
        return f"abonne_appels:{self.pk}"


class EnvoiAbonne(models.Model):
    """Un appel annoncé à un abonné, ou sa clôture rappelée : une seule fois."""

    abonne = models.ForeignKey(AbonneAppels, on_delete=models.CASCADE, related_name="+")
    appel = models.ForeignKey(Appel, on_delete=models.CASCADE, related_name="+")
    genre = models.CharField("genre", max_length=8, choices=GenreEnvoi)
    envoye_le = models.DateTimeField("envoyé le")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["abonne", "appel", "genre"], name="envoi_abonne_une_fois"
            )
        ]


class AlerteAppels(ObjetDeCollectivite):
    """Un agent veut savoir à quels appels sa collectivité peut répondre."""

    compte = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="+")
    themes = ArrayField(
        models.CharField(max_length=12, choices=Theme),
        verbose_name="thèmes", default=list, blank=True,
    )  # fmt: skip
    cadence = models.CharField("rythme", max_length=10, choices=Cadence, default=Cadence.IMMEDIATE)
    depuis = models.DateTimeField("depuis")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "compte"], name="alerte_appels_une_par_agent"
            )
        ]


class EnvoiAlerte(ObjetDeCollectivite):
    """Un appel annoncé à un agent, ou sa clôture rappelée : une seule fois."""

    compte = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="+")
    appel = models.ForeignKey(Appel, on_delete=models.CASCADE, related_name="+")
    genre = models.CharField("genre", max_length=8, choices=GenreEnvoi)
    envoye_le = models.DateTimeField("envoyé le")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "compte", "appel", "genre"], name="envoi_alerte_une_fois"
            )
        ]
