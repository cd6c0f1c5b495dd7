"""Lire le fichier d’un inconnu : encodage, séparateur, fins de ligne, guillemets ; tout est borné.

Le texte n’est jamais entier en mémoire : il est décodé par morceaux d’un mébioctet et rendu ligne à
ligne. Le découpage suit la bibliothèque du validateur officiel (Papa Parse), écarts compris : une
ligne vide est sautée, un guillemet n’ouvre un champ qu’en tête de cellule.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from socle.normes.bal.errors import BalIllisible
from socle.normes.bal.vocabulaire import BLANCS

TAILLE_MAX = 100 * 1024 * 1024  # octets
COLONNES_MAX = 500
LIGNE_MAX = 1024 * 1024  # signes
_PAS = 1024 * 1024
_APERCU = 10  # lignes regardées pour deviner le séparateur
_SIGNATURES = {
    b"PK\x03\x04": "une archive ou un classeur (zip, xlsx, ods)", b"%PDF": "un document PDF",
    b"\x1f\x8b": "une archive gzip", b"\xd0\xcf\x11\xe0": "un ancien classeur (xls)",
    b"\x89PNG": "une image", b"\xff\xd8\xff": "une image", b"GIF8": "une image",
    b"\xff\xfe": "un texte UTF-16", b"\xfe\xff": "un texte UTF-16", b"7z\xbc\xaf": "une archive 7z",
}  # fmt: skip
_MULTIOCTETS = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)

Ligne = tuple[int, list[str]]


@dataclass
class Table:
    """Fichier ouvert : ce que l’on en devine, et ses lignes à la demande.

    Attributes:
        encodage: « utf-8 » ou « windows-1252 ».
        separateur: « ; », « , » ou tabulation ; vide si rien ne le dit.
        fin: fin de ligne, « \\n », « \\r\\n » ou « \\r ».
        entetes: noms des colonnes ; une colonne en double porte « _1 », « _2 »…
        fautes: (code, ligne) de structure relevées au fil de la lecture.
    """

    octets: bytes
    encodage: str
    separateur: str
    fin: str
    entetes: list[str] = field(default_factory=list)
    fautes: list[tuple[str, int]] = field(default_factory=list)

    def iter_lignes(self) -> Iterator[Ligne]:
        """Rend (numéro de ligne du fichier, cellules) après l’en-tête, lignes vides sautées."""
        lignes = self._iter_pleines()
        next(lignes, None)
        return lignes

    def _iter_pleines(self) -> Iterator[Ligne]:
        for numero, cellules in _Decoupage(self).iter_lignes():
            if len(cellules) != 1 or cellules[0]:
                yield numero, cellules


def open_table(octets: bytes) -> Table:
    """Reconnaît un fichier.

    Args:
        octets: le fichier entier, 100 Mio au plus.

    Raises:
        BalIllisible: ni texte ni CSV, trop gros, ligne ou nombre de colonnes démesurés.
    """
    _check_octets(octets)
    encodage = _find_encodage(octets)
    tete = next(iter_texte(octets, encodage), "")
    fin = _find_fin(tete)
    separateur = _find_separateur(tete, fin)
    table = Table(octets, encodage, separateur, fin)
    premiere = next(table._iter_pleines(), (1, []))  # noqa: SLF001
    if len(premiere[1]) > COLONNES_MAX:
        raise BalIllisible("colonnes", f"Plus de {COLONNES_MAX} colonnes.", ligne=premiere[0])
    table.entetes = _rename_doubles([nom.removeprefix("\ufeff") for nom in premiere[1]])
    table.fautes.clear()
    return table


def iter_texte(octets: bytes, encodage: str) -> Iterator[str]:
    """Décode par morceaux ; un octet illisible devient « � », la marque d’ordre est ôtée."""
    nom = "utf-8-sig" if encodage == "utf-8" else "cp1252"
    decodeur = codecs.getincrementaldecoder(nom)(errors="replace")
    vue = memoryview(octets)
    for debut in range(0, len(octets), _PAS):
        yield decodeur.decode(bytes(vue[debut : debut + _PAS]), final=debut + _PAS >= len(octets))


def _check_octets(octets: bytes) -> None:
    if len(octets) > TAILLE_MAX:
        taille = TAILLE_MAX // 1024 // 1024
        raise BalIllisible("taille", f"Le fichier dépasse {taille} Mo. Séparez-le par commune.")
    for signature, nature in _SIGNATURES.items():
        if octets.startswith(signature):
            raise BalIllisible("nature", f"C’est {nature}. Enregistrez-le en CSV, UTF-8.")
    if (rang := octets.find(b"\0")) >= 0:
        ligne = octets.count(b"\n", 0, rang) + 1
        raise BalIllisible("nul", "Un octet nul : ce n’est pas un fichier texte.", ligne=ligne)


def _find_encodage(octets: bytes) -> str:
    """UTF-8 s’il l’est, à quelques octets abîmés près ; sinon Windows-1252."""
    try:
        codecs.utf_8_decode(octets, "strict", True)
    except UnicodeDecodeError:
        valides = sum(1 for _ in _MULTIOCTETS.finditer(octets))
        abimes = _MULTIOCTETS.sub(b"", octets)
        fautes = len(abimes) - len(abimes.translate(None, bytes(range(128, 256))))
        return "utf-8" if valides > 10 * fautes else "windows-1252"
    return "utf-8"


def _find_fin(tete: str) -> str:
    hors_guillemets = re.sub(r'"[^"]*"', "", tete)
    if "\r" not in hors_guillemets:
        return "\n"
    rang_r, rang_n = hors_guillemets.find("\r"), hors_guillemets.find("\n")
    if 0 <= rang_n < rang_r:
        return "\n"
    morceaux = hors_guillemets.count("\r") + 1
    return "\r\n" if hors_guillemets.count("\r\n") >= morceaux / 2 else "\r"


def _find_separateur(tete: str, fin: str) -> str:
    """Le plus régulier des trois séparateurs connus sur les premières lignes ; vide si aucun."""
    meilleur, ecart_min, moyenne_max = "", 0, 0.0
    for separateur in (",", "\t", ";"):
        comptes = _count_champs(tete, separateur, fin)
        moyenne = sum(comptes) / len(comptes) if comptes else 0.0
        ecart = sum(abs(a - b) for a, b in zip(comptes, comptes[1:], strict=False))
        if moyenne <= 1.99:
            continue
        if not meilleur or (ecart, -moyenne) < (ecart_min, -moyenne_max):
            meilleur, ecart_min, moyenne_max = separateur, ecart, moyenne
    return meilleur


def _count_champs(tete: str, separateur: str, fin: str) -> list[int]:
    comptes: list[int] = []
    apercu = Table(b"", "utf-8", separateur, fin)
    lignes = _Decoupage(apercu).split_morceaux(iter((tete,)))
    try:
        for rang, (_, cellules) in enumerate(lignes):
            if rang >= _APERCU:
                break
            if len(cellules) != 1 or cellules[0]:
                comptes.append(len(cellules))
    except BalIllisible:
        return comptes
    return comptes


def _rename_doubles(noms: list[str]) -> list[str]:
    vus: dict[str, int] = {}
    pris, rendus = set(noms), []
    for nom in noms:
        if nom not in vus:
            vus[nom] = 1
            rendus.append(nom)
            continue
        rang = vus[nom]
        while f"{nom}_{rang}" in pris:
            rang += 1
        vus[nom] += 1
        pris.add(f"{nom}_{rang}")
        rendus.append(f"{nom}_{rang}")
    return rendus


class _Decoupage:
    """Découpe un texte en lignes puis en cellules, morceau par morceau."""

    def __init__(self, table: Table) -> None:
        self.table, self.numero = table, 1
        self.separateur, self.fin = table.separateur or ",", table.fin
        sep = re.escape(self.separateur)
        cellule = f'(?:"[^"]*(?:""[^"]*)*"|[^"{sep}][^{sep}]*|)'
        self.reguliere = re.compile(f"{cellule}(?:{sep}{cellule})*")

    def iter_lignes(self) -> Iterator[Ligne]:
        return self.split_morceaux(iter_texte(self.table.octets, self.table.encodage))

    def split_morceaux(self, morceaux: Iterator[str]) -> Iterator[Ligne]:
        reste = ""
        for morceau in morceaux:
            texte = reste + morceau
            debut = 0
            while (arret := texte.find(self.fin, debut)) >= 0:
                if arret - debut > LIGNE_MAX:
                    self._refuse_ligne()
                ligne = texte[debut:arret]
                if '"' in ligne:
                    lu = self._read_ligne(texte, debut, dernier=False)
                    if lu is None:
                        break
                    cellules, suite = lu
                    yield self.numero, cellules
                    self.numero += texte.count("\n", debut, suite) or 1
                    debut = suite
                    continue
                yield self.numero, ligne.split(self.separateur)
                self.numero += 1
                debut = arret + len(self.fin)
            reste = texte[debut:]
            if len(reste) > LIGNE_MAX + _PAS:
                self._refuse_ligne()
        yield from self._split_reste(reste)

    def _split_reste(self, reste: str) -> Iterator[Ligne]:
        if len(reste) > LIGNE_MAX:
            self._refuse_ligne()
        debut = 0
        while debut < len(reste):
            lu = self._read_ligne(reste, debut, dernier=True)
            if lu is None:
                self.table.fautes.append(("MissingQuotes", self.numero))
                return
            yield self.numero, lu[0]
            self.numero += reste.count("\n", debut, lu[1]) or 1
            debut = lu[1]

    def _refuse_ligne(self) -> None:
        message = f"Une ligne de plus de {LIGNE_MAX:,} signes.".replace(",", "\u202f")
        raise BalIllisible("ligne", message, ligne=self.numero)

    def _read_ligne(self, texte: str, debut: int, *, dernier: bool) -> tuple[list[str], int] | None:
        """Rend les cellules de la ligne et le début de la suivante ; None s’il manque du texte."""
        arret = texte.find(self.fin, debut)
        borne, suite = (len(texte),) * 2 if arret < 0 else (arret, arret + len(self.fin))
        ligne = texte[debut:borne]
        if not ligne.startswith('"') and f'{self.separateur}"' not in ligne:
            return ligne.split(self.separateur), suite
        if self.reguliere.fullmatch(ligne) and len(ligne) < csv.field_size_limit():
            return next(csv.reader([ligne], delimiter=self.separateur)), suite
        return self._read_guillemets(texte, debut, dernier=dernier)

    def _read_guillemets(
        self, texte: str, debut: int, *, dernier: bool
    ) -> tuple[list[str], int] | None:
        cellules: list[str] = []
        while True:
            if not texte.startswith('"', debut):
                arret = texte.find(self.fin, debut)
                borne = len(texte) if arret < 0 else arret
                coupe = texte.find(self.separateur, debut, borne)
                if coupe < 0:
                    if arret < 0 and not dernier:
                        return None
                    cellules.append(texte[debut:borne])
                    return cellules, borne + (len(self.fin) if arret >= 0 else 0)
                cellules.append(texte[debut:coupe])
                debut = coupe + 1
                continue
            ferme = self._find_fermeture(texte, debut + 1, dernier=dernier)
            if ferme is None:
                return None
            borne, suite, finie = ferme
            cellules.append(texte[debut + 1 : borne].replace('""', '"'))
            debut = suite
            if finie:
                return cellules, suite

    def _find_fermeture(
        self, texte: str, debut: int, *, dernier: bool
    ) -> tuple[int, int, bool] | None:
        """Cherche le guillemet fermant : (sa place, la suite, vrai si la ligne s’arrête là)."""
        rang = texte.find('"', debut)
        while rang >= 0:
            if texte.startswith('"', rang + 1):
                rang = texte.find('"', rang + 2)
                continue
            apres = rang + 1
            while (
                apres < len(texte) and texte[apres] in BLANCS and not self._is_borne(texte, apres)
            ):
                apres += 1
            if apres >= len(texte):
                return (rang, apres, True) if dernier else None
            if texte.startswith(self.separateur, apres):
                return rang, apres + 1, False
            if texte.startswith(self.fin, apres):
                return rang, apres + len(self.fin), True
            rang = texte.find('"', rang + 1)
        return None

    def _is_borne(self, texte: str, rang: int) -> bool:
        return texte.startswith(self.separateur, rang) or texte.startswith(self.fin, rang)
