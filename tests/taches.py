"""Exécuter, dans la transaction du test, les travaux mis en file."""

import json

from django.db import connection
from procrastinate.contrib.django import app

PREFIXES = ("dossiers.", "liaisons.")
TOURS = 20


def run_taches(*prefixes: str) -> list[str]:
    """Exécute les travaux en file de ces applications, et leurs suites ; rend leurs noms."""
    faits: list[str] = []
    for _ in range(TOURS):
        trouvees = [t for t in _take() if t[0].startswith(prefixes or PREFIXES)]
        if not trouvees:
            return faits
        for nom, arguments in trouvees:
            app.tasks[nom].func.__wrapped__(**arguments)
            faits.append(nom)
    raise AssertionError(f"Des travaux se relancent sans fin : {faits[-3:]}")


def _take() -> list[tuple[str, dict[str, object]]]:
    with connection.cursor() as curseur:
        curseur.execute(
            "WITH pris AS (DELETE FROM procrastinate_jobs WHERE status = 'todo'"
            " RETURNING id, task_name, args) SELECT task_name, args::text FROM pris ORDER BY id"
        )
        return [(nom, json.loads(arguments)) for nom, arguments in curseur.fetchall()]
