"""Ouvrir le fichier d’un inconnu : encodage, séparateur, en-tête, morceaux bornés.

Le fichier n’est jamais lu d’un coup : un premier passage reconnaît l’encodage, un second rend des
morceaux en UTF-8 coupés entre deux lignes, hors de tout guillemet.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from socle.normes.scdl.errors import FichierInutilisable

BLOC = 8 * 1024 * 1024  # octets
PETIT_BLOC = 256 * 1024  # tient dans le cache : quatre fois plus vite pour un simple passage
LIGNE_MAX = 8 * 1024 * 1024  # octets
COLONNES_MAX = 2_000
CELLULE_MAX = 1_000_000  # signes
TAILLE_MAX = 16 * 1024**3  # octets
SEPARATEURS = (",", ";", "\t", "|")
_EN_CSV = "enregistrez le tableau en CSV, en UTF-8."
_AUTRES = {
    codecs.BOM_UTF32_LE: f"Ce fichier est en UTF-32 : {_EN_CSV}",
    codecs.BOM_UTF32_BE: f"Ce fichier est en UTF-32 : {_EN_CSV}",
    bytes.fromhex("d0cf11e0a1b11ae1"): (
        "C’est un ancien tableur (.xls), ou un tableur protégé par un mot de passe : "
        "enregistrez-le en XLSX, en ODS ou en CSV, sans mot de passe."
    ),
    b"%PDF-": f"C’est un PDF : {_EN_CSV}",
    b"\x1f\x8b": "C’est un fichier compressé (gzip) : donnez le CSV qu’il contient.",
}
_NON_CP1252 = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])
_HAUTS = bytes(range(0x80, 0x100))
_SUITE_UTF8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


@dataclass(frozen=True, slots=True)
class Forme:
    """Comment le fichier CSV est écrit.

    Attributes:
        encodage: « utf-8 », « utf-8-sig », « cp1252 », « latin-1 », « utf-16 ».
        debut: nombre d’octets avant la première ligne de données, dans le flux en UTF-8.
    """

    encodage: str
    separateur: str
    entete: tuple[str, ...]
    debut: int


def detect_encodage(flux: BinaryIO) -> str:
    """Lit tout le flux et dit son encodage ; le remet au début.

    Raises:
        FichierInutilisable: vide, ou binaire (octet nul).
    """
    flux.seek(0)
    premier = _read_marque(flux)
    if premier[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        flux.seek(0)
        return "utf-16"
    flux.seek(0)
    decodeur, utf8, hauts, lu = codecs.getincrementaldecoder("utf-8")(), True, set[int](), 0
    while bloc := flux.read(PETIT_BLOC):
        lu += len(bloc)
        if b"\0" in bloc or lu > TAILLE_MAX:
            raise FichierInutilisable(
                "Ce fichier n’est pas un tableau au format texte : enregistrez-le en CSV, en UTF-8."
            )
        utf8 = utf8 and _decode(decodeur, bloc)
        if not utf8:
            hauts |= set(bloc.translate(None, bytes(range(128))))
    flux.seek(0)
    if not lu or not (premier.strip() or lu > 8):
        raise FichierInutilisable("Le fichier est vide.")
    if utf8 and _decode(decodeur, b"", fin=True):
        return "utf-8-sig" if premier.startswith(codecs.BOM_UTF8) else "utf-8"
    return "latin-1" if hauts & set(_NON_CP1252) else "cp1252"


def find_octet_abime(flux: BinaryIO) -> int:
    """Rend la première ligne abîmée d’un fichier presque partout en UTF-8, sinon 0.

    Les accents de l’UTF-8 sont des suites d’octets ; ceux de Windows-1252, des octets seuls.
    """
    suites = seuls = premiere = ici = 0
    flux.seek(0)
    while morceau := flux.readline(PETIT_BLOC):
        ici += 1
        reste, trouvees = _SUITE_UTF8.subn(b"", morceau)
        isoles = len(reste) - len(reste.translate(None, _HAUTS))
        suites, seuls = suites + trouvees, seuls + isoles
        premiere = premiere or (ici if isoles else 0)
    flux.seek(0)
    return premiere if suites > seuls else 0


def _read_marque(flux: BinaryIO) -> bytes:
    """Les premiers octets ; un format reconnu qui n’est pas un CSV est refusé par son nom."""
    premier = flux.read(8)
    for debut, raison in _AUTRES.items():
        if premier.startswith(debut):
            raise FichierInutilisable(raison)
    return premier


def _decode(decodeur: codecs.IncrementalDecoder, bloc: bytes, *, fin: bool = False) -> bool:
    try:
        decodeur.decode(bloc, fin)
    except UnicodeDecodeError:
        return False
    return True


def read_forme(flux: BinaryIO, noms: Sequence[str]) -> Forme:
    """Reconnaît l’encodage, le séparateur et les colonnes d’un CSV.

    Args:
        noms: colonnes du schéma ; le séparateur est celui qui en fait retrouver le plus.
    """
    encodage = detect_encodage(flux)
    premiere = _read_premiere(flux, encodage)
    texte = premiere.decode("utf-8")
    choix = max(SEPARATEURS, key=lambda sep: _score(texte, sep, noms))
    entete = tuple(_split(texte, choix))
    if len(entete) > COLONNES_MAX:
        raise FichierInutilisable(f"Le fichier a plus de {COLONNES_MAX} colonnes.")
    if not any(nom.strip() for nom in entete):
        raise FichierInutilisable("La première ligne doit porter les noms des colonnes.")
    return Forme(encodage, choix, entete, len(premiere))


def _score(texte: str, separateur: str, noms: Sequence[str]) -> tuple[int, int]:
    trouves = [nom.strip().casefold() for nom in _split(texte, separateur)]
    return len({nom.casefold() for nom in noms} & set(trouves)), len(trouves)


def _split(texte: str, separateur: str) -> list[str]:
    csv.field_size_limit(CELLULE_MAX)
    try:
        return next(csv.reader(io.StringIO(texte, newline=""), delimiter=separateur), [])
    except csv.Error as cause:
        raise FichierInutilisable("La première ligne ne se lit pas.") from cause


def _read_premiere(flux: BinaryIO, encodage: str) -> bytes:
    """Première ligne en UTF-8, fin de ligne comprise ; un titre peut tenir sur deux lignes."""
    texte = read_debut(flux, encodage, 256 * 1024)
    fin = 0
    for fin in _list_fins(texte):
        if texte.count('"', 0, fin) % 2 == 0:
            break
    else:
        if len(texte) >= 200 * 1024:
            raise FichierInutilisable("La première ligne est démesurée : est-ce bien un CSV ?")
        fin = len(texte)
    return texte[:fin].encode("utf-8", "surrogatepass")


def _list_fins(texte: str) -> Iterator[int]:
    place = 0
    while place < len(texte):
        suivants = [p for p in (texte.find("\n", place), texte.find("\r", place)) if p >= 0]
        if not suivants:
            return
        place = min(suivants) + 1
        if texte[place - 1 : place + 1] == "\r\n":
            place += 1
        yield place


def read_debut(flux: BinaryIO, encodage: str, taille: int) -> str:
    """Le début du texte, sans la marque d’ordre ; le flux revient au début."""
    flux.seek(0)
    brut = flux.read(taille)
    flux.seek(0)
    return codecs.getincrementaldecoder(encodage)("ignore").decode(brut)


def iterate_utf8(flux: BinaryIO, encodage: str, debut: int) -> Iterator[bytes]:
    """Le contenu en UTF-8, par blocs, sans les `debut` premiers octets."""
    flux.seek(3 if encodage == "utf-8-sig" else 0)
    direct = encodage.startswith("utf-8")
    decodeur = codecs.getincrementaldecoder(encodage)("replace")
    taille = max(1, BLOC // 4)  # petit au départ : le premier lot se juge plus tôt
    while bloc := flux.read(taille):
        taille = BLOC
        bloc = bloc if direct else decodeur.decode(bloc).encode("utf-8")
        if debut:
            bloc, debut = bloc[debut:], max(0, debut - len(bloc))
        if bloc:
            yield bloc


def iterate_morceaux(blocs: Iterator[bytes]) -> Iterator[bytes]:
    """Coupe les blocs entre deux lignes, là où les guillemets ouverts sont tous refermés.

    Raises:
        FichierInutilisable: une ligne dépasse 8 Mio.
    """
    reste = b""
    for bloc in blocs:
        reste = reste + bloc if reste else bloc
        coupe = find_coupe(reste)
        if coupe:
            yield reste[:coupe]
            reste = reste[coupe:]
        if len(reste) > LIGNE_MAX + BLOC:
            raise FichierInutilisable(
                "Une ligne dépasse 8 Mo : le fichier n’est pas un CSV, ou un guillemet y reste "
                "ouvert."
            )
    if reste:
        yield reste


def find_coupe(texte: bytes) -> int:
    """Place après la dernière fin de ligne hors guillemets ; 0 s’il n’y en a pas."""
    if b'"' not in texte:
        return texte.rfind(b"\n") + 1
    ouverts = texte.count(b'"') % 2
    fin = len(texte)
    for _ in range(10_000):
        coupe = texte.rfind(b"\n", 0, fin) + 1
        if not coupe:
            return 0
        ouverts ^= texte.count(b'"', coupe, fin) % 2
        if not ouverts:
            return coupe
        fin = coupe - 1
    return 0
