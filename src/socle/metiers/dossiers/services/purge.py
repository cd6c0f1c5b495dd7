"""Brouillons abandonnés : annoncés, puis effacés avec leurs fichiers après trois mois."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from socle.fondations.commun import taches
from socle.fondations.commun.adresses import build_adresse
from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.commun.textes import format_jour
from socle.fondations.notifications import services as notifications
from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.services.commun import forget_personne, record_preuve
from socle.metiers.dossiers.services.reprise import send_lien

DUREE = timedelta(days=90)
PREAVIS = timedelta(days=7)
MARGE = timedelta(hours=12)  # l’avis et l’effacement sont deux tâches de nuit
PAR_PASSAGE = 500
JOIGNABLES = Q(usager__isnull=False) | ~Q(reprise_courriel="")
ANNONCES = Q(expiration_annoncee_le__gt=F("modifie_le"))


def compute_effacement(dossier: Dossier) -> datetime:
    """Rend quand un brouillon sera effacé s’il ne change plus."""
    return dossier.modifie_le + DUREE


def warn_brouillons(*, maintenant: datetime) -> int:
    """Prévient, sept jours avant, les personnes dont le brouillon sera effacé ; rend leur nombre.

    Une personne sans compte n’est prévenue que si elle a demandé un lien de reprise : le message
    lui en porte un neuf. Un message par abandon.
    """
    limite = maintenant - (DUREE - PREAVIS)
    proches = _list_abandonnes(limite).filter(JOIGNABLES).exclude(ANNONCES)
    prevenus = 0
    for collectivite_id, numero in _list_places(proches):
        with locataire(collectivite_id):
            dossier = _lock(proches, numero)
            if dossier is not None:
                _warn(dossier, maintenant)
                prevenus += 1
    return prevenus


def _warn(dossier: Dossier, maintenant: datetime) -> None:
    # `update` : l’avis n’est pas un changement de la demande, il ne retarde pas son effacement.
    Dossier.objects.filter(pk=dossier.pk).update(expiration_annoncee_le=maintenant)
    record_preuve(dossier, "effacement_annonce", acteur="systeme", maintenant=maintenant)
    if dossier.usager_id is None:
        send_lien(dossier=dossier, code="dossier_expiration", maintenant=maintenant)
        return
    effacement = max(compute_effacement(dossier), maintenant + PREAVIS)
    notifications.notify(
        collectivite=dossier.collectivite,
        code="dossier_expiration",
        contexte={
            "demarche": dossier.demarche.titre,
            "numero": str(dossier.numero),
            "date": format_jour(effacement),
            "lien": build_adresse("dossiers:suivi", dossier.collectivite, dossier.numero),
        },
        maintenant=maintenant,
        compte=dossier.usager,
        courriel=dossier.courriel,
        objet=dossier.objet,
    )


def purge_brouillons(*, maintenant: datetime) -> int:
    """Efface les brouillons de toutes les collectivités restés trois mois sans changement.

    Une demande déposée n’est jamais touchée, ni le brouillon d’une personne que l’on peut joindre
    et que l’on n’a pas prévenue sept jours avant. Rend le nombre de brouillons effacés, 500 au
    plus par passage : le suivant fait la suite.
    """
    prevenus = ANNONCES & Q(expiration_annoncee_le__lte=maintenant - PREAVIS + MARGE)
    abandonnes = _list_abandonnes(maintenant - DUREE).filter(~JOIGNABLES | prevenus)
    effaces = 0
    for collectivite_id, numero in _list_places(abandonnes):
        with locataire(collectivite_id):
            dossier = _lock(abandonnes, numero)
            if dossier is not None:
                _purge(dossier, maintenant)
                effaces += 1
    return effaces


def _list_abandonnes(limite: datetime) -> QuerySet[Dossier]:
    return Dossier.objects.filter(etat=EtatDossier.BROUILLON, modifie_le__lt=limite)


def _list_places(dossiers: QuerySet[Dossier]) -> list[tuple[int, int]]:
    with operateur():
        return list(
            dossiers.order_by("modifie_le").values_list("collectivite_id", "numero")[:PAR_PASSAGE]
        )


def _lock(dossiers: QuerySet[Dossier], numero: int) -> Dossier | None:
    """Relit sous verrou : le brouillon a pu changer depuis la liste."""
    return (
        dossiers.select_for_update(of=["self"])
        .select_related("demarche", "collectivite", "usager")
        .filter(numero=numero)
        .first()
    )


def _purge(dossier: Dossier, maintenant: datetime) -> None:
    record_preuve(dossier, "brouillon_purge", acteur="systeme", maintenant=maintenant)
    forget_personne(dossier)
    taches.defer(
        "documents.retirer_objet",
        collectivite_id=dossier.collectivite_id,
        objet=dossier.objet,
    )
    dossier.delete()
