"""Taux d’adoption par territoire, par taille et dans le temps ; et qui reste en retrait."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

from django.db import connection

from socle.fondations.commun.textes import INSECABLE
from socle.fondations.referentiels.enums import GenreAutorite, Tranche
from socle.metiers.adoption.models import name_sources

C = TypeVar("C", bound=Hashable)
PLURIELS = {
    GenreAutorite.COMMUNE: "communes",
    GenreAutorite.EPCI: "intercommunalités",
    GenreAutorite.DEPARTEMENT: "départements",
    GenreAutorite.REGION: "régions",
    GenreAutorite.OUTRE_MER: "collectivités d’outre-mer",
}
# Un écart se dit sur assez de collectivités, loin de ce que fait la même taille ailleurs.
NOMBRE_MIN, AILLEURS_MIN, PART_MAX, MANQUE_MIN = 5, 0.05, 0.5, 2
ABSENTES_MAX = 200

MAILLES = """
SELECT e.departement, e.tranche, e.genre, e.nombre, coalesce(c.utilisent, 0),
  coalesce(c.prevoient, 0), coalesce(c.declarees, 0), coalesce(c.importees, 0),
  coalesce(c.mesurees, 0), coalesce(c.fictives, 0)
FROM adoption_effectif e LEFT JOIN adoption_couverture c ON c.solution = %s
  AND c.departement = e.departement AND c.tranche = e.tranche AND c.genre = e.genre
ORDER BY e.departement, e.tranche, e.genre
"""
COURBE = """
SELECT mois, sum(arrivees)::int - sum(departs)::int FROM adoption_mouvement
WHERE solution = %s AND (%s = '' OR genre = %s) GROUP BY mois ORDER BY mois
"""
ABSENTES = """
SELECT a.cle, a.nom, a.population, coalesce(s.usage, '') FROM referentiels_autorite a
LEFT JOIN adoption_situation s ON s.solution = %(solution)s AND s.autorite = a.cle
WHERE a.genre = %(genre)s AND a.departement = %(departement)s AND a.tranche = %(tranche)s
  AND s.usage IS DISTINCT FROM 'utilise'
