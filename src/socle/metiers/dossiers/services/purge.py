"""Brouillons abandonnés : effacés, avec leurs fichiers, après trois mois sans y toucher."""

from datetime import datetime, timedelta

from socle.fondations.commun import taches
from socle.fondations.commun.locataire import locataire, operateur
from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.services.commun import forget_personne, record_preuve

DUREE = timedelta(days=90)
PAR_PASSAGE = 500


def purge_brouillons(*, maintenant: datetime) -> int:
    """Efface les brouillons de toutes les collectivités restés trois mois sans changement.

    Une demande déposée n’est jamais touchée. Rend le nombre de brouillons effacés, 500 au plus par
    passage : le suivant fait la suite.
    """
    limite = maintenant - DUREE
    abandonnes = Dossier.objects.filter(etat=EtatDossier.BROUILLON, modifie_le__lt=limite)
    with operateur():
        places = list(
            abandonnes.order_by("modifie_le").values_list("collectivite_id", "numero")[:PAR_PASSAGE]
        )
    effaces = 0
    for collectivite_id, numero in places:
        with locataire(collectivite_id):
            dossier = abandonnes.select_for_update(of=["self"]).filter(numero=numero).first()
            if dossier is not None:
                _purge(dossier, maintenant)
                effaces += 1
    return effaces


def _purge(dossier: Dossier, maintenant: datetime) -> None:
    record_preuve(dossier, "brouillon_purge", acteur="systeme", maintenant=maintenant)
    forget_personne(dossier)
    taches.defer(
        "documents.retirer_objet",
        collectivite_id=dossier.collectivite_id,
        objet=dossier.objet,
    )
    dossier.delete()
