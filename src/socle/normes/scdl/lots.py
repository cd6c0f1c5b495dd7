"""Des morceaux de texte aux tableaux de polars, sans perdre une ligne mal formée.

polars ne dit pas qu’une ligne a trop peu de cellules, et refuse celles qui en ont trop. Une
expression régulière, appliquée à toutes les lignes à la fois, met donc de côté les irrégulières ;
elles sont lues une à une, puis remises dans le tableau à leur numéro. Un morceau dont les
guillemets ne sont pas nets est lu par `csv`, qui fait foi.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from socle.normes.scdl.errors import FichierInutilisable
from socle.normes.scdl.source import (
    CELLULE_MAX,
    Forme,
    find_coupe,
    iterate_morceaux,
    iterate_utf8,
)

if TYPE_CHECKING:
    import polars as pl

LOT = 50_000  # lignes d’un lot lu une à une
CELLULES_LOT = 4_000_000  # cellules d’un lot, quelle que soit sa largeur
SIGNES_LOT = 32 * 1024 * 1024
_MARQUES = [chr(code) for code in (1, 2, 3, 4, 5, 6, 7, 14, 15, 16, 30, 31)]


@dataclass(slots=True)
class Lot:
    """Des lignes qui se suivent.

    Attributes:
        tableau: une colonne de texte par en-tête, nommées « 0 », « 1 »…
        premiere: numéro de la première ligne, comme dans un tableur.
        numeros: numéro de chaque ligne, si elles ne sont pas à la suite.
        irregulieres: numéro → cellules, des lignes qui n’ont pas le bon compte.
    """

    tableau: "pl.DataFrame"
    premiere: int
    numeros: "pl.Series | None" = None
    irregulieres: dict[int, list[str]] = field(default_factory=dict)

    def find_numeros(self, rangs: "pl.Series") -> list[int]:
        """Numéros des lignes de ces rangs du tableau."""
        return [int(numero) for numero in self.build_numeros(rangs).to_list()]

    def build_numeros(self, rangs: "pl.Series") -> "pl.Series":
        """Les mêmes, sans en faire une liste."""
        return rangs + self.premiere if self.numeros is None else self.numeros.gather(rangs)


def iterate_lots(flux: BinaryIO, forme: Forme) -> Iterator[Lot]:
    """Lit un CSV par lots ; les lignes portent leur rang dans le fichier, l’en-tête étant 1."""
    numero, largeur = 2, len(forme.entete)
    entiers = iterate_morceaux(iterate_utf8(flux, forme.encodage, forme.debut))
    morceaux = chain.from_iterable(_divide(morceau, largeur) for morceau in entiers)
    for morceau in morceaux:
        lot = _read_morceau(morceau, forme.separateur, largeur, numero)
        if lot is None:
            # Guillemets douteux : les coupures ne sont plus sûres, on finit ligne à ligne.
            suite = _Texte(chain([morceau], morceaux))
            yield from iterate_lots_de_lignes(
                _read_lignes(suite, forme.separateur), largeur, numero
            )
            return
        numero += lot.tableau.height
        yield lot


def _divide(morceau: bytes, largeur: int) -> Iterator[bytes]:
    """Coupe un morceau aux lignes trop nombreuses pour sa largeur : polars le tient en mémoire."""
    parts = morceau.count(b"\n") * largeur // CELLULES_LOT + 1
    taille = len(morceau) // parts + 1
    while len(morceau) > taille and (coupe := find_coupe(morceau[:taille])):
        yield morceau[:coupe]
        morceau = morceau[coupe:]
    yield morceau


def _read_morceau(morceau: bytes, separateur: str, largeur: int, numero: int) -> Lot | None:
    import polars as pl  # noqa: PLC0415

    if (tableau := _parse_net(morceau, separateur, largeur)) is not None:
        return Lot(tableau, numero)
    lignes = _split_lignes(morceau)
    if lignes is None:
        return None
    motifs = _Motifs(separateur, largeur)
    if b'"' in morceau or b"\r" in morceau:
        reguliere = lignes.str.contains(motifs.reguliere)
    else:  # compter les séparateurs suffit, et coûte quatre fois moins
        reguliere = lignes.str.count_matches(separateur, literal=True) == largeur - 1
    if reguliere.all():
        tableau = _parse(morceau, separateur, largeur)
        return Lot(tableau, numero) if tableau.height == lignes.len() else None
    fautives = lignes.filter(~reguliere)
    if not fautives.str.contains(motifs.nette).all():
        return _read_guillemets(morceau, separateur, largeur, numero, motifs)
    bonnes = lignes.filter(reguliere)
    texte = "\n".join(bonnes.to_list()).encode() if bonnes.len() else b""
    tableau = (
        _parse(texte + b"\n", separateur, largeur) if texte.strip(b"\n") else _build([], largeur)
    )
    if tableau.height != bonnes.len():
        return None
    rangs = (~reguliere).arg_true()
    lues = list(_read_lignes([ligne.rstrip("\r") for ligne in fautives.to_list()], separateur))
    numeros = pl.concat([reguliere.arg_true(), rangs]).cast(pl.Int64) + numero
    irregulieres = dict(zip((rangs.cast(pl.Int64) + numero).to_list(), lues, strict=True))
    return Lot(pl.concat([tableau, _build(lues, largeur)]), numero, numeros, irregulieres)


def _parse_net(morceau: bytes, separateur: str, largeur: int) -> "pl.DataFrame | None":
    """Lit d’un trait un morceau sans guillemet aux lignes toutes justes ; None s’il ne l’est pas.

    polars refuse une ligne trop longue : autant de séparateurs qu’il en faut en tout, et aucune
    n’est trop courte.
    """
    import polars as pl  # noqa: PLC0415

    if b'"' in morceau or b"\r" in morceau or morceau.startswith(b"\xef\xbb\xbf"):
        return None
    lignes = morceau.count(b"\n") + (not morceau.endswith(b"\n"))
    if morceau.count(separateur.encode()) != lignes * (largeur - 1):
        return None
    try:
        tableau = _parse(morceau, separateur, largeur)
    except pl.exceptions.PolarsError:
        return None
    return tableau if tableau.height == lignes else None


class _Motifs:
    """Formes d’une ligne : régulière (le bon compte de cellules), nette (guillemets bien mis)."""

    def __init__(self, separateur: str, largeur: int) -> None:
        sep = {"\t": r"\t", "|": r"\|"}.get(separateur, separateur)
        cellule = rf'(?:[^"{sep}\r\n]*|"(?:[^"]|"")*")'
        juste = rf"{cellule}(?:{sep}{cellule}){{{largeur - 1}}}"
        libre = rf"{cellule}(?:{sep}{cellule})*"
        self.reguliere = rf"\A{juste}\r?\z"
        self.nette = rf"\A{libre}\r?\z"
        self.tout_regulier = rf"\A(?:{juste}(?:\r?\n|\z))*\z"
        self.tout_net = rf"\A(?:{libre}(?:\r?\n|\z))*\z"


def _split_lignes(morceau: bytes) -> "pl.Series | None":
    import polars as pl  # noqa: PLC0415

    marque = next((signe for signe in _MARQUES if signe.encode() not in morceau), None)
    if marque is None or morceau.startswith(b"\xef\xbb\xbf"):
        return None
    lignes = pl.read_csv(
        morceau,
        has_header=False,
        separator=marque,
        quote_char=None,
        schema={"ligne": pl.String},
        empty_string_is_null=False,
    )["ligne"]
    attendues = morceau.count(b"\n") + (not morceau.endswith(b"\n"))
    return lignes if lignes.len() == attendues else None


def _parse(texte: bytes, separateur: str, largeur: int) -> "pl.DataFrame":
    import polars as pl  # noqa: PLC0415

    return pl.read_csv(
        texte,
        has_header=False,
        separator=separateur,
        schema={str(rang): pl.String for rang in range(largeur)},
        empty_string_is_null=True,
    )


def _read_guillemets(
    morceau: bytes, separateur: str, largeur: int, numero: int, motifs: _Motifs
) -> Lot | None:
    """Morceau aux cellules sur plusieurs lignes ; None si ses guillemets ne sont pas nets."""
    import polars as pl  # noqa: PLC0415

    texte = pl.Series([morceau.decode()])
    if largeur > 1 and texte.str.contains(motifs.tout_regulier).all():
        return Lot(_parse(morceau, separateur, largeur), numero)
    if not texte.str.contains(motifs.tout_net).all():
        return None
    lignes = _read_lignes(io.StringIO(morceau.decode(), newline=""), separateur)
    return _build_lot(list(lignes), largeur, numero)


def _read_lignes(texte: Iterable[str], separateur: str) -> Iterator[list[str]]:
    csv.field_size_limit(CELLULE_MAX)
    try:
        yield from csv.reader(texte, delimiter=separateur)
    except csv.Error as cause:
        raise FichierInutilisable(
            "Une cellule est démesurée : un guillemet est sans doute resté ouvert."
        ) from cause


def read_lignes(flux: BinaryIO, forme: Forme) -> Iterator[list[str]]:
    """Toutes les lignes de données, une à une, comme `csv` les lit."""
    blocs = iterate_utf8(flux, forme.encodage, forme.debut)
    return _read_lignes(_Texte(blocs), forme.separateur)


def iterate_lots_de_lignes(
    lignes: Iterable[list[str]], largeur: int, numero: int = 2, taille: int = LOT
) -> Iterator[Lot]:
    """Range des lignes déjà lues (tableur, CSV aux guillemets douteux) en lots."""
    paquet: list[list[str]] = []
    signes, taille = 0, min(taille, CELLULES_LOT // max(largeur, 1) + 1)
    for ligne in lignes:
        paquet.append(ligne)
        signes += sum(map(len, ligne))
        if len(paquet) >= taille or signes > SIGNES_LOT:
            yield _build_lot(paquet, largeur, numero)
            numero, paquet, signes = numero + len(paquet), [], 0
    if paquet:
        yield _build_lot(paquet, largeur, numero)


def _build_lot(paquet: list[list[str]], largeur: int, numero: int) -> Lot:
    irregulieres = {
        numero + rang: ligne for rang, ligne in enumerate(paquet) if len(ligne) != largeur
    }
    return Lot(_build(paquet, largeur), numero, None, irregulieres)


def _build(lignes: list[list[str]], largeur: int) -> "pl.DataFrame":
    import polars as pl  # noqa: PLC0415

    droites = [
        ligne if len(ligne) == largeur else (ligne + [""] * largeur)[:largeur] for ligne in lignes
    ]
    colonnes = list(zip(*droites, strict=True)) if droites else [()] * largeur
    return pl.DataFrame(
        {
            str(rang): pl.Series([cellule or None for cellule in colonne], dtype=pl.String)
            for rang, colonne in enumerate(colonnes)
        }
    )


class _Texte:
    """Les lignes de texte d’une suite de blocs UTF-8, fins de ligne gardées."""

    def __init__(self, blocs: Iterable[bytes]) -> None:
        self.blocs = blocs

    def __iter__(self) -> Iterator[str]:
        reste = b""
        for bloc in self.blocs:
            reste += bloc
            coupe = reste.rfind(b"\n") + 1
            yield from _split_lignes_texte(reste[:coupe])
            reste = reste[coupe:]
            if len(reste) > 2 * CELLULE_MAX * 4:
                raise FichierInutilisable("Une ligne est démesurée : est-ce bien un CSV ?")
        yield from _split_lignes_texte(reste)


def _split_lignes_texte(texte: bytes) -> Iterator[str]:
    """Coupe après chaque fin de ligne : « \\n », « \\r » ou les deux."""
    return io.StringIO(texte.decode("utf-8", "replace"), newline="")
