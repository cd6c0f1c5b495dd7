"""Chiffres de l’installation : ils survivent à toute purge, et ne disent rien d’une personne."""

from django.db import models

from socle.fondations.administration.enums import FaitMesure


class MesureInstallation(models.Model):
    """Ce qui s’ajoute ou s’ôte un jour donné ; la somme depuis le début donne le nombre d’un jour.

    Tenue par des déclencheurs : une collectivité ouverte ou fermée, une démarche publiée ou close.
    Table publique de l’installation, sans collectivité ni personne.
    """

    jour = models.DateField("jour")
    fait = models.CharField("fait", max_length=16, choices=FaitMesure)
    nombre = models.IntegerField("ajoutés, moins ôtés", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["jour", "fait"], name="mesure_installation_unique")
        ]
