"""Le versement s’écrit dans le fil du dossier, et l’archiviste lit ce fil : le même pour tous."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from socle.metiers.archivage.ports import fils
from socle.metiers.archivage.signals import versement_pret, versement_transmis
from socle.metiers.dossiers.enums import Fait
from socle.metiers.dossiers.services.archivage import record_archive
from socle.metiers.dossiers.views.fil import read_fil_par_reference

fils.register("dossier", read_fil_par_reference)


@receiver(versement_pret, dispatch_uid="archivage_vers_dossier")
def record_versement(sender: Any, *, dossier: str, maintenant: datetime, **kwargs: Any) -> None:
    record_archive(reference=dossier, fait=Fait.ARCHIVE, maintenant=maintenant)


@receiver(versement_transmis, dispatch_uid="transmission_vers_dossier")
def record_transmission(sender: Any, *, dossier: str, maintenant: datetime, **kwargs: Any) -> None:
    record_archive(reference=dossier, fait=Fait.TRANSMIS, maintenant=maintenant)
