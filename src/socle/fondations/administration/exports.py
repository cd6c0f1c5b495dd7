"""Journal en CSV, au fil de l’eau, sans formule exécutable."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from socle.fondations.administration.enums import ACTIONS
from socle.fondations.journal.models import Entree

PARIS = ZoneInfo("Europe/Paris")
PAR_LOT = 1000
FORMULE = re.compile(r"^\s*[=+\-@\t\r]")
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


def neutralize(valeur: str) -> str:
    """Désamorce un texte qu’un tableur prendrait pour une formule (OWASP, CSV injection)."""
    return f"'{valeur}" if FORMULE.match(valeur) else valeur


def iter_journal(entrees: QuerySet[Entree], noms: Mapping[str, str]) -> Iterator[bytes]:
    """Rend le CSV, point-virgule et marque d’ordre : un tableur français l’ouvre d’un clic.

    Args:
        entrees: `journal.queries.search_entrees`, triées.
        noms: acteur (« agent:12 ») → nom de l’agent.
    """
    yield "\ufeff".encode()
    yield _format(ENTETES)
    for entree in entrees.iterator(chunk_size=PAR_LOT):
        yield _format(_read_cellules(entree, noms))


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


def _format(cellules: tuple[str, ...]) -> bytes:
    tampon = io.StringIO()
    csv.writer(tampon, delimiter=";").writerow([neutralize(cellule) for cellule in cellules])
    return tampon.getvalue().encode()
