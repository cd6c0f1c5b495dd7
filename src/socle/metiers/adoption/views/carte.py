"""Dessins faits sur le serveur : la carte en carreaux, un par département, et la courbe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from socle.metiers.adoption.queries.taux import Point, Taux

PAS, COTE = 48, 44
# Un carreau par département, rangé pour que la France se reconnaisse ; à gauche, l’outre-mer.
GRILLE = """
 ..  ..  ..  ..  ..  ..  62  59  ..  ..  ..  ..
 ..  ..  ..  ..  ..  76  80  02  08  ..  ..  ..
 ..  ..  50  14  27  60  95  93  51  55  57  ..
 ..  ..  ..  61  78  92  75  94  77  10  54  67
 29  22  35  53  72  28  91  45  89  52  88  68
 ..  56  44  49  37  41  18  58  21  70  90  ..
 ..  ..  85  79  86  36  23  03  71  39  25  ..
971 975  ..  17  16  87  63  42  69  01  74  ..
972 977  ..  33  24  19  15  43  07  38  73  ..
973 978  ..  40  47  46  12  48  26  05  ..  ..
974 986  ..  64  32  82  81  30  84  04  06  ..
976 987  ..  ..  65  31  11  34  13  83  ..  2B
 .. 988  ..  ..  ..  09  66  ..  ..  ..  ..  2A
"""
PLACES = {
    code: (colonne, rang)
    for rang, ligne in enumerate(GRILLE.strip("\n").splitlines())
    for colonne, code in enumerate(ligne.split())
    if code != ".."
}
LARGEUR, HAUTEUR = 12 * PAS, 13 * PAS
# Bornes des teintes ; le taux est écrit dans chaque carreau, la teinte ne fait que le redire.
SEUILS = ((0.0, "0 %"), (0.10, "moins de 10 %"), (0.25, "10 à 25 %"), (0.50, "25 à 50 %"))
DERNIERE = "50 % et plus"


@dataclass(frozen=True, slots=True)
class Carreau:
    """Un département : sa place, sa teinte de 0 à 4, ce qu’il dit."""

    code: str
    nom: str
    x: int
    y: int
    teinte: int
    taux: Taux
    url: str

    @property
    def x_texte(self) -> int:
        return self.x + COTE // 2

    @property
    def y_code(self) -> int:
        return self.y + 18

    @property
    def y_taux(self) -> int:
        return self.y + 35


@dataclass(frozen=True, slots=True)
class Courbe:
    """Une courbe et de quoi la lire : tracé, graduations, les mêmes valeurs en tableau."""

    trace: str
    largeur: int
    hauteur: int
    graduations: list[tuple[int, str]]
    annees: list[tuple[int, str]]
    lignes: list[Point]


def read_teinte(taux: Taux) -> int:
    if not taux.utilisent:
        return 0
    return next((rang for rang, (seuil, _) in enumerate(SEUILS) if taux.part < seuil), len(SEUILS))


def list_legende() -> list[tuple[int, str]]:
    return [(rang, texte) for rang, (_, texte) in enumerate((*SEUILS, (1.0, DERNIERE)))]


def build_carte(taux: Mapping[str, Taux], noms: Mapping[str, str], adresse: str) -> list[Carreau]:
    """Carreaux des départements qui ont des collectivités de ce genre, dans l’ordre des codes.

    Args:
        adresse: adresse où mène un carreau, suivie de son code.
    """
    return [
        Carreau(
            code, noms.get(code, code), PLACES[code][0] * PAS, PLACES[code][1] * PAS,
            read_teinte(taux[code]), taux[code], f"{adresse}{code}",
        )
        for code in sorted(PLACES)
        if code in taux and taux[code].nombre
    ]  # fmt: skip


def build_courbe(points: Sequence[Point], aujourdhui: date) -> Courbe | None:
    """Courbe en marches du nombre de collectivités ; None sous deux mois d’histoire."""
    if not points:
        return None
    largeur, hauteur, marge = 640, 220, 30
    debut = points[0].mois
    duree = max(_count_mois(debut, aujourdhui), 1)
    plafond = max(1, *(point.nombre for point in points))

    def place(mois: date, nombre: int) -> tuple[int, int]:
        x = 44 + round((largeur - 54) * min(_count_mois(debut, mois), duree) / duree)
        return x, round(hauteur - marge - (hauteur - marge - 12) * nombre / plafond)

    trace, avant = [], 0
    for point in points:
        x, y = place(point.mois, point.nombre)
        trace += [f"{x},{place(point.mois, avant)[1]}", f"{x},{y}"]
        avant = point.nombre
    trace.append("{},{}".format(*place(aujourdhui, avant)))
    return Courbe(
        " ".join(trace),
        largeur,
        hauteur,
        [(place(debut, n)[1], f"{n}") for n in sorted({0, plafond // 2, plafond})],
        _list_annees(debut, aujourdhui, place),
        _keep_fins_d_annee(points),
    )


def _list_annees(debut: date, fin: date, place) -> list[tuple[int, str]]:
    annees = [date(annee, 1, 1) for annee in range(debut.year + 1, fin.year + 1)]
    pas = max(1, len(annees) // 8)
    return [(place(jour, 0)[0], str(jour.year)) for jour in annees[::pas]]


def _keep_fins_d_annee(points: Sequence[Point]) -> list[Point]:
    """Dernier point de chaque année, le plus récent d’abord."""
    return list({point.mois.year: point for point in points}.values())[::-1]


def _count_mois(debut: date, fin: date) -> int:
    return (fin.year - debut.year) * 12 + fin.month - debut.month
