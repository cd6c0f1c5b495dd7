"""Lectures des règles de conservation, sous le locataire de la collectivité."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.conservation.models import LigneDeBordereau, RegleDeConservation
from socle.fondations.conservation.ports import Emploi, Remise, emplois, remises
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


def map_remises(
    collectivite_id: int, references: Collection[str], *, verrouiller: bool = False
) -> dict[str, Remise]:
    """Rend, par référence de dossier, où en est sa remise aux archives ; rien s’il n’y en a pas.

    Avec `verrouiller`, personne ne change ces remises avant la fin de la transaction.
    """
    reunies: dict[str, Remise] = {}
    for nom in remises if references else ():
        lues = remises[nom].map_remises(collectivite_id, references, verrouiller=verrouiller)
        reunies |= lues
    return reunies


def filter_acceptees(collectivite_id: int, champ: str = "reference") -> Q:
    """Rend la condition « le service d’archives l’a pris en charge » sur un champ de référence."""
    condition = Q(pk__in=[])
    for nom in remises:
        condition |= Q(**{f"{champ}__in": remises[nom].list_acceptees(collectivite_id)})
    return condition


def find_destruction(collectivite_id: int, objet: str) -> LigneDeBordereau | None:
    """Trouve la ligne du bordereau qui a détruit un objet (« dossier:12 »)."""
    return LigneDeBordereau.objects.filter(
        collectivite_id=collectivite_id, objet=objet, detruite_le__isnull=False
    ).first()
