"""Lire des milliers d’obligations pour un fichier : des lignes nues, sans objet de Django.

Faire trois mille objets et leurs publics prendrait les deux tiers du temps du fichier.
"""

from collections import defaultdict, namedtuple
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from socle.metiers.echeancier.enums import EtatObligation, Surete
from socle.metiers.echeancier.models import Obligation, PublicConcerne
from socle.metiers.echeancier.queries.obligations import FICHIER_MAX, Criteres, list_obligations
from socle.metiers.echeancier.queries.profils import Public

PEU = 500
AU_CALENDRIER = (
    "slug", "titre", "resume", "reference", "jour", "surete", "etat", "revision", "changee",
)  # fmt: skip
AU_TABLEAU = (
    "pk", "slug", "titre", "court", "resume", "ministere", "reference", "lien", "debut", "jour",
    "jour_texte", "ancien_jour", "surete", "etat", "precision", "territoires",
)  # fmt: skip


def read_cles(criteres: Criteres, *, aujourdhui: date) -> list[tuple[int, str]]:
    """Rend la clé et le dernier changement de chacune, dans l’ordre des pages."""
    trouvees = list_obligations(criteres, aujourdhui=aujourdhui).order_by(F("ordre"), "id")
    return _fetch(_annotate_changee(trouvees)[:FICHIER_MAX], ("pk", "changee"))


def read_toutes(
    criteres: Criteres,
    *,
    aujourdhui: date,
    champs: tuple[str, ...],
    parmi: list[int] | None = None,
    limite: int = FICHIER_MAX,
) -> tuple[list[Any], dict[int, list[Public]]]:
    """Rend les obligations dans l’ordre des pages, et les publics de chacune par sa clé.

    Args:
        champs: ce qu’il faut lire, dont `pk` ; `changee` est `modifie_le`, écrit.
        parmi: les seules qu’il faut ; au-delà de 500, d’autres du filtre peuvent suivre.
    """
    trouvees = list_obligations(criteres, aujourdhui=aujourdhui).order_by(F("ordre"), "id")
    if parmi is not None and len(parmi) <= PEU:
        trouvees = trouvees.filter(pk__in=parmi)
    lues = read_lignes(trouvees, champs, limite)
    lus = PublicConcerne.objects.order_by("pk")
    if len(lues) <= PEU:  # au-delà, tout lire coûte moins que nommer ce que l’on veut
        lus = lus.filter(obligation__in=[lue.pk for lue in lues])
    publics: defaultdict[int, list[Public]] = defaultdict(list)
    colonnes = ("obligation", "genre", "population_min", "population_max")
    for pk, genre, basse, haute in _fetch(lus, colonnes):
        publics[pk].append((genre, basse, haute))
    return lues, publics


def read_datees(criteres: Criteres, *, aujourdhui: date) -> list[Any]:
    """Rend ce qui a un jour, pour un agenda ; les annulées aussi, qu’il faut y barrer."""
    obligations = list_obligations(criteres, aujourdhui=aujourdhui, annulees=True)
    datees = obligations.filter(jour__isnull=False).exclude(surete=Surete.PERMANENTE)
    return read_lignes(datees.order_by("rang", "id"), AU_CALENDRIER)


def read_seule(slug: str) -> list[Any]:
    """Rend la ligne d’une obligation publiée ou annulée, pour un agenda ; ou rien."""
    lues = Obligation.objects.filter(slug=slug).exclude(etat=EtatObligation.BROUILLON)
    return read_lignes(lues.order_by("pk"), AU_CALENDRIER)


def read_lignes(
    obligations: QuerySet[Any], champs: tuple[str, ...], limite: int = FICHIER_MAX
) -> list[Any]:
    """Rend une ligne par obligation ; ses champs se lisent par leur nom."""
    lignes = _fetch(_annotate_changee(obligations)[:limite], champs)
    return list(map(_name_champs(champs)._make, lignes))


def _annotate_changee(obligations: QuerySet[Any]) -> QuerySet[Any]:
    # La base écrit l’instant : Django le lirait pas à pas, dix fois moins vite que Python.
    return obligations.annotate(changee=Cast("modifie_le", TextField()))


def _fetch(requete: QuerySet[Any], champs: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Lit d’un coup ; les champs demandés n’ont rien à convertir."""
    try:
        sql, parametres = requete.values_list(*champs).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as curseur:
        curseur.execute(sql, parametres)
        lignes: list[tuple[Any, ...]] = curseur.fetchall()
    return lignes


@lru_cache(maxsize=8)
def _name_champs(champs: tuple[str, ...]) -> Any:
    return namedtuple("Obligation", champs)
