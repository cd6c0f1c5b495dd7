"""`./socle gerer sceller` : scelle le journal tout de suite, au besoin le vérifie en entier."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from socle.fondations.journal import services
from socle.fondations.journal.services.controle import list_anomalies
from socle.fondations.journal.tasks import stamp_lots


class Command(BaseCommand):
    help = "Scelle le journal de preuve sans attendre la minute suivante."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--verifier", action="store_true", help="relit tout le journal et refait ses arbres"
        )

    def handle(self, *, verifier: bool, **options: object) -> None:
        maintenant = timezone.now()
        lots = services.seal_journal(maintenant=maintenant)
        jetons = stamp_lots(maintenant=maintenant)
        entrees = sum(lot.entrees for lot in lots)
        self.stdout.write(f"{entrees} entrée(s) scellée(s), {jetons} point(s) horodaté(s).")
        if verifier:
            anomalies = list_anomalies()
            if anomalies:
                raise CommandError("\n".join(anomalies))
            self.stdout.write("Le journal est entier.")
