"""Un dossier éliminé emporte le paquet d’archives qui le recopie."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from socle.metiers.archivage.services.elimination import remove_versements
from socle.metiers.dossiers.signals import dossier_elimine


@receiver(dossier_elimine, dispatch_uid="elimination_vers_archivage")
def remove_paquet(
    sender: Any, *, collectivite_id: int, reference: str, maintenant: datetime, **kwargs: Any
) -> None:
    remove_versements(collectivite_id=collectivite_id, reference=reference, maintenant=maintenant)
