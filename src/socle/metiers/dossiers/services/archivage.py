"""Ce que le fil dit de l’archivage : le paquet est prêt, puis remis au service d’archives."""

from datetime import datetime

from django.db import transaction

from socle.metiers.dossiers.enums import Fait
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.services.commun import record_fait


@transaction.atomic
def record_archive(*, reference: str, fait: Fait, maintenant: datetime) -> None:
    """Note dans le fil que le paquet est prêt (`ARCHIVE`) ou remis (`TRANSMIS`).

    Une seule fois par décision : un dossier rouvert puis décidé de nouveau se verse de nouveau.
    Sans effet si le dossier n’existe plus.
    """
    dossier = Dossier.objects.filter(reference=reference).first()
    if dossier is None:
        return
    bornes = (Fait.DECISION_DISPONIBLE, Fait.REPASSE_EN_INSTRUCTION, fait)
    dernier = dossier.evenements.filter(fait__in=bornes).order_by("-pk").first()
    if dernier is None or dernier.fait != fait:
        record_fait(dossier, fait, auteur=None, maintenant=maintenant)
