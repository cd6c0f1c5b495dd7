"""Le versement prêt s’écrit dans le fil du dossier : un seul fil, de la demande à l’archive."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from socle.metiers.archivage.signals import versement_pret
from socle.metiers.dossiers.services.emission import record_archive


@receiver(versement_pret, dispatch_uid="archivage_vers_dossier")
def record_versement(sender: Any, *, reference: str, maintenant: datetime, **kwargs: Any) -> None:
    record_archive(reference=reference, maintenant=maintenant)
