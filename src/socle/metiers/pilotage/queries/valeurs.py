"""Valeurs d’un indicateur : ce qu’un nombre annonce, et ce qui se contredit le même jour.

« Plus de 700 » et « 699 » ne peuvent pas être vrais ensemble ; « plus de 100 » et « 112 », si.
« 26 » et « plus de 26 » disent le même nombre autrement : c’est montré, sans crier à l’erreur.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise

from socle.fondations.commun.textes import INSECABLE, accorde, format_jour
from socle.metiers.pilotage.enums import Ecart, PrecisionDate, Qualificatif
from socle.metiers.pilotage.models import Indicateur, Valeur

TOLERANCE = Decimal("0.05")  # « environ » : cinq pour cent de part et d’autre
MOIS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
        "octobre", "novembre", "décembre")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Intervalle:
    """Nombres qu’une valeur permet ; une borne ouverte n’en fait pas partie."""

    bas: Decimal
    haut: Decimal
    bas_ouvert: bool = False
    haut_ouvert: bool = False


def read_intervalle(nombre: Decimal, qualificatif: str) -> Intervalle:
    """Rend les nombres que permet « plus de 700 », « environ 20 » ou « 699 »."""
    infini = Decimal("Infinity")
    if qualificatif == Qualificatif.PLUS_DE:
        return Intervalle(nombre, infini, bas_ouvert=True)
    if qualificatif == Qualificatif.MOINS_DE:
        return Intervalle(-infini, nombre, haut_ouvert=True)
    if qualificatif == Qualificatif.ENVIRON:
        marge = abs(nombre) * TOLERANCE
        return Intervalle(nombre - marge, nombre + marge)
    return Intervalle(nombre, nombre)


def compare_valeurs(un: Valeur, autre: Valeur) -> Ecart:
    """Dit si deux valeurs du même jour peuvent être vraies ensemble."""
    a = read_intervalle(un.nombre, un.qualificatif)
    b = read_intervalle(autre.nombre, autre.qualificatif)
    bas, haut = max(a.bas, b.bas), min(a.haut, b.haut)
    if bas < haut:
        return Ecart.ACCORD
    if bas == haut and not _is_ouvert(a, b, bas):
        return Ecart.ACCORD
    return Ecart.NUANCE if un.nombre == autre.nombre else Ecart.CONTRADICTION


def _is_ouvert(a: Intervalle, b: Intervalle, point: Decimal) -> bool:
    """Vrai si l’un des deux exclut ce point, sa borne."""
    return any(
        (i.bas == point and i.bas_ouvert) or (i.haut == point and i.haut_ouvert) for i in (a, b)
    )


def judge_jour(valeurs: Sequence[Valeur]) -> Ecart:
    """Rend le pire écart entre ces valeurs d’un même jour, prises deux à deux."""
    ecarts = {
        compare_valeurs(un, autre)
        for rang, un in enumerate(valeurs)
        for autre in valeurs[rang + 1 :]
    }
    for pire in (Ecart.CONTRADICTION, Ecart.NUANCE):
        if pire in ecarts:
            return pire
    return Ecart.ACCORD


@dataclass(frozen=True, slots=True)
class Jour:
    """Les valeurs d’une date, et comment elles vont ensemble."""

    jour: date
    precision: str
    valeurs: tuple[Valeur, ...]
    ecart: Ecart

    @property
    def quand(self) -> str:
        """« 31 décembre 2020 », « décembre 2020 » ou « 2020 », selon ce que l’on sait."""
        if self.precision == PrecisionDate.ANNEE:
            return str(self.jour.year)
        if self.precision == PrecisionDate.MOIS:
            return f"{MOIS[self.jour.month - 1]} {self.jour.year}"
        return format_jour(self.jour)

    @property
    def se_contredit(self) -> bool:
        return self.ecart == Ecart.CONTRADICTION

    @property
    def est_nuance(self) -> bool:
        return self.ecart == Ecart.NUANCE

    @property
    def principale(self) -> Valeur:
        """Celle à montrer seule : lue plutôt que calculée, exacte plutôt qu’arrondie."""
        return min(self.valeurs, key=lambda v: (v.calculee, v.qualificatif != Qualificatif.EXACT))


@dataclass(frozen=True, slots=True)
class Serie:
    """L’histoire d’un indicateur, du plus ancien au plus récent."""

    indicateur: Indicateur
    jours: tuple[Jour, ...] = field(default=())

    @property
    def dernier(self) -> Jour | None:
        return self.jours[-1] if self.jours else None

    @property
    def se_contredit(self) -> bool:
        return any(jour.se_contredit for jour in self.jours)

    @property
    def nombre(self) -> str:
        """Le dernier nombre, avec son qualificatif : « plus de 700 »."""
        return format_valeur(self.dernier.principale, self.indicateur) if self.dernier else ""

    @property
    def unite(self) -> str:
        """L’unité, accordée avec le dernier nombre."""
        nombre = self.dernier.principale.nombre if self.dernier else None
        return accorde(self.indicateur.unite, nombre)

    @property
    def ecarts(self) -> list[tuple[Jour, Jour]]:
        """Dates qui se suivent, pour dire ce qui a changé."""
        return list(pairwise(self.jours))


def group_valeurs(indicateur: Indicateur, valeurs: Iterable[Valeur]) -> Serie:
    """Range des valeurs par date et juge chaque date."""
    triees = sorted(valeurs, key=lambda valeur: (valeur.jour, valeur.pk or 0))
    jours = []
    for jour, groupe in groupby(triees, key=lambda valeur: valeur.jour):
        siennes = tuple(groupe)
        jours.append(Jour(jour, siennes[0].precision, siennes, judge_jour(siennes)))
    return Serie(indicateur, tuple(jours))


def format_nombre(nombre: Decimal, decimales: int = 0) -> str:
    """Rend « 14 500 » ou « 1,7 », espaces insécables comprises.

    >>> format_nombre(Decimal("14500"))
    '14\\xa0500'
    """
    return f"{nombre:,.{decimales}f}".replace(",", INSECABLE).replace(".", ",")


def format_valeur(valeur: Valeur, indicateur: Indicateur) -> str:
    """Rend « plus de 700 », sans l’unité."""
    nombre = format_nombre(valeur.nombre, indicateur.decimales)
    mot = Qualificatif(valeur.qualificatif).label
    return f"{mot}{INSECABLE}{nombre}" if mot else nombre
