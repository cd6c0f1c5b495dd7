"""Lire le fichier d’un inconnu : encodage, séparateur, fins de ligne, guillemets ; tout est borné.

Le texte n’est jamais entier en mémoire : il est décodé par morceaux, assez petits pour rester près
du processeur, et chacun rend ses lignes d’un coup. Le découpage suit la bibliothèque du validateur
officiel (Papa Parse), écarts compris : une ligne vide est sautée, un guillemet n’ouvre un champ
qu’en tête de cellule.
"""

import codecs
import csv
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress, islice, pairwise

from socle.normes.bal.errors import BalIllisible
from socle.normes.bal.vocabulaire import BLANCS

TAILLE_MAX = 100 * 1024 * 1024  # octets
COLONNES_MAX = 500
LIGNE_MAX = 1024 * 1024  # signes
_PAS = 128 * 1024
_TETE = 1024 * 1024  # octets regardés pour deviner fins de ligne et séparateur
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

COUPE = "\0"  # sépare les cellules d’une ligne lue ; aucun fichier lu n’en contient
# (numéros de ligne du fichier, lignes) : les cellules d’une ligne restent jointes par COUPE, le
# bloc en fait des colonnes d’un coup.
Paquet = tuple[Sequence[int], list[str]]


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

    def iter_paquets(self) -> Iterator[Paquet]:
        """Rend les lignes après l’en-tête, lignes vides sautées ; aucun paquet n’est vide."""
        paquets = self._iter_pleins()
        numeros, lignes = next(paquets, ((), []))
        reste = [(numeros[1:], lignes[1:])] if lignes[1:] else []
        return chain(reste, paquets)

    def read_entete(self) -> tuple[int, str]:
        """Rend la première ligne pleine et son numéro."""
        numeros, lignes = next(self._iter_pleins(), ((1,), [""]))
        return numeros[0], lignes[0]

    def _iter_pleins(self) -> Iterator[Paquet]:
        for paquet in _Decoupage(self).split_morceaux(iter_texte(self.octets, self.encodage)):
            numeros, lignes = paquet if all(paquet[1]) else keep(paquet, map(bool, paquet[1]))
            if lignes:
                yield numeros, lignes


def keep(paquet: Paquet, choix: Iterable[bool]) -> Paquet:
    """Rend les lignes choisies d’un paquet."""
    masque = list(choix)
    return list(compress(paquet[0], masque)), list(compress(paquet[1], masque))


def open_table(octets: bytes) -> Table:
    """Reconnaît un fichier.

    Args:
        octets: le fichier entier, 100 Mio au plus.

    Raises:
        BalIllisible: ni texte ni CSV, trop gros, ligne ou nombre de colonnes démesurés.
    """
    _check_octets(octets)
    encodage = _find_encodage(octets)
    tete = next(iter_texte(octets, encodage, _TETE), "")
    fin = _find_fin(tete)
    separateur = _find_separateur(tete, fin)
    table = Table(octets, encodage, separateur, fin)
    numero, ligne = table.read_entete()
    if ligne.count(COUPE) >= COLONNES_MAX:
        raise BalIllisible("colonnes", f"Plus de {COLONNES_MAX} colonnes.", ligne=numero)
    noms = [nom.removeprefix("\ufeff") for nom in ligne.split(COUPE)]
    table.entetes = _rename_doubles(noms)
    table.fautes.clear()
    return table


def iter_texte(octets: bytes, encodage: str, pas: int = _PAS) -> Iterator[str]:
    """Décode par morceaux ; un octet illisible devient « � », la marque d’ordre est ôtée."""
    nom = "utf-8-sig" if encodage == "utf-8" else "cp1252"
    decodeur = codecs.getincrementaldecoder(nom)(errors="replace")
    vue = memoryview(octets)
    for debut in range(0, len(octets), pas):
        yield decodeur.decode(bytes(vue[debut : debut + pas]), final=debut + pas >= len(octets))


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
    decodeur = codecs.getincrementaldecoder("utf-8")()
    try:
        for debut in range(0, len(octets), _PAS):
            decodeur.decode(octets[debut : debut + _PAS], final=debut + _PAS >= len(octets))
    except UnicodeDecodeError:
        valides = sum(1 for _ in _MULTIOCTETS.finditer(octets))
        abimes = _MULTIOCTETS.sub(b"", octets)
        fautes = len(abimes) - len(abimes.translate(None, bytes(range(128, 256))))
        return "utf-8" if valides > 10 * fautes else "windows-1252"
    return "utf-8"


def _find_fin(tete: str) -> str:
    hors_guillemets = re.sub(r'"[^"]*"', "", tete) if "\r" in tete else ""
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
        ecart = sum(abs(a - b) for a, b in pairwise(comptes))
        if moyenne <= 1.99:
            continue
        if not meilleur or (ecart, -moyenne) < (ecart_min, -moyenne_max):
            meilleur, ecart_min, moyenne_max = separateur, ecart, moyenne
    return meilleur


