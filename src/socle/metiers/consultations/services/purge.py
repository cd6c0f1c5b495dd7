"""Effacer à l’heure dite : les brouillons, puis ce qui nomme quelqu’un. Les chiffres restent."""

from datetime import datetime, timedelta

from django.db import transaction

from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.locataire import locataire
from socle.fondations.documents.services import remove_objet
from socle.metiers.consultations.enums import EtatCampagne, EtatReponse
from socle.metiers.consultations.models import Campagne, DepotDeReponse, Reponse
from socle.metiers.consultations.queries.chiffres import compute_chiffres
from socle.metiers.consultations.services.evaluation_purge import purge_evaluation
from socle.metiers.consultations.services.trace import record_action

SYSTEME = "systeme"
# Un brouillon refusé à la clôture reste relisible le temps d’écrire au contact.
GARDE_BROUILLONS = timedelta(days=60)
GARDE_RETIREES = timedelta(days=30)
MOIS = timedelta(days=30.44)


def purge_reponses(*, maintenant: datetime) -> int:
    """Efface ce qui est arrivé à terme ; rend le nombre de réponses vidées ou effacées.

    Un brouillon ou une réponse retirée disparaît ; une réponse déposée garde son numéro, sa date
    et son territoire, et perd le reste.

    Source: RGPD, art. 5-1-e.
    """
    return _purge_inachevees(maintenant) + _purge_campagnes(maintenant)


@transaction.atomic
def _purge_inachevees(maintenant: datetime) -> int:
    brouillons = Reponse.objects.filter(
        etat=EtatReponse.BROUILLON, campagne__ferme_le__lt=maintenant - GARDE_BROUILLONS
    )
    retirees = Reponse.objects.filter(
        etat=EtatReponse.RETIREE, retiree_le__lt=maintenant - GARDE_RETIREES
    )
    lignes = [*brouillons.order_by("pk"), *retirees.order_by("pk")]
    _remove_fichiers(lignes, maintenant)
    Reponse.objects.filter(pk__in=[ligne.pk for ligne in lignes]).delete()
    if lignes:
        record_action("reponse.purge", "consultations", SYSTEME, maintenant,
                      {"effacees": len(lignes)})  # fmt: skip
    return len(lignes)


def _purge_campagnes(maintenant: datetime) -> int:
    finies = Campagne.objects.filter(purgee_le__isnull=True, ferme_le__lt=maintenant).exclude(
        etat=EtatCampagne.BROUILLON
    )
    echues = [
        campagne for campagne in finies.order_by("pk")
        if campagne.ferme_le and campagne.ferme_le + MOIS * campagne.conservation_mois < maintenant
    ]  # fmt: skip
    return sum(_purge_campagne(campagne, maintenant) for campagne in echues)


@transaction.atomic
def _purge_campagne(campagne: Campagne, maintenant: datetime) -> int:
    ligne = Campagne.objects.select_for_update(of=["self"]).get(pk=campagne.pk)
    lignes = list(ligne.reponses.filter(purgee_le__isnull=True).order_by("pk"))
    if ligne.chiffres is None:
        ligne.chiffres = compute_chiffres(ligne, maintenant=maintenant)
    _remove_fichiers(lignes, maintenant)
    DepotDeReponse.objects.filter(reponse__campagne=ligne).delete()
    purge_evaluation(campagne=ligne, maintenant=maintenant)
    for reponse in lignes:
        reponse.compte, reponse.jeton, reponse.nom, reponse.courriel = None, "", "", ""
        reponse.repondant = f"efface:{reponse.pk}"
        reponse.reponses, reponse.correction, reponse.mots = {}, None, ""
        reponse.purgee_le = maintenant
    Reponse.objects.bulk_update(
        lignes,
        ["compte", "jeton", "nom", "courriel", "repondant", "reponses", "correction", "mots",
         "purgee_le"],
        batch_size=500,
    )  # fmt: skip
    ligne.purgee_le = maintenant
    ligne.save(update_fields=["chiffres", "purgee_le", "modifie_le"])
    record_action("consultation.purgee", ligne.cle, SYSTEME, maintenant,
                  {"reponses": len(lignes)})  # fmt: skip
    return len(lignes)


def _remove_fichiers(lignes: list[Reponse], maintenant: datetime) -> None:
    with locataire(get_programme().pk):
        for ligne in lignes:
            remove_objet(objet=ligne.objet, maintenant=maintenant)
