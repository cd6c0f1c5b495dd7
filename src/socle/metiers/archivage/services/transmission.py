"""Ce que l’archiviste fait d’un versement prêt."""

from datetime import datetime

from django.db import transaction

from socle.fondations.journal.services import record
from socle.metiers.archivage.enums import ENVOYES, EtatVersement
from socle.metiers.archivage.errors import DejaTransmis, PasEncorePret
from socle.metiers.archivage.models import Versement
from socle.metiers.archivage.signals import versement_transmis


@transaction.atomic
def mark_transmis(*, versement: Versement, acteur: str, maintenant: datetime) -> Versement:
    """Note que le paquet a été remis au système d’archivage.

    Raises:
        PasEncorePret: le paquet n’a pas passé ses contrôles.
        DejaTransmis: c’est déjà noté ; deux clics ne comptent qu’une fois.
    """
    versement = Versement.objects.select_for_update(of=["self"]).get(pk=versement.pk)
    if versement.etat in ENVOYES:
        raise DejaTransmis
    if versement.etat != EtatVersement.PRET:
        raise PasEncorePret
    versement.etat = EtatVersement.TRANSMIS
    versement.transmis_le = maintenant
    versement.save(update_fields=["etat", "transmis_le", "modifie_le"])
    record(
        action="versement.transmis",
        objet=f"versement:{versement.reference}",
        acteur=acteur,
        collectivite_id=versement.collectivite_id,
        maintenant=maintenant,
        donnees={
            "reference": versement.reference,
            "message": versement.message,
            "empreinte_sha512": versement.empreinte,
        },
    )
    versement_transmis.send(
        Versement,
        reference=versement.reference,
        dossier=versement.dossier,
        versement_id=versement.pk,
        collectivite_id=versement.collectivite_id,
        maintenant=maintenant,
    )
    return versement
