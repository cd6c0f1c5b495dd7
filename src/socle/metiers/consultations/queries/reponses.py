"""Lire les réponses : celles de l’équipe, et celles d’une personne."""

from django.db.models import QuerySet

from socle.metiers.consultations.enums import EtatReponse
from socle.metiers.consultations.models import Campagne, Reponse


def list_deposees(campagne: Campagne) -> QuerySet[Reponse]:
    """Réponses déposées, ni retirées ni en brouillon, dans l’ordre du dépôt.

    Le jury n’instruit qu’une campagne close : avant, une réponse peut encore changer.
    """
    return Reponse.objects.filter(campagne=campagne, etat=EtatReponse.DEPOSEE).order_by(
        "depose_le", "pk"
    )
