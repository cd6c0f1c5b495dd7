"""Phrases prêtes d’une collectivité."""

from django.db.models import F, Q, QuerySet

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.permissions import Portee
from socle.metiers.dossiers.models import Dossier, PhrasePrete


def list_phrases(collectivite: Collectivite, portee: Portee) -> QuerySet[PhrasePrete]:
    """Rend les phrases de ces services : celles de toutes les démarches, puis par démarche."""
    siennes = Q(demarche=None) | portee.filter("demarche__service")
    return (
        PhrasePrete.objects.filter(Q() if portee.entiere else siennes, collectivite=collectivite)
        .select_related("demarche")
        .order_by(F("demarche__titre").asc(nulls_first=True), "titre", "pk")
    )


def list_phrases_du_dossier(dossier: Dossier) -> QuerySet[PhrasePrete]:
    """Rend les phrases qui servent sur ce dossier : de sa démarche, ou de toutes."""
    return (
        PhrasePrete.objects.filter(collectivite_id=dossier.collectivite_id)
        .filter(Q(demarche=None) | Q(demarche_id=dossier.demarche_id))
        .order_by(F("demarche_id").asc(nulls_last=True), "titre", "pk")
    )
