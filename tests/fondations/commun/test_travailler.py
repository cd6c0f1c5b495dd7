"""Réserve de connexions de la file : une instruction par geste, connexion morte remplacée."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.testing import InMemoryConnector

from socle.fondations.commun import taches
from socle.fondations.commun.management.commands.travailler import build_reserve, validate_seule

Resultat = TypeVar("Resultat")
ETAT = "SELECT state, query FROM pg_stat_activity WHERE pid = %s"


@pytest.fixture
def temoin(django_db_setup, django_db_blocker):
    """Une connexion qui observe celle de la file."""
    with django_db_blocker.unblock(), psycopg.connect(**connector_params()) as connexion:
        connexion.autocommit = True
        yield connexion


def make_connecteur() -> PsycopgConnector:
    return PsycopgConnector(
        pool_factory=build_reserve, configure=validate_seule, kwargs=connector_params(), min_size=1
    )


def run_a_part(coroutine: Callable[[], Coroutine[Any, Any, Resultat]]) -> Resultat:
    """Joue une coroutine dans un fil à elle : le navigateur des essais a déjà sa boucle ici."""
    with ThreadPoolExecutor(max_workers=1) as fil:
        return fil.submit(lambda: asyncio.run(coroutine())).result()


async def read_pid(connecteur: PsycopgConnector) -> int:
    ligne = await connecteur.execute_query_one_async("SELECT pg_backend_pid() AS pid")
    return int(ligne["pid"])


def test_queue_statement_travels_alone(temoin):
    async def run() -> tuple[str, str]:
        connecteur = make_connecteur()
        await connecteur.open_async()
        try:
            pid = await read_pid(connecteur)
            assert await read_pid(connecteur) == pid  # la vérification n’en laisse pas de trace
            return temoin.execute(ETAT, [pid]).fetchone()
        finally:
            await connecteur.close_async()

    assert run_a_part(run) == ("idle", "SELECT pg_backend_pid() AS pid")  # ni BEGIN ni COMMIT


def test_dead_connection_is_replaced(temoin):
    async def run() -> tuple[int, int]:
        connecteur = make_connecteur()
        await connecteur.open_async()
        try:
            premier = await read_pid(connecteur)
            temoin.execute("SELECT pg_terminate_backend(%s, 5000)", [premier])
            return premier, await read_pid(connecteur)
        finally:
            await connecteur.close_async()

    premier, second = run_a_part(run)
    assert premier != second


def count_inscrites(nom: str) -> int:
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [nom])
        return int(curseur.fetchone()[0])


@pytest.mark.django_db
def test_task_that_defers_another_does_it_in_its_own_transaction():
    """Le travailleur a sa connexion à la file : la suite d’une tâche n’y passe pas."""
    nom, du_travailleur = "essais.suite", InMemoryConnector()
    with app.replace_connector(du_travailleur):
        taches.defer(nom, numero=1)
        assert (count_inscrites(nom), du_travailleur.jobs) == (1, {})

        with transaction.atomic():
            taches.defer(nom, numero=2)
            assert count_inscrites(nom) == 2
            transaction.set_rollback(True)
    assert count_inscrites(nom) == 1
