"""Lire le début d’un fichier et les noms qu’une archive porte, en temps et mémoire bornés.

Un ZIP est lu par les deux bouts de sa table, jamais ouvert : une table d’un million d’entrées ne
coûte pas plus qu’une petite. Un TAR compressé n’est déployé que sur ses premiers octets.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from socle.metiers.verification.ports import Apercu

DEBUT = 64 * 1024
TABLE = 256 * 1024  # lus au début et à la fin de la table d’un ZIP
DEPLOYES = 512 * 1024  # d’un TAR compressé
NOMS_MAX = 4000
_ENTREE = b"PK\x01\x02"
_FIN = b"PK\x05\x06"
_BLOC = 512


def read_apercu(flux: BinaryIO, nom: str) -> Apercu:
    """Rend l’aperçu d’un fichier ouvert en lecture ; la position n’est pas remise."""
    flux.seek(0)
    debut = flux.read(DEBUT)
    if debut.startswith((b"PK\x03\x04", _FIN)):
        return Apercu(nom, debut, tuple(_iter_noms_zip(flux)))
    if debut.startswith(b"\x1f\x8b"):
        flux.seek(0)
        return Apercu(nom, debut, tuple(_iter_noms_tar(_inflate(flux.read(DEPLOYES)))))
    if debut[257:262] == b"ustar":
        return Apercu(nom, debut, tuple(_iter_noms_tar(debut)))
    return Apercu(nom, debut)


def _iter_noms_zip(flux: BinaryIO) -> Iterator[str]:
    taille = flux.seek(0, 2)
    flux.seek(max(0, taille - TABLE))
    queue = flux.read(TABLE)
    fin = queue.rfind(_FIN)
    vus: set[str] = set()
    morceaux = [queue[: max(fin, 0)]]
    if fin >= 0 and len(queue) >= fin + 22:
        (position,) = struct.unpack_from("<I", queue, fin + 16)
        flux.seek(min(position, taille))
        morceaux.insert(0, flux.read(TABLE))
    for morceau in morceaux:
        for nom in _iter_entrees(morceau):
            if nom not in vus and len(vus) < NOMS_MAX:
                vus.add(nom)
                yield nom


def _iter_entrees(table: bytes) -> Iterator[str]:
    """Noms des entrées entières que l’on trouve dans un morceau de table."""
    ici = table.find(_ENTREE)
    while ici >= 0 and len(table) >= ici + 46:
        longueur, extra, commentaire = struct.unpack_from("<HHH", table, ici + 28)
        yield table[ici + 46 : ici + 46 + longueur].decode("utf-8", "replace")
        ici = table.find(_ENTREE, ici + 46 + longueur + extra + commentaire)


def _inflate(octets: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(octets, DEPLOYES)
    except zlib.error:
        return b""


def _iter_noms_tar(octets: bytes) -> Iterator[str]:
    ici, vus = 0, 0
    while ici + _BLOC <= len(octets) and octets[ici] and vus < NOMS_MAX:
        vus += 1
        yield octets[ici : ici + 100].split(b"\0", 1)[0].decode("utf-8", "replace")
        try:
            taille = int(octets[ici + 124 : ici + 136].strip(b"\0 ") or b"0", 8)
        except ValueError:
            return
        ici += _BLOC + -(-taille // _BLOC) * _BLOC
