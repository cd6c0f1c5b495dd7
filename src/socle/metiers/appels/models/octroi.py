"""Ce qui a été accordé à une collectivité, et ce qu’il en advient.

Les totaux de `Octroi` sont tenus par des déclencheurs de la base (migration 0001) : quoi qu’écrive
un programme, la somme prévue ne dépasse pas le montant, ni la somme rendue ce qui a été versé.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from socle.fondations.collectivites.queries import PROGRAMME
from socle.fondations.commun.adresses import prefixe
from socle.fondations.commun.models import Horodate
from socle.metiers.appels.enums import (
    A_DEPOSER,
    EtatJustificatif,
    EtatOctroi,
    EtatVersement,
    NatureAide,
)


class Octroi(Horodate):
    """Somme accordée à une collectivité par un attribuant.

    `origine` dit d’où il vient : pour elle et pour cette collectivité, un seul octroi. Le nom est
    celui du jour de la décision. Sommes en euros.
    """

    autorite = models.CharField("collectivité", max_length=24, db_index=True)
    autorite_nom = models.CharField("nom de la collectivité", max_length=200)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    titre = models.CharField("objet", max_length=256)
    origine = models.CharField("origine", max_length=160)
    appel = models.CharField("appel ou consultation", max_length=120, blank=True)
    attribuant = models.CharField("attribuant", max_length=150)
    attribuant_siret = models.CharField("SIRET de l’attribuant", max_length=14, blank=True)
    nature = models.CharField("nature", max_length=20, choices=NatureAide)
    conditions = models.CharField("conditions de versement", max_length=256, blank=True)
    notification_ue = models.BooleanField("notifié à la Commission européenne", default=False)
    montant = models.DecimalField("montant", max_digits=12, decimal_places=2)
    prevu = models.DecimalField("prévu en versements", max_digits=12, decimal_places=2, default=0)
    verse = models.DecimalField("versé", max_digits=12, decimal_places=2, default=0)
    recupere = models.DecimalField("rendu", max_digits=12, decimal_places=2, default=0)
    decide_le = models.DateField("décidé le")
    reference = models.CharField("référence de la décision", max_length=100, blank=True)
    convention_le = models.DateField("convention signée le", null=True, blank=True)
    convention = models.CharField("référence de la convention", max_length=120, blank=True)
    etat = models.CharField("état", max_length=10, choices=EtatOctroi, default=EtatOctroi.EN_COURS)
    motif = models.CharField("pourquoi il est annulé", max_length=300, blank=True)
    bilan = models.TextField("ce qui a été fait", blank=True)
    bilan_le = models.DateField("bilan écrit le", null=True, blank=True)
    liens = ArrayField(
        models.CharField(max_length=120), verbose_name="liens", default=list, blank=True
    )
    fictif = models.BooleanField("exemple fictif", default=False)
    revision = models.PositiveIntegerField("révision", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origine", "autorite"], name="octroi_origine_unique"),
            models.CheckConstraint(condition=Q(montant__gt=0), name="octroi_montant_positif"),
            models.CheckConstraint(
                condition=Q(prevu__lte=F("montant")), name="octroi_prevu_dans_le_montant"
            ),
            models.CheckConstraint(
                condition=Q(verse__lte=F("prevu")), name="octroi_verse_dans_le_prevu"
            ),
            models.CheckConstraint(
                condition=Q(recupere__lte=F("verse")), name="octroi_rendu_dans_le_verse"
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatOctroi.ANNULE) | ~Q(motif=""),
                name="octroi_annule_dit_pourquoi",
            ),
        ]
        indexes = [
            models.Index(fields=["-decide_le", "-id"], name="octroi_par_decision"),
            GinIndex(fields=["liens"], name="octroi_liens"),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        """Clé au journal et dans les liens."""
        return f"octroi:{self.pk}"

    @property
    def reste(self) -> object:
        """Ce qui n’est encore prévu dans aucun versement."""
        return self.montant - self.prevu

    @property
    def est_ouvert(self) -> bool:
        return self.etat == EtatOctroi.EN_COURS


class VersementOctroi(Horodate):
    """Une part de la somme, à son échéance. Refusée, elle ne compte plus dans ce qui est prévu."""

    octroi = models.ForeignKey(Octroi, on_delete=models.CASCADE, related_name="versements")
    rang = models.PositiveSmallIntegerField("rang")
    echeance = models.DateField("échéance")
    montant = models.DecimalField("montant", max_digits=12, decimal_places=2)
    condition = models.CharField("condition", max_length=300, blank=True)
    etat = models.CharField(
        "état", max_length=10, choices=EtatVersement, default=EtatVersement.PREVU
    )
    change_le = models.DateField("changé le", null=True, blank=True)
    motif = models.CharField("pourquoi", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["octroi", "rang"], name="versement_octroi_rang"),
            models.CheckConstraint(
                condition=Q(montant__gt=0), name="versement_octroi_montant_positif"
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatVersement.VERSE) | Q(change_le__isnull=False),
                name="versement_octroi_verse_a_une_date",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatVersement.REFUSE) | ~Q(motif=""),
                name="versement_octroi_refuse_dit_pourquoi",
            ),
        ]


class JustificatifOctroi(Horodate):
    """Pièce demandée à la collectivité ; le fichier est un document du programme."""

    octroi = models.ForeignKey(Octroi, on_delete=models.CASCADE, related_name="justificatifs")
    rang = models.PositiveSmallIntegerField("rang")
    demande = models.CharField("pièce demandée", max_length=200)
    attendu_le = models.DateField("attendue le")
    etat = models.CharField(
        "état", max_length=10, choices=EtatJustificatif, default=EtatJustificatif.ATTENDU
    )
    document = models.UUIDField("fichier", null=True, blank=True)
    nom = models.CharField("nom du fichier", max_length=200, blank=True)
    recu_le = models.DateTimeField("reçu le", null=True, blank=True)
    motif = models.CharField("pourquoi elle est à refaire", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["octroi", "rang"], name="justificatif_octroi_rang"),
            models.CheckConstraint(
                condition=~Q(etat__in=[EtatJustificatif.RECU, EtatJustificatif.ACCEPTE])
                | Q(document__isnull=False),
                name="justificatif_octroi_recu_a_un_fichier",
            ),
        ]
        indexes = [
            models.Index(
                fields=["attendu_le"],
                condition=Q(etat__in=A_DEPOSER),
                name="justificatif_octroi_attendu",
            )
        ]

    @property
    def url(self) -> str:
        """Chemin du fichier, dans les documents du programme."""
        with prefixe(f"/c/{PROGRAMME}/"):
            return reverse(
                "documents:telecharger", urlconf=settings.URLCONF_COLLECTIVITE,
                args=[self.document],
            )  # fmt: skip

    @property
    def est_a_deposer(self) -> bool:
        return self.etat in A_DEPOSER


class Recuperation(Horodate):
    """Part versée et non employée, rendue à l’attribuant."""

    octroi = models.ForeignKey(Octroi, on_delete=models.CASCADE, related_name="recuperations")
    montant = models.DecimalField("montant", max_digits=12, decimal_places=2)
    motif = models.CharField("pourquoi", max_length=300)
    le = models.DateField("rendu le")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(montant__gt=0), name="recuperation_montant_positif")
        ]


class RappelOctroi(models.Model):
    """Rappel parti une fois : pour une pièce (« justificatif:3 ») ou un versement, et un délai."""

    octroi = models.ForeignKey(Octroi, on_delete=models.CASCADE, related_name="+")
    sujet = models.CharField("sujet", max_length=40)
    jour = models.DateField("échéance rappelée")
    delai = models.SmallIntegerField("jours avant")
    envoye_le = models.DateTimeField("envoyé le")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sujet", "jour", "delai"], name="rappel_octroi_une_fois"
            )
        ]