ORDER BY a.population DESC, a.cle LIMIT %(limite)s
"""


@dataclass(slots=True)
class Taux:
    """Combien utilisent, sur combien ; et d’où on le sait."""

    nombre: int = 0
    utilisent: int = 0
    prevoient: int = 0
    declarees: int = 0
    importees: int = 0
    mesurees: int = 0
    fictives: int = 0

    def add(self, autre: "Taux") -> None:
        for champ in fields(Taux):
            setattr(self, champ.name, getattr(self, champ.name) + getattr(autre, champ.name))

    @property
    def part(self) -> float:
        return self.utilisent / self.nombre if self.nombre else 0.0

    @property
    def libelle(self) -> str:
        """« 34 % », « 0,4 % » sous dix pour cent."""
        return format_part(self.part)

    @property
    def mots_sources(self) -> list[str]:
        return name_sources(self)


@dataclass(frozen=True, slots=True)
class Maille:
    departement: str
    tranche: int
    genre: str
    taux: Taux


@dataclass(frozen=True, slots=True)
class Ecart:
    """Une taille dans un département, loin de la même taille ailleurs."""

    departement: str
    tranche: int
    taux: Taux
    ailleurs: float

    @property
    def manque(self) -> int:
        """Ce qu’il faudrait de plus pour faire comme ailleurs."""
        return round(self.ailleurs * self.taux.nombre) - self.taux.utilisent

    @property
    def ailleurs_libelle(self) -> str:
        return format_part(self.ailleurs)

    @property
    def tranche_libelle(self) -> str:
        return str(Tranche(self.tranche).label)


@dataclass(frozen=True, slots=True)
class Retrait:
    """Un département en entier, comparé à ce que donneraient ses tailles au taux national."""

    departement: str
    taux: Taux
    attendu: float

    @property
    def manque(self) -> int:
        return round(self.attendu) - self.taux.utilisent

    @property
    def attendu_arrondi(self) -> int:
        return round(self.attendu)


@dataclass(frozen=True, slots=True)
class Point:
    mois: date
    nombre: int


@dataclass(frozen=True, slots=True)
class Absente:
    cle: str
    nom: str
    population: int
    usage: str


def format_part(part: float) -> str:
    """« 34 % », « 0,4 % », « 0 % »."""
    pour_cent = 100 * part
    if pour_cent and pour_cent < 9.95:
        return f"{pour_cent:.1f}".replace(".", ",").removesuffix(",0") + f"{INSECABLE}%"
    return f"{pour_cent:.0f}{INSECABLE}%"


def list_mailles(solution: str, *, genre: str = "") -> list[Maille]:
    """Mailles d’une solution (vide : au moins une). Une instruction SQL, mille lignes."""
    with connection.cursor() as curseur:
        curseur.execute(MAILLES, [solution])
        mailles = [
            Maille(departement, tranche, le_genre, Taux(*nombres))
            for departement, tranche, le_genre, *nombres in curseur.fetchall()
        ]
    return [maille for maille in mailles if not genre or maille.genre == genre]


def sum_mailles(mailles: Iterable[Maille], cle: Callable[[Maille], C]) -> dict[C, Taux]:
    """Additionne les mailles par département, par taille, par genre…"""
    sommes: dict[C, Taux] = {}
    for maille in mailles:
        sommes.setdefault(cle(maille), Taux()).add(maille.taux)
    return sommes


def sum_tout(mailles: Iterable[Maille]) -> Taux:
    return sum_mailles(mailles, lambda _: "").get("", Taux())


def read_courbe(solution: str, *, genre: str = "") -> list[Point]:
    """Nombre de collectivités qui utilisent, à la fin de chaque mois où il a changé."""
    with connection.cursor() as curseur:
        curseur.execute(COURBE, [solution, genre, genre])
        total, points = 0, []
        for mois, variation in curseur.fetchall():
            total += variation
            points.append(Point(mois, total))
    return points


def find_ecarts(mailles: Iterable[Maille]) -> list[Ecart]:
    """Tailles et territoires en retrait, ceux où il manque le plus d’abord.

    En retrait : cinq collectivités au moins, moins de la moitié du taux de la même taille ailleurs,
    deux de moins qu’attendu.
    """
    lignes = list(mailles)
    france = sum_mailles(lignes, lambda m: m.tranche)
    ici = sum_mailles((m for m in lignes if m.departement), lambda m: (m.departement, m.tranche))
    ecarts = []
    for (departement, tranche), taux in ici.items():
        total = france[tranche]
        reste = total.nombre - taux.nombre
        ailleurs = (total.utilisent - taux.utilisent) / reste if reste else 0.0
        ecart = Ecart(departement, tranche, taux, ailleurs)
        if (
            taux.nombre >= NOMBRE_MIN
            and ailleurs >= AILLEURS_MIN
            and taux.part <= PART_MAX * ailleurs
            and ecart.manque >= MANQUE_MIN
        ):
            ecarts.append(ecart)
    return sorted(ecarts, key=lambda e: (-e.manque, e.departement, e.tranche))


def rank_departements(mailles: Iterable[Maille]) -> list[Retrait]:
    """Départements, du plus en retrait au plus en avance, à tailles égales."""
    lignes = [m for m in mailles if m.departement]
    france = sum_mailles(lignes, lambda m: m.tranche)
    attendus: dict[str, float] = {}
    for maille in lignes:
        attendu = france[maille.tranche].part * maille.taux.nombre
        attendus[maille.departement] = attendus.get(maille.departement, 0.0) + attendu
    ici = sum_mailles(lignes, lambda m: m.departement)
    rangs = [Retrait(code, taux, attendus[code]) for code, taux in ici.items()]
    return sorted(rangs, key=lambda r: (-r.manque, r.departement))


def list_absentes(
    *, solution: str, genre: str, departement: str, tranche: int, limite: int = ABSENTES_MAX
) -> list[Absente]:
    """Celles qui n’utilisent pas encore, dans une taille et un département, nommées."""
    valeurs: dict[str, Any] = {
        "solution": solution, "genre": genre, "departement": departement, "tranche": tranche,
        "limite": limite,
    }  # fmt: skip
    with connection.cursor() as curseur:
        curseur.execute(ABSENTES, valeurs)
        return [Absente(*ligne) for ligne in curseur.fetchall()]
