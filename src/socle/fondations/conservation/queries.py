"""Lectures des règles de conservation, sous le locataire de la collectivité."""

from django.db.models import QuerySet

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.conservation.models import RegleDeConservation
from socle.fondations.conservation.ports import Emploi, emplois
from socle.fondations.journal.models import Entree
from socle.fondations.journal.queries import list_entrees


def list_regles(collectivite: Collectivite) -> QuerySet[RegleDeConservation]:
    """Règles d’une collectivité, par code."""
    return RegleDeConservation.objects.filter(collectivite=collectivite).order_by("code")


def find_regle(collectivite: Collectivite, code: str) -> RegleDeConservation | None:
    """Trouve une règle par son code."""
    return list_regles(collectivite).filter(code=code).first()


def map_emplois(collectivite: Collectivite) -> dict[int, list[Emploi]]:
    """Rend, par identifiant de règle, ce qui la suit ; une requête par métier inscrit."""
    reunis: dict[int, list[Emploi]] = {}
    for nom in emplois:
        for regle_id, trouves in emplois[nom](collectivite).items():
            reunis.setdefault(regle_id, []).extend(trouves)
    return reunis


def list_changements(regle: RegleDeConservation) -> QuerySet[Entree]:
    """Lignes du journal sur cette règle, la plus récente d’abord."""
    return list_entrees(objet=f"regle:{regle.pk}").order_by("-survenu_le", "-id")
