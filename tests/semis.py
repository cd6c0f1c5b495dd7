"""Semer une fois pour tout un fichier d’essais : chacun repart de la même base semée."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def keep_seme(blocker: DjangoDbBlocker, seed: Callable[[], object]) -> Iterator[object]:
    """Sème dans une transaction qui entoure celle de chaque essai, puis la défait.

    Pour une fixture de portée « module » ; aucun essai du fichier ne doit vouloir une base vide,
    ni de vraies transactions.
    """
    with blocker.unblock():
        tour = transaction.atomic()
        tour._from_testcase = True  # Django admet alors d’y ouvrir une transaction « durable »
        with tour:
            yield seed()
            transaction.set_rollback(True)
