"""`gerer lancer_tache` : faire tout de suite ce que l’installation fait à heure fixe."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from socle.fondations.commun.taches import periodiques


class Command(BaseCommand):
    """Sans nom, liste les tâches périodiques."""

    help = "Lance une tâche périodique sans attendre son heure ; sans nom, les liste."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("noms", nargs="*", metavar="TACHE", help="« pilotage.relever »")

    def handle(self, *args: Any, **options: Any) -> None:
        noms = options["noms"]
        inconnues = [nom for nom in noms if nom not in periodiques]
        if inconnues:
            raise CommandError(
                f"Tâche inconnue : {', '.join(inconnues)}. Lancez `gerer lancer_tache` sans nom"
                " pour voir la liste."
            )
        for nom in noms:
            periodiques[nom](timestamp=int(timezone.now().timestamp()))
            self.stdout.write(f"{nom} : faite")
        if not noms:
            self.stdout.write("\n".join(periodiques))
