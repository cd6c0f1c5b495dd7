"""Indicateurs et leurs valeurs, relevés de Socle compris."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet

from socle.metiers.pilotage.enums import SourceIndicateur
from socle.metiers.pilotage.models import Indicateur, Releve, Valeur
from socle.metiers.pilotage.queries.valeurs import Serie, group_valeurs

RELEVE = "Relevé de Socle"
RELEVES_MAX = 400  # jours montrés d’un indicateur mesuré


def list_publics() -> QuerySet[Indicateur]:
    return Indicateur.objects.filter(retire=False).filter(
        Q(programme=None) | Q(programme__retire=False)
    )


def list_series(indicateurs: QuerySet[Indicateur]) -> list[Serie]:
    """Rend les séries de ces indicateurs, par rang ; deux instructions, trois avec des relevés."""
    valeurs = Valeur.objects.filter(retire=False).order_by("jour", "pk")
    lus = list(
        indicateurs.prefetch_related(Prefetch("valeurs", valeurs, to_attr="lues")).order_by(
            "rang", "titre", "pk"
        )
    )
    releves = _map_derniers(lus)
    return [
        group_valeurs(indicateur, [*indicateur.lues, *releves.get(indicateur.mesure, [])])
        for indicateur in lus
    ]


def _map_derniers(indicateurs: Iterable[Indicateur]) -> dict[str, list[Valeur]]:
    """Dernier relevé de chaque mesure employée."""
    codes = sorted({i.mesure for i in indicateurs if i.source == SourceIndicateur.MESUREE})
    if not codes:
        return {}
    releves = Releve.objects.filter(mesure__in=codes).order_by("mesure", "-jour").distinct("mesure")
    return {releve.mesure: [_read_releve(releve)] for releve in releves}


def read_serie(indicateur: Indicateur) -> Serie:
    """Rend toute l’histoire d’un indicateur."""
    if indicateur.source == SourceIndicateur.MESUREE:
        releves = Releve.objects.filter(mesure=indicateur.mesure).order_by("-jour")[:RELEVES_MAX]
        return group_valeurs(indicateur, [_read_releve(releve) for releve in releves])
    valeurs = Valeur.objects.filter(indicateur=indicateur, retire=False).order_by("jour", "pk")
    return group_valeurs(indicateur, valeurs)


def _read_releve(releve: Releve) -> Valeur:
    """Un relevé, vu comme une valeur qui ne s’enregistre pas."""
    return Valeur(
        jour=releve.jour, nombre=releve.nombre, document=RELEVE, endroit=releve.mesure,
        modifie_le=releve.modifie_le,
    )  # fmt: skip


def map_par_lien(series: Iterable[Serie]) -> dict[str, list[Serie]]:
    """Range des séries sous chaque clé qu’elles citent."""
    rangees: dict[str, list[Serie]] = defaultdict(list)
    for serie in series:
        for lien in serie.indicateur.liens:
            rangees[lien].append(serie)
    return rangees
