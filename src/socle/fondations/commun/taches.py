"""Travaux différés : une façade étroite sur procrastinate, même connexion, même transaction.

Une tâche peut être lancée deux fois (processus tué, relance) : elle relit l’état et ne refait pas
ce qui est fait. Elle parle au réseau hors transaction, puis ouvre un court `locataire(...)`.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.db import close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import JobDeferrer
from procrastinate.manager import JobManager

from socle.fondations.commun.registre import Registre

trace = logging.getLogger("socle.taches")
RELANCES = RetryStrategy(max_attempts=8, exponential_wait=4)
# Le travailleur a sa propre connexion à la file : une tâche qui en inscrit une autre passe par la
# sienne, sans quoi la suite partirait avant que ce qui la demande soit validé.
FILE = JobManager(DjangoConnector())
# « app.nom » → ce que fait la tâche périodique, pour qui veut la lancer sans attendre.
periodiques: Registre[Callable[..., None]] = Registre("tâches périodiques")


def tache(
    *, name: str, relances: RetryStrategy | None = RELANCES, queue: str = "default"
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Déclare une tâche « app.nom » : ses arguments sont des entiers et des chaînes."""

    def decorate(fonction: Callable[..., None]) -> Callable[..., None]:
        @wraps(fonction)
        def run(**arguments: object) -> None:
            close_old_connections()
            try:
                fonction(**arguments)
            except Exception:
                trace.warning("tache.echec", extra={"tache": name}, exc_info=True)
                raise

        app.task(name=name, retry=relances or False, queue=queue)(run)
        return fonction

    return decorate


def periodique(*, name: str, cron: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Déclare une tâche qui revient (cron à 5 ou 6 champs, secondes en dernier)."""

    def decorate(fonction: Callable[..., None]) -> Callable[..., None]:
        @wraps(fonction)
        def run(timestamp: int) -> None:
            close_old_connections()
            fonction(timestamp=timestamp)

        app.periodic(cron=cron, periodic_id=name)(
            app.task(name=name, queueing_lock=name, pass_context=False)(run)
        )
        periodiques.register(name, fonction)
        return fonction

    return decorate


def defer(
    name: str,
    *,
    verrou: str | None = None,
    a_partir_de: datetime | None = None,
    **arguments: int | str | None,
) -> None:
    """Inscrit une tâche dans la transaction courante : si elle échoue, la tâche n’existe pas.

    Args:
        name: « app.nom » de la tâche.
        verrou: deux tâches du même verrou ne tournent jamais ensemble.
        a_partir_de: instant avant lequel elle ne part pas.
    """
    inscription = app.configure_task(name, allow_unknown=True, lock=verrou, schedule_at=a_partir_de)
    JobDeferrer(job=inscription.job, job_manager=FILE).defer(**arguments)
