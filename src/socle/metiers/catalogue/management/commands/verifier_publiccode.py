"""Vérifie un publiccode.yml : ce qui ne va pas, où, et quoi faire."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from socle.normes.publiccode.errors import PubliccodeIllisible
from socle.normes.publiccode.lecture import TAILLE_MAX, read_publiccode
from socle.normes.publiccode.validation import Gravite, check_publiccode


class Command(BaseCommand):
    help = "Vérifie un fichier publiccode.yml (versions 0.2 à 0.5)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichier", metavar="FICHIER", help="chemin du publiccode.yml")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with Path(options["fichier"]).open("rb") as fichier:
                donnees = read_publiccode(fichier.read(TAILLE_MAX + 1))
        except OSError as cause:
            raise CommandError("Ce fichier ne se lit pas.") from cause
        except PubliccodeIllisible as cause:
            raise CommandError(str(cause)) from cause
        anomalies = check_publiccode(donnees)
        for anomalie in anomalies:
            self.stdout.write(f"{anomalie.gravite.capitalize()} : {anomalie}")
        if any(anomalie.gravite == Gravite.ERREUR for anomalie in anomalies):
            raise CommandError("Cette fiche n’est pas conforme.")
        self.stdout.write("Cette fiche est conforme.")
