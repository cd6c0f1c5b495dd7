"""`gerer lire_retours <boîte>` : les lettres revenues suspendent leurs adresses."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from socle.metiers.diffusion.services.retours import read_boite


class Command(BaseCommand):
    help = "Lit les retours de lettres dans une boîte maildir ou mbox ; rejouable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("boite", type=Path, help="dossier maildir ou fichier mbox")

    def handle(self, *args: Any, boite: Path, **options: Any) -> None:
        try:
            comptes = read_boite(boite, maintenant=timezone.now())
        except FileNotFoundError as cause:
            raise CommandError(f"Il n’y a pas de boîte à cet endroit : {boite}") from cause
        self.stdout.write(
            f"{comptes['lus']} messages lus, {comptes['retours']} retours nouveaux, "
            f"{comptes['suspendus']} adresses suspendues."
        )
