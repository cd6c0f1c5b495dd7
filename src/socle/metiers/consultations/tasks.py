"""Clore à l’heure dite, et effacer chaque nuit ce qui est arrivé à terme."""

from datetime import UTC, datetime

from socle.fondations.commun.taches import periodique
from socle.metiers.consultations.services.campagnes import close_echues
from socle.metiers.consultations.services.purge import purge_reponses


@periodique(name="consultations.clore", cron="*/5 * * * *")
def clore(*, timestamp: int) -> None:
    """Clôt les campagnes arrivées à leur date."""
    close_echues(maintenant=datetime.fromtimestamp(timestamp, UTC))


@periodique(name="consultations.purger", cron="47 3 * * *")
def purger(*, timestamp: int) -> None:
    """Efface brouillons, réponses retirées et données nominatives ; les chiffres restent."""
    purge_reponses(maintenant=datetime.fromtimestamp(timestamp, UTC))
