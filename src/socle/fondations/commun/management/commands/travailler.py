"""Le travailleur : exécute les tâches différées, une par fil, jusqu’à ce qu’on l’arrête."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

FILS = 4


class Command(BaseCommand):
    help = "Exécute les tâches différées (accusés, courriels, scellement du journal)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fils", type=int, default=FILS, help="tâches menées de front")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tourne jusqu’à SIGTERM, finit les tâches en cours, puis rend la main."""
        connecteur = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connecteur) as application:
            application.run_worker(
                concurrency=options["fils"],
                delete_jobs="successful",  # la table reste courte, la file reste rapide
                shutdown_graceful_timeout=20,
            )
