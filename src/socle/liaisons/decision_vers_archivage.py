"""Un dossier décidé est versé : la décision mise à disposition met le versement en file."""

import logging
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from socle.fondations.commun import taches
from socle.fondations.commun.locataire import locataire
from socle.metiers.archivage.errors import VersementRefuse, VersementVide
from socle.metiers.archivage.services.versement import create_versement
from socle.metiers.dossiers.exports.archive import describe_pour_archive
from socle.metiers.dossiers.signals import decision_publiee

trace = logging.getLogger("socle.liaisons")
TACHE = "liaisons.verser_dossier"


@receiver(decision_publiee, dispatch_uid="decision_vers_archivage")
def defer_versement(sender: Any, *, collectivite_id: int, numero: int, **kwargs: Any) -> None:
    taches.defer(TACHE, collectivite_id=collectivite_id, numero=numero)


@taches.tache(name=TACHE)
def verser_dossier(*, collectivite_id: int, numero: int) -> None:
    """Fait le versement d’un dossier décidé ; rejouable, la référence n’en donne qu’un."""
    with locataire(collectivite_id):
        description = describe_pour_archive(numero)
    if description is None:
        return
    try:
        create_versement(**description, maintenant=timezone.now())
    except (VersementRefuse, VersementVide) as refus:
        # Recommencer n’y changerait rien : l’archiviste le voit « à corriger » dans sa liste.
        trace.warning("versement.refuse", extra={"dossier": numero, "motif": type(refus).__name__})
