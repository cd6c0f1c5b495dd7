"""Journal en CSV, au fil de l’eau, sans formule exécutable."""

import json
from collections.abc import Iterator, Mapping
from itertools import chain

from django.db.models import QuerySet

from socle.fondations.administration.enums import ACTIONS
from socle.fondations.commun.fuseau import PARIS
from socle.fondations.commun.tableur import iter_csv
from socle.fondations.journal.models import Entree

PAR_LOT = 1000
ENTETES = (
    "Instant",
    "Action",
    "En clair",
    "Objet",
    "Acteur",
    "Agent",
    "Données",
    "Empreinte",
    "Point de contrôle",
    "Scellée le",
)


def iter_journal(entrees: QuerySet[Entree], noms: Mapping[str, str]) -> Iterator[bytes]:
    """Rend le CSV, point-virgule et marque d’ordre : un tableur français l’ouvre d’un clic.

    Args:
        entrees: `journal.queries.search_entrees`, triées.
        noms: acteur (« agent:12 ») → nom de l’agent.
    """
    lignes = (_read_cellules(entree, noms) for entree in entrees.iterator(chunk_size=PAR_LOT))
    return iter_csv(chain([ENTETES], lignes))


def _read_cellules(entree: Entree, noms: Mapping[str, str]) -> tuple[str, ...]:
    scelle_le = entree.scelle_le  # type: ignore[attr-defined]
    return (
        entree.survenu_le.astimezone(PARIS).isoformat(timespec="milliseconds"),
        entree.action,
        ACTIONS.get(entree.action, ""),
        entree.objet,
        entree.acteur,
        noms.get(entree.acteur, ""),
        json.dumps(entree.donnees, ensure_ascii=False, sort_keys=True) if entree.donnees else "",
        bytes(entree.empreinte).hex(),
        str(entree.point or "en attente"),  # type: ignore[attr-defined]
        scelle_le.astimezone(PARIS).isoformat(timespec="seconds") if scelle_le else "",
    )
