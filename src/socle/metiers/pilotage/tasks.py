"""Tâches du pilotage : les relevés de l’installation."""

from datetime import UTC, datetime

from socle.fondations.commun.fuseau import PARIS
from socle.fondations.commun.taches import periodique
from socle.metiers.pilotage.services.releves import record_releves


@periodique(name="pilotage.relever", cron="*/10 * * * *")
def relever(*, timestamp: int) -> None:
    """Relève chaque mesure, à son jour de Paris ; le dernier relevé du jour reste."""
    record_releves(datetime.fromtimestamp(timestamp, UTC).astimezone(PARIS).date())
