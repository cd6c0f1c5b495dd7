"""Le versement s’écrit dans le fil du dossier, et l’archiviste lit ce fil : le même pour tous."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from socle.metiers.archivage import signals
from socle.metiers.archivage.ports import fils
from socle.metiers.dossiers.enums import Fait
from socle.metiers.dossiers.services.archivage import record_archive
from socle.metiers.dossiers.views.fil import read_fil_par_reference

FAITS = {
    signals.versement_pret: Fait.ARCHIVE,
    signals.versement_transmis: Fait.TRANSMIS,
    signals.versement_accepte: Fait.PRIS_EN_CHARGE,
    signals.versement_refuse: Fait.REMISE_REFUSEE,
    signals.reponse_retiree: Fait.REPONSE_RETIREE,
}
fils.register("dossier", read_fil_par_reference)


@receiver(list(FAITS), dispatch_uid="archivage_vers_dossier")
def record_remise(sender: Any, *, dossier: str, maintenant: datetime, **kwargs: Any) -> None:
    record_archive(reference=dossier, fait=FAITS[kwargs["signal"]], maintenant=maintenant)
