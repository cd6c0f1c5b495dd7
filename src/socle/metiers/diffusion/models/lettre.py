"""Lettres, abonnés, et une ligne par lettre et par abonné."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from socle.fondations.commun.models import Horodate
from socle.metiers.diffusion.enums import EtatAbonne, EtatLettre, EtatRemise, Theme


class Abonne(Horodate):
    """Adresse qui a consenti deux fois ; effacée dès le désabonnement, seul le compte reste.

    `themes` et `territoire` vides : toutes les lettres.
    """

    courriel = models.EmailField("courriel", unique=True, null=True, blank=True)
    themes = ArrayField(
        models.CharField(max_length=15, choices=Theme),
        verbose_name="thèmes", default=list, blank=True,
    )  # fmt: skip
    territoire = models.CharField("département", max_length=3, blank=True)
    etat = models.CharField("état", max_length=10, choices=EtatAbonne, default=EtatAbonne.ACTIF)
    consenti_le = models.DateTimeField("a consenti le")
    parti_le = models.DateTimeField("désabonné le", null=True, blank=True)
    rejets = models.PositiveSmallIntegerField("lettres revenues", default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatAbonne.DESABONNE) | Q(courriel__isnull=False),
                name="abonne_a_une_adresse",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatAbonne.DESABONNE) | Q(courriel__isnull=True),
                name="desabonne_sans_adresse",
            ),
        ]

    def __str__(self) -> str:
        return f"abonne:{self.pk}"


class Lettre(Horodate):
    """Lettre d’information, gardée en ligne une fois partie."""

    numero = models.PositiveIntegerField("numéro", unique=True)
    sujet = models.CharField("sujet", max_length=150)
    texte = models.TextField("texte", blank=True)
    themes = ArrayField(
        models.CharField(max_length=15, choices=Theme),
        verbose_name="thèmes", default=list, blank=True,
    )  # fmt: skip
    territoire = models.CharField("département", max_length=3, blank=True)
    etat = models.CharField("état", max_length=10, choices=EtatLettre, default=EtatLettre.BROUILLON)
    demandee_le = models.DateTimeField("envoi demandé le", null=True, blank=True)
    envoyee_le = models.DateTimeField("envoi fini le", null=True, blank=True)
    destinataires = models.PositiveIntegerField("destinataires", default=0)
    revision = models.PositiveIntegerField("révision", default=0)

    def __str__(self) -> str:
        return f"Lettre {self.numero} : {self.sujet}"

    @property
    def cle(self) -> str:
        """Nom au journal."""
        return f"lettre:{self.numero}"

    @property
    def est_publique(self) -> bool:
        return self.etat != EtatLettre.BROUILLON


class Remise(models.Model):
    """Une lettre pour un abonné. L’adresse est chez l’abonné : désabonné, il n’en reste rien."""

    lettre = models.ForeignKey(Lettre, on_delete=models.CASCADE, related_name="remises")
    abonne = models.ForeignKey(Abonne, on_delete=models.CASCADE, related_name="+")
    etat = models.CharField("état", max_length=10, choices=EtatRemise, default=EtatRemise.A_ENVOYER)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    change_le = models.DateTimeField("changé le")
    erreur = models.CharField("dernière erreur", max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lettre", "abonne"], name="remise_une_fois")]
        indexes = [
            models.Index(
                fields=["lettre", "id"],
                condition=Q(etat__in=[EtatRemise.A_ENVOYER, EtatRemise.ENGAGEE]),
                name="remise_a_faire",
            )
        ]
