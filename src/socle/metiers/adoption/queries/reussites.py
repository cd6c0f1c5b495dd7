"""Ce qu’ont fait celles qui ont réussi : solutions employées ensemble, conventions, délais."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from socle.metiers.adoption.models import Brique, Convention, CoUsage
from socle.metiers.adoption.queries.taux import format_part

ENSEMBLE_MIN, RAPPORT_MIN, MONTREES = 5, 1.2, 5


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Une autre solution, plus fréquente chez celles qui utilisent la première."""

    autre: str
    ensemble: int
    avec: float
    sans: float

    @property
    def avec_libelle(self) -> str:
        return format_part(self.avec)

    @property
    def sans_libelle(self) -> str:
        return format_part(self.sans)


def list_paires(solution: str) -> QuerySet[CoUsage]:
    """Solutions employées avec celle-ci, la plus fréquente d’abord."""
    paires = CoUsage.objects.filter(solution=solution, ensemble__gte=ENSEMBLE_MIN)
    return paires.order_by("-ensemble", "autre")


def list_ensembles(
    brique: Brique, paires: Iterable[CoUsage], autres: dict[str, int], total: int
) -> list[Ensemble]:
    """Solutions que les utilisatrices ont plus souvent que les autres collectivités.

    Args:
        paires: celles de `list_paires`.
        autres: nombre d’utilisatrices de chaque solution.
        total: nombre de collectivités en France.
    """
    trouvees = []
    for paire in paires:
        reste = total - brique.utilisent
        if not brique.utilisent or reste <= 0:
            continue
        avec = paire.ensemble / brique.utilisent
        sans = max(autres.get(paire.autre, 0) - paire.ensemble, 0) / reste
        if avec >= RAPPORT_MIN * sans:
            trouvees.append(Ensemble(paire.autre, paire.ensemble, avec, sans))
    return sorted(trouvees, key=lambda e: (e.sans - e.avec, e.autre))[:MONTREES]


def list_conventions_de(cle: str) -> QuerySet[Convention]:
    """Conventions publiées qui parlent de cette solution, avec `adherentes`."""
    conventions = Convention.objects.filter(liens__contains=[cle]).exclude(etat="brouillon")
    return conventions.annotate(
        adherentes=Count("signatures", filter=Q(signatures__retiree_le=None))
    ).order_by("titre", "pk")
