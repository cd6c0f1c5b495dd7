"""Géométrie de la frise : des entiers, dans un cadre fixe ; le gabarit ne fait que les écrire.

Deux dessins du même contenu : large (noms à gauche) et étroit (nom au-dessus de sa barre). La
sûreté se lit à la forme : barre pleine et losange plein (connue), hachures et losange creux
(estimée), trait fin continu (permanente), losange pointillé (date d’avant un report).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from socle.fondations.commun.textes import MOIS_COURTS
from socle.metiers.echeancier.enums import Surete
from socle.metiers.echeancier.queries.lignes import LigneEcheance

MOIS_AFFICHES = 30
ANNEE_MIN, ANNEE_MAX = 1990, 2100
Ancre = Literal["start", "end"]
LARGEUR_SIGNE = 0.55  # part du corps : la lettre moyenne d’Atkinson Hyperlegible, en gras


@dataclass(frozen=True, slots=True)
class Periode:
    """De ce jour compris à celui-là exclu."""

    debut: date
    fin: date


@dataclass(frozen=True, slots=True)
class Gabarit:
    """Mesures d’un dessin, en unités du SVG."""

    nom: str
    largeur: int
    gauche: int
    droite: int
    tete: int
    rang: int
    titre_y: int
    sous_y: int
    barre_y: int
    barre_h: int
    corps: float
    petit: float
    mois_par_trait: int

    @property
    def milieu(self) -> int:
        """Hauteur du milieu de la barre, depuis le haut de la ligne."""
        return self.barre_y + self.barre_h // 2


LARGE = Gabarit("large", 1130, 346, 1118, 52, 46, 20, 38, 15, 20, 15, 13, 3)
ETROITE = Gabarit("etroite", 340, 6, 334, 24, 68, 16, 60, 25, 16, 14, 12.5, 12)


@dataclass(frozen=True, slots=True)
class Trait:
    """Graduation : un trait, et le mois ou l’année qu’il ouvre."""

    x: int
    mois: str
    annee: str


@dataclass(frozen=True, slots=True)
class Barre:
    """Rectangle ; `genre` est sa classe : connu, estime, continu."""

    genre: str
    x: int
    y: int
    largeur: int
    hauteur: int


@dataclass(frozen=True, slots=True)
class Losange:
    """Jour marqué ; `genre` est sa classe : jal, jal-estime, jal-ancien."""

    genre: str
    x: int
    y: int
    demi: int

    @property
    def trace(self) -> str:
        """Chemin SVG du losange."""
        d = self.demi
        return f"M{self.x} {self.y - d}l{d} {d}-{d} {d}-{d}-{d}z"


@dataclass(frozen=True, slots=True)
class Rang:
    """Une ligne dessinée."""

    ligne: LigneEcheance
    y: int
    nom: str
    barres: tuple[Barre, ...]
    losanges: tuple[Losange, ...]
    texte_x: int
    texte_y: int
    ancre: Ancre


@dataclass(frozen=True, slots=True)
class Frise:
    """Un dessin entier."""

    gabarit: Gabarit
    hauteur: int
    titre: str
    traits: tuple[Trait, ...]
    rangs: tuple[Rang, ...]
    aujourdhui_x: int | None
    aujourdhui: str
    numero: int = 1

    @property
    def trait_du_jour(self) -> str:
        """Chemin SVG du jour : d’un trait, ou barre par barre si les noms sont au-dessus."""
        if self.gabarit is not ETROITE:
            return f"M{self.aujourdhui_x} 20V{self.hauteur}"
        haut, long = self.gabarit.barre_y - 3, self.gabarit.barre_h + 6
        return "".join(f"M{self.aujourdhui_x} {rang.y + haut}v{long}" for rang in self.rangs)

    @property
    def numero_texte(self) -> str:
        """Suite des identifiants du dessin : une page peut en avoir plusieurs."""
        return f"-{self.numero}"


def choose_periode(annee: int | None, aujourdhui: date) -> Periode:
    """Rend trente mois depuis janvier de cette année, ou de l’année en cours."""
    debut = min(max(annee or aujourdhui.year, ANNEE_MIN), ANNEE_MAX)
    return Periode(date(debut, 1, 1), date(debut + 2, 7, 1))


def build_frise(
    lignes: Sequence[LigneEcheance],
    *,
    periode: Periode,
    aujourdhui: date,
    gabarit: Gabarit,
    numero: int = 1,
) -> Frise:
    """Place ces lignes dans le cadre, dans leur ordre."""
    echelle = Echelle(periode, gabarit)
    rangs = tuple(
        _build_rang(ligne, echelle, gabarit.tete + place * gabarit.rang, aujourdhui)
        for place, ligne in enumerate(lignes)
    )
    visible = periode.debut <= aujourdhui < periode.fin
    dernier = echelle.traits[-1]
    return Frise(
        gabarit=gabarit,
        hauteur=gabarit.tete + len(rangs) * gabarit.rang + 8,
        titre=f"Frise de {echelle.traits[0].annee} à {dernier.annee or periode.fin.year}",
        traits=echelle.traits,
        rangs=rangs,
        aujourdhui_x=echelle.place(aujourdhui) if visible else None,
        aujourdhui=f"{aujourdhui.day} {MOIS_COURTS[aujourdhui.month - 1]}",
        numero=numero,
    )


class Echelle:
    """Des jours aux abscisses, jamais hors du cadre."""

    def __init__(self, periode: Periode, gabarit: Gabarit) -> None:
        self.periode, self.gabarit = periode, gabarit
        self.jours = (periode.fin - periode.debut).days

    def place(self, jour: date) -> int:
        """Rend l’abscisse d’un jour ; avant ou après la période, le bord."""
        g = self.gabarit
        part = min(max((jour - self.periode.debut).days / self.jours, 0.0), 1.0)
        return g.gauche + round(part * (g.droite - g.gauche))

    def shows(self, jour: date | None) -> bool:
        """Vrai si ce jour est dans la période."""
        return jour is not None and self.periode.debut <= jour < self.periode.fin

    @property
    def traits(self) -> tuple[Trait, ...]:
        """Une graduation par trimestre, ou par an dans le dessin étroit."""
        premier, pas = self.periode.debut, self.gabarit.mois_par_trait
        traits = []
        for rang in range(0, MOIS_AFFICHES, pas):
            annee, mois = premier.year + rang // 12, 1 + rang % 12
            nom = MOIS_COURTS[mois - 1] if pas < 12 else ""
            x = self.place(date(annee, mois, 1))
            traits.append(Trait(x, nom, str(annee) if mois == 1 else ""))
        return tuple(traits)


def _build_rang(ligne: LigneEcheance, echelle: Echelle, y: int, aujourdhui: date) -> Rang:
    g = echelle.gabarit
    barres = tuple(_list_barres(ligne, echelle, y, aujourdhui))
    losanges = tuple(_list_losanges(ligne, echelle, y))
    texte_x, ancre = _place_texte(ligne, echelle, barres, losanges)
    etroit = g is ETROITE
    return Rang(
        ligne=ligne,
        y=y,
        nom=fit(ligne.court, g.corps, (g.droite if etroit else g.gauche) - 18),
        barres=barres,
        losanges=losanges,
        texte_x=g.gauche if etroit else texte_x,
        texte_y=y + (g.sous_y if etroit else _find_texte_y(ligne, g, aujourdhui)),
        ancre="start" if etroit else ancre,
    )


def _list_barres(ligne: LigneEcheance, echelle: Echelle, y: int, aujourdhui: date) -> list[Barre]:
    g, periode = echelle.gabarit, echelle.periode
    barres = []
    fin = ligne.jour or periode.fin
    if ligne.surete == Surete.PERMANENTE:
        return _clip("continu", ligne.jour or periode.debut, periode.fin, echelle, y)
    debut = ligne.debut or (fin if ligne.jour else aujourdhui)
    genre = "estime" if ligne.surete == Surete.ESTIMEE else "connu"
    barres += _clip(genre, debut, fin, echelle, y)
    if ligne.jour is not None and ligne.jour <= aujourdhui:  # elle s’applique toujours
        barres += _clip("continu", ligne.jour, periode.fin, echelle, y)
    return _free_bord(ligne, barres, g)


def _free_bord(ligne: LigneEcheance, barres: list[Barre], gabarit: Gabarit) -> list[Barre]:
    """Laisse au bord la place de « Date à fixer », dans le dessin large."""
    if ligne.jour is not None or gabarit is ETROITE:
        return barres
    fin = gabarit.droite - measure(ligne.date_texte, gabarit.petit) - 10
    courtes = [replace(b, largeur=min(b.largeur, fin - b.x)) for b in barres]
    return [barre for barre in courtes if barre.largeur >= 2]


def _clip(genre: str, debut: date, fin: date, echelle: Echelle, y: int) -> list[Barre]:
    """Rend la part visible d’une barre, ou rien."""
    g = echelle.gabarit
    x, x2 = echelle.place(debut), echelle.place(fin)
    if x2 - x < 2:
        return []
    mince = genre == "continu"
    hauteur = 8 if mince else g.barre_h
    return [Barre(genre, x, y + g.milieu - hauteur // 2, x2 - x, hauteur)]


def _list_losanges(ligne: LigneEcheance, echelle: Echelle, y: int) -> list[Losange]:
    g = echelle.gabarit
    demi, milieu = g.barre_h // 2 + 1, y + g.milieu
    trouves = []
    if ligne.ancien_jour and echelle.shows(ligne.ancien_jour):
        trouves.append(("jal-ancien", ligne.ancien_jour))
    if ligne.jour and echelle.shows(ligne.jour) and ligne.surete != Surete.PERMANENTE:
        genre = "jal-estime" if ligne.surete == Surete.ESTIMEE else "jal"
        trouves.append((genre, ligne.jour))
    bord = g.gauche + demi, g.droite - demi
    return [
        Losange(genre, min(max(echelle.place(jour), bord[0]), bord[1]), milieu, demi)
        for genre, jour in trouves
    ]


def _find_texte_y(ligne: LigneEcheance, gabarit: Gabarit, aujourdhui: date) -> int:
    """Au-dessus d’un trait fin, à mi-hauteur sinon."""
    dure = ligne.surete == Surete.PERMANENTE or (ligne.jour and ligne.jour <= aujourdhui)
    return gabarit.barre_y if dure else gabarit.milieu + 5


def _place_texte(
    ligne: LigneEcheance,
    echelle: Echelle,
    barres: Sequence[Barre],
    losanges: Sequence[Losange],
) -> tuple[int, Ancre]:
    """Après le dernier dessin s’il y a la place, avant le premier sinon, au bord en dernier."""
    g = echelle.gabarit
    large = measure(ligne.date_texte, g.petit)
    pleines = [barre for barre in barres if barre.genre != "continu"]
    droites = [b.x + b.largeur for b in pleines] + [d.x + d.demi for d in losanges]
    gauches = [b.x for b in pleines] + [d.x - d.demi for d in losanges]
    apres = max(droites, default=g.gauche) + 6
    if apres + large <= g.droite:
        return apres, "start"
    avant = min(gauches, default=g.droite) - 6
    if avant - large >= g.gauche:
        return avant, "end"
    return g.droite, "end"


def measure(texte: str, corps: float) -> int:
    """Largeur d’un texte, un peu large : il ne doit pas déborder."""
    return round(len(texte) * corps * LARGEUR_SIGNE) + 1


def fit(texte: str, corps: float, place: int) -> str:
    """Rend le texte, coupé par « … » s’il dépasse la place."""
    if measure(texte, corps) <= place:
        return texte
    signes = int(place / (corps * LARGEUR_SIGNE)) - 1
    return f"{texte[:signes].rstrip()}…"
