"""Imports : ce que changerait un fichier relu, et de quelle collectivité parle une ligne."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from socle.fondations.referentiels.models import Autorite, Commune
from socle.metiers.adoption.enums import Usage
from socle.metiers.adoption.models import Fait, ImportDeFaits

APERCU = """
SELECT l.solution, count(*) AS lignes,
  count(*) FILTER (WHERE f.id IS NULL) AS nouvelles,
  count(*) FILTER (WHERE f.usage = l.usage) AS identiques,
  count(*) FILTER (WHERE f.usage <> l.usage) AS remplacees,
  count(*) FILTER (WHERE l.usage = 'utilise' AND s.usage IS DISTINCT FROM 'utilise'
    AND (s.date_fait IS NULL OR s.date_fait <= l.date_fait)) AS arrivent
FROM adoption_lignedimport l
LEFT JOIN adoption_fait f ON f.solution = l.solution AND f.autorite = l.autorite
  AND f.date_fait = l.date_fait AND f.source = 'importee' AND f.annule_le IS NULL
LEFT JOIN adoption_situation s ON s.solution = l.solution AND s.autorite = l.autorite
WHERE l.lot_id = %s GROUP BY l.solution ORDER BY l.solution
"""
EXEMPLES = """
SELECT l.rang, l.solution, a.nom, l.date_fait, l.usage, coalesce(s.usage, '')
FROM adoption_lignedimport l JOIN referentiels_autorite a ON a.cle = l.autorite
LEFT JOIN adoption_situation s ON s.solution = l.solution AND s.autorite = l.autorite
WHERE l.lot_id = %s ORDER BY l.rang LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class Apercu:
    """Ce que l’import ferait, pour une solution."""

    solution: str
    lignes: int
    nouvelles: int
    identiques: int
    remplacees: int
    arrivent: int


@dataclass(frozen=True, slots=True)
class Exemple:
    rang: int
    solution: str
    nom: str
    date_fait: object
    usage: str
    avant: str

    @property
    def usage_libelle(self) -> str:
        return str(Usage(self.usage).label)

    @property
    def avant_libelle(self) -> str:
        return str(Usage(self.avant).label) if self.avant else "Inconnu"


def list_imports() -> QuerySet[ImportDeFaits]:
    return ImportDeFaits.objects.order_by("-recu_le", "-pk")


def read_apercu(lot: ImportDeFaits) -> tuple[list[Apercu], list[Exemple]]:
    """Ce que l’import changerait, par solution, et ses vingt premières lignes."""
    with connection.cursor() as curseur:
        curseur.execute(APERCU, [lot.pk])
        apercus = [Apercu(*ligne) for ligne in curseur.fetchall()]
        curseur.execute(EXEMPLES, [lot.pk])
        return apercus, [Exemple(*ligne) for ligne in curseur.fetchall()]


def map_cles() -> dict[str, str]:
    """SIREN, code Insee (même ancien) ou clé → clé de la collectivité, en minuscules."""
    cles: dict[str, str] = {}
    anciens = Commune.objects.exclude(anciens_codes=[]).order_by("code")
    for code, codes in anciens.values_list("code", "anciens_codes"):
        cles |= {ancien.lower(): f"commune-{code}" for ancien in codes}
    for cle, siren, code, genre in Autorite.objects.order_by("cle").values_list(
        "cle", "siren", "code", "genre"
    ):
        cles[cle] = cle
        if siren:
            cles[siren] = cle
        if genre in ("commune", "epci"):
            cles[code.lower()] = cle
    return cles


def list_faits_de(cle: str) -> QuerySet[Fait]:
    """Tous les faits d’une collectivité, annulés compris, les plus récents d’abord."""
    return Fait.objects.filter(autorite=cle).order_by("-date_fait", "-pk")
