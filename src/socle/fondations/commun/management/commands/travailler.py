"""Le travailleur : exécute les tâches différées, une par fil, jusqu’à ce qu’on l’arrête."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from socle.fondations.commun.postgresql.base import is_silencieuse

FILS = 4


class Command(BaseCommand):
    help = "Exécute les tâches différées (accusés, courriels, scellement du journal)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fils", type=int, default=FILS, help="tâches menées de front")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tourne jusqu’à SIGTERM, finit les tâches en cours, puis rend la main."""
        connecteur = PsycopgConnector(
            pool_factory=build_reserve,
            configure=validate_seule,
            kwargs=connector_params() | {"prepare_threshold": 2},
            min_size=1,
            max_size=options["fils"],
        )
        with app.replace_connector(connecteur) as application:
            application.run_worker(
                concurrency=options["fils"],
                delete_jobs="successful",  # la table reste courte, la file reste rapide
                shutdown_graceful_timeout=20,
            )


def build_reserve(**reglages: Any) -> AsyncConnectionPool[Any]:
    """Réserve de connexions de la file, qui ne parle au serveur que pour travailler."""
    return AsyncConnectionPool(**reglages | {"check": check_connexion})


async def validate_seule(connexion: AsyncConnection[Any]) -> None:
    """Valide chaque instruction d’elle-même : un geste de la file n’en a qu’une."""
    await connexion.set_autocommit(True)


async def check_connexion(connexion: AsyncConnection[Any]) -> None:
    """Vérifie une connexion avant chaque geste, sans rien envoyer si elle est au repos."""
    if not is_silencieuse(connexion.pgconn):
        await AsyncConnectionPool.check_connection(connexion)
