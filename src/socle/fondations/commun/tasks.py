"""Entretien : une tâche dont le travailleur est mort est reprise ; l’ancien est oublié."""

from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate.contrib.django import app

from socle.fondations.commun.taches import periodique
from socle.fondations.commun.versions import purge_changements

SILENCE = 30.0  # secondes sans battement d’un travailleur avant de le croire mort


@app.periodic(cron="* * * * * */15", periodic_id="commun.reprendre")
@app.task(name="commun.reprendre", queueing_lock="commun.reprendre", pass_context=False)
async def resume_taches(timestamp: int) -> None:
    """Remet en file les tâches des travailleurs morts ; elles sont rejouables."""
    gestionnaire: Any = app.job_manager
    for tache in await gestionnaire.get_stalled_jobs(seconds_since_heartbeat=SILENCE):
        await gestionnaire.retry_job(
            tache, retry_at=datetime.fromtimestamp(timestamp, UTC) + timedelta(seconds=1)
        )


@periodique(name="commun.oublier_changements", cron="23 * * * *")
def forget_changements(timestamp: int) -> None:
    """Oublie, chaque heure, les changements que plus aucune page ne distingue."""
    purge_changements()
