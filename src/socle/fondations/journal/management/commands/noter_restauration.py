"""`./socle gerer noter_restauration` : note au journal qu’une sauvegarde a été remise en place."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from socle.fondations.journal.services import record_bifurcation


class Command(BaseCommand):
    help = "Note au journal de preuve que l’histoire reprend d’une sauvegarde."

    def handle(self, **options: object) -> None:
        entree = record_bifurcation(motif="sauvegarde remise en place", maintenant=timezone.now())
        if entree is None:
            self.stdout.write("Rien n’avait été scellé : il n’y a pas d’histoire à reprendre.")
        else:
            self.stdout.write("La reprise est notée. Les prochains points porteront un autre nom :")
            self.stdout.write(f"  {entree.donnees['origine']}")
