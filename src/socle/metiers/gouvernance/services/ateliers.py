"""S’inscrire à une réunion ouverte : tout agent qui a un compte le peut."""

from datetime import datetime

from django.db import transaction

from socle.fondations.comptes.models import Compte
from socle.metiers.gouvernance.enums import EtatReunion
from socle.metiers.gouvernance.errors import InscriptionRefusee
from socle.metiers.gouvernance.models import InscriptionAtelier, Reunion
from socle.metiers.gouvernance.services.reunions import lock_reunion
from socle.metiers.gouvernance.services.trace import record_action


@transaction.atomic
def register(
    *, reunion: Reunion, compte: Compte, organisation: str, maintenant: datetime
) -> InscriptionAtelier:
    """Inscrit un agent, une fois ; la dernière place ne se donne pas deux fois.

    Raises:
        InscriptionRefusee: réunion fermée, passée, annulée ou complète ; compte qui n’est pas
            celui d’un agent.
    """
    reunion = lock_reunion(reunion.pk)
    if not reunion.ouverte or not compte.is_agent:
        raise InscriptionRefusee
    if reunion.etat in (EtatReunion.ANNULEE, EtatReunion.TENUE) or reunion.debut <= maintenant:
        raise InscriptionRefusee("Cette réunion est passée ou annulée.")
    deja = reunion.inscriptions.filter(compte=compte).first()
    if deja is not None:
        return deja
    if reunion.places is not None and reunion.inscriptions.count() >= reunion.places:
        raise InscriptionRefusee(
            "Toutes les places sont prises.", "Revenez plus tard : une place peut se libérer."
        )
    inscription = InscriptionAtelier.objects.create(
        reunion=reunion, compte=compte, organisation=organisation.strip(), inscrit_le=maintenant
    )
    record_action(
        action="reunion.inscription",
        objet=reunion.cle,
        acteur=compte.acteur,
        maintenant=maintenant,
    )
    return inscription


@transaction.atomic
def unregister(*, reunion: Reunion, compte: Compte, maintenant: datetime) -> bool:
    """Désinscrit un agent ; rend faux s’il n’était pas inscrit."""
    reunion = lock_reunion(reunion.pk)
    retires, _ = reunion.inscriptions.filter(compte=compte).delete()
    if retires:
        record_action(
            action="reunion.desinscription",
            objet=reunion.cle,
            acteur=compte.acteur,
            maintenant=maintenant,
        )
    return bool(retires)
