"""Un dossier décidé est versé ; rouvert, son versement s’arrête et se refait après."""

import logging
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from socle.fondations.commun import taches
from socle.fondations.commun.locataire import locataire
from socle.metiers.archivage.errors import VersementRefuse, VersementVide
from socle.metiers.archivage.services import create_versement, suspend_versement
from socle.metiers.archivage.signals import versement_a_refaire
from socle.metiers.dossiers.exports.archive import describe_pour_archive, read_cle
from socle.metiers.dossiers.queries.pieces import find_numero
from socle.metiers.dossiers.signals import decision_publiee, dossier_rouvert

trace = logging.getLogger("socle.liaisons")
TACHE = "liaisons.verser_dossier"


@receiver(decision_publiee, dispatch_uid="decision_vers_archivage")
def defer_versement(sender: Any, *, collectivite_id: int, numero: int, **kwargs: Any) -> None:
    taches.defer(TACHE, collectivite_id=collectivite_id, numero=numero)


@receiver(versement_a_refaire, dispatch_uid="versement_a_refaire")
def defer_de_nouveau(sender: Any, *, collectivite_id: int, dossier: str, **kwargs: Any) -> None:
    numero = find_numero(dossier)
    if numero is not None:
        taches.defer(TACHE, collectivite_id=collectivite_id, numero=numero)


@receiver(dossier_rouvert, dispatch_uid="reouverture_vers_archivage")
def suspend(sender: Any, *, collectivite_id: int, reference: str, **kwargs: Any) -> None:
    suspend_versement(
        collectivite_id=collectivite_id, dossier=reference, maintenant=kwargs["maintenant"]
    )


@taches.tache(name=TACHE)
def verser_dossier(*, collectivite_id: int, numero: int) -> None:
    """Fait le versement d’un dossier décidé ; rejouable, la référence n’en donne qu’un."""
    with locataire(collectivite_id):
        description = describe_pour_archive(numero)
    if description is None:
        return
    try:
        create_versement(**description, maintenant=timezone.now())
        with locataire(collectivite_id):
            if read_cle(numero) != description["cle"]:  # rouvert pendant ce temps
                suspend_versement(
                    collectivite_id=collectivite_id,
                    dossier=description["reference"],
                    maintenant=timezone.now(),
                )
    except (VersementRefuse, VersementVide) as refus:
        # Recommencer n’y changerait rien : l’archiviste le voit « à corriger » dans sa liste.
        trace.warning("versement.refuse", extra={"dossier": numero, "motif": type(refus).__name__})
