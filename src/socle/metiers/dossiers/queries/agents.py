"""Les agents : à qui un dossier peut être confié, qui l’a décidé."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.models import Adhesion, Compte
from socle.metiers.dossiers.enums import ARRIVEES, DECISIONS
from socle.metiers.dossiers.models import Dossier, Evenement
from socle.metiers.dossiers.permissions import INSTRUCTEURS

FAITS_DE_DECISION = tuple(ARRIVEES[decision][1] for decision in DECISIONS)


def list_instructeurs(
    collectivite: Collectivite, services: Iterable[int | None]
) -> QuerySet[Compte]:
    """Rend les agents actifs qui peuvent instruire pour l’un de ces services, par nom.

    Args:
        services: services en charge des dossiers ; None, une démarche qui n’en a pas.
    """
    siens = Q(service=None) | Q(service__in=[cle for cle in services if cle is not None])
    adhesions = Adhesion.objects.filter(siens, collectivite=collectivite, role__in=INSTRUCTEURS)
    return Compte.objects.filter(
        is_active=True, pk__in=adhesions.order_by().values("compte_id")
    ).order_by("nom", "prenom", "pk")


def find_decideur(dossier: Dossier) -> Compte | None:
    """Rend l’agent qui a pris la décision actuelle : son auteur, même si un autre suit le dossier.

    Source: CRPA, art. L. 212-1 (prénom, nom et qualité de l’auteur).
    """
    if not dossier.is_termine:
        return None
    decision = (
        Evenement.objects.filter(
            collectivite_id=dossier.collectivite_id, dossier=dossier, fait__in=FAITS_DE_DECISION
        )
        .select_related("auteur")
        .order_by("-instant", "-pk")
        .first()
    )
    return decision.auteur if decision else None
