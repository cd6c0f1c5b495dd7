"""Entretien de la file : une tâche dont le travailleur est mort est reprise par un autre."""

from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate.contrib.django import app

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
