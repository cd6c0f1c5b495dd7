"""Ce que le fil dit de l’archivage : le paquet est prêt, remis, puis pris en charge ou refusé."""

from datetime import datetime

from django.db import transaction

from socle.metiers.dossiers.enums import FAITS_DES_ARCHIVES, Fait
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.services.commun import record_fait


@transaction.atomic
def record_archive(*, reference: str, fait: Fait, maintenant: datetime) -> None:
    """Note dans le fil où en est la remise aux archives (`FAITS_DES_ARCHIVES`).

    Une seule fois de suite : un dossier décidé de nouveau, ou refusé par les archives, se verse de
    nouveau. Sans effet si le dossier n’existe plus.
    """
    dossier = Dossier.objects.filter(reference=reference).first()
    if dossier is None:
        return
    bornes = (Fait.DECISION_DISPONIBLE, Fait.REPASSE_EN_INSTRUCTION, *FAITS_DES_ARCHIVES)
    dernier = dossier.evenements.filter(fait__in=bornes).order_by("-pk").first()
    if dernier is None or dernier.fait != fait:
        record_fait(dossier, fait, auteur=None, maintenant=maintenant)
