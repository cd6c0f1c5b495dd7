"""Figures : le dernier nombre de chaque indicateur, en une seule instruction."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When
from django.urls import reverse

from socle.fondations.commun.textes import INSECABLE, accorde
from socle.metiers.pilotage.enums import Qualificatif, SourceIndicateur
from socle.metiers.pilotage.models import Indicateur, Releve, Valeur
from socle.metiers.pilotage.queries.valeurs import format_nombre


@dataclass(frozen=True, slots=True)
class Figure:
    """Le dernier nombre connu d’un indicateur, prêt à montrer."""

    titre: str
    nombre: str
    unite: str
    origine: str  # « mesuré » ou « déclaré »
    quand: date | datetime | None
    url: str
    liens: tuple[str, ...]
    entier: int = 0
    mesure: str = ""


def list_figures(indicateurs: QuerySet[Indicateur]) -> list[Figure]:
    """Rend le dernier nombre de chaque indicateur qui en a un ; une instruction."""
    rang = Case(When(qualificatif=Qualificatif.EXACT, then=Value(0)), default=Value(1))
    valeurs = Valeur.objects.filter(indicateur=OuterRef("pk"), retire=False).order_by(
        "-jour", "calculee", rang, "pk"
    )
    releves = Releve.objects.filter(mesure=OuterRef("mesure")).order_by("-jour")
    lus = indicateurs.annotate(
        lu=Subquery(valeurs.values("nombre")[:1]),
        lu_comment=Subquery(valeurs.values("qualificatif")[:1]),
        lu_le=Subquery(valeurs.values("jour")[:1]),
        releve=Subquery(releves.values("nombre")[:1]),
        releve_le=Subquery(releves.values("modifie_le")[:1]),
    ).order_by("rang", "titre", "pk")
    return [_describe(lu) for lu in lus if lu.lu is not None or lu.releve is not None]


def _describe(indicateur: Indicateur) -> Figure:
    mesure = indicateur.source == SourceIndicateur.MESUREE
    nombre: Decimal = indicateur.releve if mesure else indicateur.lu  # type: ignore[attr-defined]
    texte = format_nombre(nombre, indicateur.decimales)
    mot = "" if mesure else Qualificatif(indicateur.lu_comment).label  # type: ignore[attr-defined]
    return Figure(
        titre=indicateur.titre,
        nombre=f"{mot}{INSECABLE}{texte}" if mot else texte,
        unite=accorde(indicateur.unite, nombre),
        origine="mesuré" if mesure else "déclaré",
        quand=indicateur.releve_le if mesure else indicateur.lu_le,  # type: ignore[attr-defined]
        url=reverse("pilotage:indicateur", args=[indicateur.code]),
        liens=tuple(indicateur.liens),
        entier=int(nombre),
        mesure=indicateur.mesure,
    )


def map_figures(figures: Iterable[Figure]) -> dict[str, list[Figure]]:
    """Range des figures sous chaque clé qu’elles citent."""
    rangees: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        for lien in figure.liens:
            rangees[lien].append(figure)
    return rangees


def choose_figure(figures: list[Figure]) -> Figure | None:
    """Rend la figure à montrer seule : la première qui n’est pas nulle, sinon la première."""
    parlantes = [figure for figure in figures if figure.entier]
    return next(iter(parlantes or figures), None)
