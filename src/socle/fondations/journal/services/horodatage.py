"""Ranger les jetons d’horodatage des points de contrôle. Le réseau est dans `tasks`."""

from datetime import datetime

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import Jeton, Lot
from socle.normes.preuve.horodatage import verify_jeton


def save_jeton(*, lot: Lot, reponse: bytes, nonce: int, maintenant: datetime) -> Jeton:
    """Vérifie puis range la réponse d’une autorité d’horodatage.

    Raises:
        PreuveInvalide: la réponse porte sur autre chose, ou répond à une autre demande.
    """
    jeton = verify_jeton(reponse, bytes(lot.note), nonce=nonce)
    with operateur():
        Jeton.objects.bulk_create(
            [Jeton(lot=lot, date=jeton.date, reponse=reponse, recu_le=maintenant)],
            ignore_conflicts=True,
        )
    return Jeton.objects.get(pk=lot.pk)
