"""Ce que partagent les objets du programme : une révision, un retrait, une histoire."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.models import Compte
from socle.metiers.pilotage.enums import GenreChangement


class ObjetQuerySet(models.QuerySet["ObjetDuProgramme"]):
    def publics(self) -> "ObjetQuerySet":
        return self.filter(retire=False)


class ObjetDuProgramme(Horodate):
    """Objet écrit par l’équipe, jamais détruit : retiré, il quitte les pages publiques.

    `revision` vaut 0 tant que personne n’y a touché : la semence peut alors le corriger. Elle
    sert aussi de verrou, une page enregistrée depuis une révision passée est refusée.
    """

    revision = models.PositiveIntegerField("révision", default=0)
    retire = models.BooleanField("retiré", default=False)

    objects = ObjetQuerySet.as_manager()

    class Meta:
        abstract = True


def champ_liens() -> ArrayField:
    """Clés d’objets d’ailleurs (« solution:tchap »), dans l’ordre où les montrer."""
    return ArrayField(
        models.CharField(max_length=120), verbose_name="liens", default=list, blank=True
    )


class Modification(models.Model):
    """Une ligne de l’histoire d’un objet : qui, quand, ce qui a changé. Ne se modifie pas."""

    cle = models.CharField("clé", max_length=120)
    genre = models.CharField(max_length=10, choices=GenreChangement)
    faite_le = models.DateTimeField("faite le")
    par = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")
    par_nom = models.CharField("par", max_length=300)
    champs = models.JSONField("champs", default=dict)  # nom du champ → [avant, après]

    class Meta:
        indexes = [models.Index(fields=["cle", "-faite_le"], name="modification_histoire")]
