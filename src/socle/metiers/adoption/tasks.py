"""Chaque nuit : les mesures de l’installation, puis les comptes."""

from django.utils import timezone

from socle.fondations.commun.taches import periodique
from socle.metiers.adoption.services.agregats import rebuild_tout
from socle.metiers.adoption.services.mesures import apply_mesures


@periodique(name="adoption.mesurer", cron="11 2 * * *")
def mesurer(*, timestamp: int) -> None:
    """Relève ce que l’installation constate, puis refait tous les comptes."""
    maintenant = timezone.now()
    apply_mesures(maintenant=maintenant)
    rebuild_tout(maintenant=maintenant)