def _count_champs(tete: str, separateur: str, fin: str) -> list[int]:
    morceaux = (tete[debut : debut + _PAS] for debut in range(0, len(tete), _PAS))
    apercu = Table(b"", "utf-8", separateur, fin)
    paquets = _Decoupage(apercu).split_morceaux(morceaux)
    lignes = islice(chain.from_iterable(lignes for _, lignes in paquets), _APERCU)
    return [ligne.count(COUPE) + 1 for ligne in lignes if ligne]


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

    def split_morceaux(self, morceaux: Iterator[str]) -> Iterator[Paquet]:
        reste = ""
        for morceau in morceaux:
            texte = reste + morceau
            reste = yield from (
                self._split_guillemets(texte) if '"' in texte else self._split_simple(texte)
            )
            if len(reste) > LIGNE_MAX:
                self._refuse_ligne()
        yield from self._split_reste(reste)

    def _split_simple(self, texte: str) -> Generator[Paquet, None, str]:
        """Découpe un morceau sans guillemet ; rend son début de ligne inachevé."""
        complet, fin, reste = texte.rpartition(self.fin)
        if fin:
            lignes = complet.replace(self.separateur, COUPE).split(self.fin)
            if len(complet) > LIGNE_MAX and max(map(len, lignes)) > LIGNE_MAX:
                self._refuse_ligne()
            yield range(self.numero, self.numero + len(lignes)), lignes
            self.numero += len(lignes)
        return reste

    def _split_guillemets(self, texte: str) -> Generator[Paquet, None, str]:
        numeros: list[int] = []
        lignes: list[str] = []
        debut = 0
        while (arret := texte.find(self.fin, debut)) >= 0:
            if arret - debut > LIGNE_MAX:
                self._refuse_ligne()
            lu = self._read_ligne(texte, debut, arret, dernier=False)
            if lu is None:
                break
            numeros.append(self.numero)
            lignes.append(lu[0])
            self.numero += texte.count(self.fin, debut, lu[1])
            debut = lu[1]
        yield numeros, lignes
        return texte[debut:]

    def _split_reste(self, reste: str) -> Iterator[Paquet]:
        if len(reste) > LIGNE_MAX:
            self._refuse_ligne()
        debut = 0
        while debut < len(reste):
            arret = reste.find(self.fin, debut)
            lu = self._read_ligne(reste, debut, arret, dernier=True)
            if lu is None:
                self.table.fautes.append(("MissingQuotes", self.numero))
                return
            yield (self.numero,), [lu[0]]
            self.numero += reste.count(self.fin, debut, lu[1])
            debut = lu[1]

    def _refuse_ligne(self) -> None:
        message = f"Une ligne de plus de {LIGNE_MAX:,} signes.".replace(",", "\u202f")
        raise BalIllisible("ligne", message, ligne=self.numero)

    def _read_ligne(
        self, texte: str, debut: int, arret: int, *, dernier: bool
    ) -> tuple[str, int] | None:
        """Rend la ligne et le début de la suivante ; None si un guillemet n’est pas fermé."""
        borne, suite = (len(texte),) * 2 if arret < 0 else (arret, arret + len(self.fin))
        ligne = texte[debut:borne]
        if not ligne.startswith('"') and f'{self.separateur}"' not in ligne:
            return ligne.replace(self.separateur, COUPE), suite
        # Le module csv refuse une fin de ligne d’un autre système : elle passe par notre lecture.
        lisible = "\r" not in ligne and "\n" not in ligne and len(ligne) < csv.field_size_limit()
        if lisible and self.reguliere.fullmatch(ligne):
            return COUPE.join(next(csv.reader([ligne], delimiter=self.separateur))), suite
        lu = self._read_guillemets(texte, debut, dernier=dernier)
        return lu and (COUPE.join(lu[0]), lu[1])

    def _read_guillemets(
        self, texte: str, debut: int, *, dernier: bool
    ) -> tuple[list[str], int] | None:
        cellules: list[str] = []
        while True:
            if texte.startswith('"', debut):
                lu = self._find_fermeture(texte, debut + 1, dernier=dernier)
                if lu is None:
                    return None
                borne, debut, finie = lu[0], lu[1], lu[2]
                cellules.append(texte[lu[3] : borne].replace('""', '"'))
            else:
                borne, suite, finie = self._find_borne(texte, debut)
                cellules.append(texte[debut:borne])
                debut = suite
            if finie:
                return cellules, debut

    def _find_borne(self, texte: str, debut: int) -> tuple[int, int, bool]:
        """Rend (fin de la cellule nue, début de la suite, vrai si la ligne s’arrête là)."""
        arret = texte.find(self.fin, debut)
        borne, suite = (len(texte),) * 2 if arret < 0 else (arret, arret + len(self.fin))
        coupe = texte.find(self.separateur, debut, borne)
        return (borne, suite, True) if coupe < 0 else (coupe, coupe + 1, False)

    def _find_fermeture(
        self, texte: str, debut: int, *, dernier: bool
    ) -> tuple[int, int, bool, int] | None:
        """Rend (place du guillemet fermant, suite, vrai si la ligne s’arrête là, début)."""
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
                return (rang, apres, True, debut) if dernier else None
            if texte.startswith(self.separateur, apres):
                return rang, apres + 1, False, debut
            if texte.startswith(self.fin, apres):
                return rang, apres + len(self.fin), True, debut
            rang = texte.find('"', rang + 1)
        return None

    def _is_borne(self, texte: str, rang: int) -> bool:
        return texte.startswith(self.separateur, rang) or texte.startswith(self.fin, rang)
