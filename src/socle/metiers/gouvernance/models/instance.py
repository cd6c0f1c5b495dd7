"""Instances, sièges, délégations."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.models import Compte
from socle.metiers.gouvernance.enums import College, NatureInstance, Pouvoir, RegleDeVote


def build_liens(**options: Any) -> ArrayField:
    """Clés d’objets d’ailleurs : « action:2018-2020-2-1 », « solution:tchap »."""
    return ArrayField(models.CharField(max_length=120), default=list, blank=True, **options)


class Instance(Horodate):
    """Une instance du programme. Ses pouvoirs viennent de sa nature, jamais d’un réglage."""

    slug = models.SlugField("nom dans l’adresse", max_length=60, unique=True)
    sigle = models.CharField("sigle", max_length=20)
    nom = models.CharField("nom", max_length=200)
    nature = models.CharField("nature", max_length=20, choices=NatureInstance)
    mandat = models.TextField("mandat", blank=True)
    frequence = models.CharField("fréquence", max_length=120, blank=True)
    delai_convocation = models.PositiveSmallIntegerField(
        "délai de convocation, en jours", default=8
    )
    quorum = models.PositiveSmallIntegerField(
        "quorum de chaque collège, en pour cent", default=50, validators=[MaxValueValidator(100)]
    )
    regle = models.CharField(
        "règle de vote", max_length=12, choices=RegleDeVote, default=RegleDeVote.MAJORITE
    )
    ordre = models.PositiveSmallIntegerField("ordre d’affichage", default=50)
    fermee_le = models.DateField("fermée le", null=True, blank=True)
    source = models.CharField("source", max_length=300, blank=True)
    liens = build_liens(verbose_name="liens")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quorum__lte=100), name="instance_quorum_100")
        ]
        indexes = [GinIndex(fields=["liens"], name="instance_liens")]

    def __str__(self) -> str:
        return self.sigle

    @property
    def cle(self) -> str:
        return f"instance:{self.slug}"

    @property
    def nature_affichee(self) -> NatureInstance:
        return NatureInstance(self.nature)

    def has_pouvoir(self, pouvoir: Pouvoir) -> bool:
        return pouvoir in self.nature_affichee.pouvoirs


class SiegeQuerySet(models.QuerySet["Siege"]):
    def at(self, jour: date) -> "SiegeQuerySet":
        """Sièges qui existent ce jour-là."""
        return self.filter(Q(au=None) | Q(au__gte=jour), du__lte=jour)

    def pourvus(self) -> "SiegeQuerySet":
        """Sièges qu’une personne occupe : ceux qui comptent pour le quorum."""
        return self.filter(titulaire__isnull=False)


class Siege(Horodate):
    """La place d’une organisation dans une instance, tenue par une personne entre deux dates.

    Une personne a au plus un siège à la fois dans une instance, comme titulaire ou suppléante.
    """

    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="sieges")
    college = models.CharField("collège", max_length=15, choices=College)
    organisation = models.CharField("organisation", max_length=200)
    titulaire = models.ForeignKey(
        Compte, on_delete=models.PROTECT, null=True, blank=True, related_name="sieges_titulaires"
    )
    suppleant = models.ForeignKey(
        Compte, on_delete=models.PROTECT, null=True, blank=True, related_name="sieges_suppleants"
    )
    du = models.DateField("depuis le")
    au = models.DateField("jusqu’au", null=True, blank=True)

    objects = SiegeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(au=None) | Q(au__gte=F("du")), name="siege_dates_dans_l_ordre"
            ),
            models.CheckConstraint(
                condition=Q(suppleant=None) | ~Q(suppleant=F("titulaire")),
                name="siege_suppleant_autre_personne",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation

    @property
    def college_affiche(self) -> College:
        return College(self.college)

    def is_actif(self, jour: date) -> bool:
        return self.du <= jour and (self.au is None or self.au >= jour)


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def at(self, jour: date) -> "DelegationQuerySet":
        """Délégations qui valent ce jour-là."""
        return self.filter(reprise_le=None, du__lte=jour, au__gte=jour)

    def overlapping(self, du: date, au: date) -> "DelegationQuerySet":
        return self.filter(reprise_le=None, du__lte=au, au__gte=du)


class Delegation(Horodate):
    """Un siège confie sa voix à un autre siège du même collège et de la même instance.

    Pour une réunion, la période est le jour de la réunion.
    """

    siege = models.ForeignKey(Siege, on_delete=models.CASCADE, related_name="delegations")
    beneficiaire = models.ForeignKey(Siege, on_delete=models.CASCADE, related_name="mandats")
    reunion = models.ForeignKey(
        "gouvernance.Reunion", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    du = models.DateField("à partir du")
    au = models.DateField("jusqu’au")
    donnee_par = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="+")
    reprise_le = models.DateTimeField("reprise le", null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(au__gte=F("du")), name="delegation_dates"),
            models.CheckConstraint(
                condition=~Q(siege=F("beneficiaire")), name="delegation_a_un_autre"
            ),
        ]
