"""Charge le code officiel géographique."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from socle.fondations.referentiels.services import load_cog


class Command(BaseCommand):
    help = "Charge le code officiel géographique ; sans effet s’il est déjà chargé."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fichier", type=Path, help="un autre fichier que celui du produit")

    def handle(self, *, fichier: Path | None = None, **options: Any) -> None:
        version, charge = load_cog(fichier)
        etat = "chargé" if charge else "déjà chargé"
        self.stdout.write(f"COG {version.version} {etat} : {version.nombre} communes.")
