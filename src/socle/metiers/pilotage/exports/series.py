"""Ce qui sort d’un indicateur : le graphique dessiné par le serveur, et le tableur."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from socle.metiers.pilotage.enums import Qualificatif
from socle.metiers.pilotage.queries.valeurs import Serie, format_nombre

LARGEUR, HAUTEUR = 720, 300
GAUCHE, DROITE, HAUT, BAS = 90, 30, 20, 40  # marges du tracé
GRADUATIONS = 4
COLONNES = ("indicateur", "unite", "date", "precision", "qualificatif", "nombre", "document",
            "endroit", "remarque", "ecart")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    x: str  # coordonnées écrites d’avance : un gabarit leur mettrait une virgule
    y: str
    texte: str
    contredit: bool


@dataclass(frozen=True, slots=True)
class Graduation:
    y: str
    texte: str


@dataclass(frozen=True, slots=True)
class Graphique:
    """Coordonnées d’un tracé ; la page montre le même contenu en tableau."""

    points: tuple[Point, ...]
    trace: str  # points de la ligne, « x,y x,y »
    graduations: tuple[Graduation, ...]
    debut: str
    fin: str
    largeur: int = LARGEUR
    hauteur: int = HAUTEUR


def draw_serie(serie: Serie) -> Graphique | None:
    """Dessine une série d’au moins deux dates ; None sinon, un point seul ne montre rien."""
    if len(serie.jours) < 2:
        return None
    jours = [jour.jour for jour in serie.jours]
    maximum = max(v.nombre for jour in serie.jours for v in jour.valeurs) or Decimal(1)
    plafond = round_plafond(maximum)
    points = tuple(
        Point(
            place_x(jour.jour, jours[0], jours[-1]),
            place_y(valeur.nombre, plafond),
            f"{jour.quand} : {format_nombre(valeur.nombre, serie.indicateur.decimales)}",
            jour.se_contredit,
        )
        for jour in serie.jours
        for valeur in jour.valeurs
    )
    ligne = " ".join(
        f"{place_x(j.jour, jours[0], jours[-1])},{place_y(j.principale.nombre, plafond)}"
        for j in serie.jours
    )
    return Graphique(
        points, ligne, tuple(_iter_graduations(plafond, serie.indicateur.decimales)),
        serie.jours[0].quand, serie.jours[-1].quand,
    )  # fmt: skip


def place_x(jour: date, premier: date, dernier: date) -> str:
    part = (jour - premier).days / max((dernier - premier).days, 1)
    return f"{GAUCHE + part * (LARGEUR - GAUCHE - DROITE):.1f}"


def place_y(nombre: Decimal, plafond: Decimal) -> str:
    part = float(max(nombre, Decimal(0)) / plafond)
    return f"{HAUTEUR - BAS - part * (HAUTEUR - HAUT - BAS):.1f}"


def round_plafond(maximum: Decimal) -> Decimal:
    """Premier nombre rond (1, 2 ou 5 fois une puissance de dix) qui contient le maximum."""
    puissance = Decimal(10) ** Decimal(max(maximum, Decimal(1))).adjusted()
    for facteur in (1, 2, 5, 10):
        if puissance * facteur >= maximum:
            return puissance * facteur
    return puissance * 10


def _iter_graduations(plafond: Decimal, decimales: int) -> Iterator[Graduation]:
    for rang in range(GRADUATIONS + 1):
        nombre = plafond * rang / GRADUATIONS
        chiffres = decimales if nombre == nombre.to_integral_value() else max(decimales, 1)
        yield Graduation(place_y(nombre, plafond), format_nombre(nombre, chiffres))


def iter_lignes_csv(serie: Serie) -> Iterator[list[str]]:
    """Rend l’en-tête puis une ligne par valeur ; nombres avec un point, dates AAAA-MM-JJ."""
    yield list(COLONNES)
    for jour in serie.jours:
        for valeur in jour.valeurs:
            yield [
                serie.indicateur.titre,
                serie.indicateur.unite,
                jour.jour.isoformat(),
                valeur.precision,
                Qualificatif(valeur.qualificatif).value,
                f"{valeur.nombre.normalize():f}",
                valeur.document,
                valeur.endroit,
                valeur.remarque,
                jour.ecart.value,
            ]
