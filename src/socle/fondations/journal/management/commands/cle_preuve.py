"""`./socle gerer cle_preuve` : montre les clés publiques du journal, ou change de clé."""

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from socle.fondations.journal import services


class Command(BaseCommand):
    help = "Écrit les clés publiques du journal, à publier sur le site de la collectivité."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--changer", action="store_true", help="crée une nouvelle clé")

    def handle(self, *, changer: bool, **options: object) -> None:
        maintenant = timezone.now()
        if changer:
            services.rotate_cle(maintenant=maintenant)
            self.stderr.write("Clé changée. Publiez ces lignes, et sauvegardez les clés.")
        courante = services.load_signataire(maintenant=maintenant).cle_publique
        self.stdout.write(f"# empreinte de la clé courante : {courante.empreinte}")
        for cle in services.list_cles():
            self.stdout.write(cle.to_texte())
