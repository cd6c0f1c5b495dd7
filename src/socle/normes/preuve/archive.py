"""Archive canonique : un contenu, une seule suite d’octets.

C’est un ZIP que tout outil ouvre, mais dont rien n’est libre : fichiers triés, non compressés,
datés du 1er janvier 1980, sans commentaire ni champ annexe. Le lecteur n’interprète pas les
en-têtes : il refait chacun d’eux et compare octet par octet. Il n’y a donc ni octet sans effet, ni
nom ambigu, ni bombe de décompression.

Source: PKWARE APPNOTE 6.3.10, §4.3 ; méthode 0 (stocké), noms en UTF-8 (bit 11).
"""

import re
import struct
import unicodedata
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from socle.normes.preuve.errors import PreuveInvalide

TAILLE_MAX = 2**31 - 1
NOMBRE_MAX = 20_000
NOM_MAX = 200
PIECE_MAX = 4 * 1024 * 1024
"""Au-delà, un fichier est empreint au fil de la lecture sans être gardé en mémoire."""
MEMOIRE_MAX = 64 * 1024 * 1024

_MORCEAU = 1024 * 1024
_LOCAL, _CENTRAL, _FIN = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_FORME_LOCAL = struct.Struct("<4s5H3I2H")
_FORME_CENTRAL = struct.Struct("<4s6H3I5H2I")
_FORME_FIN = struct.Struct("<4s4H2IH")
_VERSION, _UNIX, _UTF8, _DATE, _DROITS = 20, 3 << 8, 0x800, 0x21, 0o100644 << 16
_INTERDITS = re.compile(r'[\x00-\x1f\x7f<>:"\\|?*]')
_RESERVES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)

Source = bytes | Path


@dataclass(frozen=True)
class _Fiche:
    nom: str
    crc: int
    taille: int
    position: int

    @property
    def _nom_octets(self) -> bytes:
        return self.nom.encode()

    @property
    def _communs(self) -> tuple[int, ...]:
        longueur = len(self._nom_octets)
        return (_VERSION, _UTF8, 0, 0, _DATE, self.crc, self.taille, self.taille, longueur, 0)

    def to_local(self) -> bytes:
        return _FORME_LOCAL.pack(_LOCAL, *self._communs) + self._nom_octets

    def to_central(self) -> bytes:
        suite = (0, 0, 0, _DROITS, self.position)
        entete = _FORME_CENTRAL.pack(_CENTRAL, _UNIX | _VERSION, *self._communs, *suite)
        return entete + self._nom_octets

    @property
    def fin(self) -> int:
        return self.position + _FORME_LOCAL.size + len(self._nom_octets) + self.taille


@dataclass
class Archive:
    """Archive lue et conforme.

    Attributes:
        empreintes: SHA-256 de chaque fichier, par nom.
        contenus: octets des fichiers gardés en mémoire.
        gardes: nombre d’octets gardés.
    """

    empreintes: dict[str, bytes] = field(default_factory=dict)
    contenus: dict[str, bytes] = field(default_factory=dict)
    gardes: int = 0


def write_archive(sortie: BinaryIO, fichiers: Mapping[str, Source]) -> int:
    """Écrit l’archive canonique et rend sa taille. Les chemins sont lus deux fois, par morceaux.

    Raises:
        PreuveInvalide: nom refusé, trop de fichiers, ou plus de 2 Gio.
    """
    _check_noms(fichiers)
    fiches: list[_Fiche] = []
    for nom in _sort_noms(fichiers):
        crc = taille = 0
        for morceau in _iter_source(fichiers[nom]):
            crc, taille = zlib.crc32(morceau, crc), taille + len(morceau)
        fiche = _Fiche(nom, crc, taille, fiches[-1].fin if fiches else 0)
        if fiche.fin > TAILLE_MAX:
            raise PreuveInvalide("Le dossier de preuve dépasserait 2 Gio.")
        sortie.write(fiche.to_local())
        ecrits = sum(sortie.write(morceau) for morceau in _iter_source(fichiers[nom]))
        if ecrits != taille:
            raise PreuveInvalide(f"« {nom} » a changé pendant l’écriture.")
        fiches.append(fiche)
    fin = _build_fin(fiches)
    sortie.write(fin)
    return (fiches[-1].fin if fiches else 0) + len(fin)


def read_archive(flux: BinaryIO, *, is_garde: Callable[[str], bool]) -> Archive:
    """Lit une archive et vérifie que chacun de ses octets est celui que nous aurions écrit.

    Args:
        flux: archive, positionnée au début.
        is_garde: dit, d’après le nom, si le contenu est à garder en mémoire (4 Mio au plus).

    Raises:
        PreuveInvalide: la première différence, avec le nom du fichier quand il est connu.
    """
    archive = Archive()
    fiches: list[_Fiche] = []
    while (signature := _read(flux, 4)) == _LOCAL:
        fiche = _read_fiche(flux, fiches)
        fiches.append(fiche)
        _read_contenu(flux, fiche, archive, garde=is_garde(fiche.nom))
    attendu = _build_fin(fiches)
    if signature + flux.read(len(attendu)) != attendu:
        raise PreuveInvalide("La table des fichiers de l’archive n’est pas celle attendue.")
    _check_noms(archive.empreintes)
    return archive


def check_nom_fichier(nom: str) -> None:
    """Refuse un nom qui sortirait du dossier d’extraction ou tromperait la personne qui le lit.

    Raises:
        PreuveInvalide: nom absolu, remontant, caché, réservé, trop long, ou mal composé.
    """
    if not 0 < len(nom.encode("utf-8", "surrogatepass")) <= NOM_MAX:
        raise PreuveInvalide("Nom de fichier vide ou trop long dans l’archive.")
    if unicodedata.normalize("NFC", nom) != nom or _INTERDITS.search(nom) or not _is_lisible(nom):
        raise PreuveInvalide("Nom de fichier avec un caractère interdit dans l’archive.")
    for partie in nom.split("/"):
        if not partie or partie[0] in ". " or partie[-1] in ". " or _RESERVES.fullmatch(partie):
            raise PreuveInvalide("Nom de fichier dangereux dans l’archive.")


def clean_nom(nom: str) -> str:
    """Rend un nom de document acceptable, le plus proche possible de celui donné."""
    nom = unicodedata.normalize("NFC", nom)
    nom = "".join(
        c if _is_lisible(c) and not _INTERDITS.match(c) and c != "/" else "_" for c in nom
    )
    souche, point, extension = nom.rpartition(".")
    suffixe = f"{point}{extension}" if souche and len(extension.encode()) <= 10 else ""
    base = (souche if suffixe else nom).encode()[: NOM_MAX - 60].decode("utf-8", "ignore")
    propre = f"{base}{suffixe}".strip(". ") or "document"
    return f"_{propre}" if _RESERVES.fullmatch(propre) else propre


def _is_permis(caractere: str) -> bool:
    return caractere != "/" and _is_lisible(caractere) and not _INTERDITS.match(caractere)


def _is_lisible(texte: str) -> bool:
    """Écarte ce qui ne se voit pas ou retourne le texte (marques d’écriture, demi-paires)."""
    return all(unicodedata.category(c)[0] not in "CZ" or c == " " for c in texte)


def _check_noms(noms: Collection[str]) -> None:
    vus: set[str] = set()
    for nom in noms:
        check_nom_fichier(nom)
        vus.add(nom.casefold())
    if len(vus) != len(noms):
        raise PreuveInvalide("Deux fichiers de l’archive ne diffèrent que par la casse.")
    if len(noms) > NOMBRE_MAX:
        raise PreuveInvalide(f"Plus de {NOMBRE_MAX} fichiers dans l’archive.")


def _sort_noms(noms: Iterable[str]) -> list[str]:
    return sorted(noms, key=str.encode)


def _build_fin(fiches: list[_Fiche]) -> bytes:
    table = b"".join(fiche.to_central() for fiche in fiches)
    position = fiches[-1].fin if fiches else 0
    nombre = len(fiches)
    return table + _FORME_FIN.pack(_FIN, 0, 0, nombre, nombre, len(table), position, 0)


def _iter_source(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as flux:
        while morceau := flux.read(_MORCEAU):
            yield morceau


def _read(flux: BinaryIO, nombre: int) -> bytes:
    octets = flux.read(nombre)
    if len(octets) != nombre:
        raise PreuveInvalide("L’archive est tronquée.")
    return octets


def _read_fiche(flux: BinaryIO, avant: list[_Fiche]) -> _Fiche:
    """Lit un en-tête : seuls le CRC, la taille et le nom peuvent varier, le reste est imposé."""
    if len(avant) >= NOMBRE_MAX:
        raise PreuveInvalide(f"Plus de {NOMBRE_MAX} fichiers dans l’archive.")
    fixe = _read(flux, _FORME_LOCAL.size - 4)
    *_, crc, taille, _taille, longueur, _annexe = _FORME_LOCAL.unpack(_LOCAL + fixe)
    brut = _read(flux, min(longueur, NOM_MAX + 1))
    try:
        nom = brut.decode()
    except UnicodeDecodeError as cause:
        raise PreuveInvalide("Un nom de fichier de l’archive n’est pas en UTF-8.") from cause
    check_nom_fichier(nom)
    fiche = _Fiche(nom, crc, taille, avant[-1].fin if avant else 0)
    if fiche.to_local() != _LOCAL + fixe + brut:
        raise PreuveInvalide(f"L’en-tête de « {nom} » n’est pas celui attendu.")
    if fiche.fin > TAILLE_MAX:
        raise PreuveInvalide("L’archive dépasse 2 Gio.")
    if avant and nom.encode() <= avant[-1].nom.encode():
        raise PreuveInvalide(f"« {nom} » n’est pas à sa place dans l’archive, ou s’y répète.")
    return fiche


def _read_contenu(flux: BinaryIO, fiche: _Fiche, archive: Archive, *, garde: bool) -> None:
    if garde and fiche.taille > PIECE_MAX:
        raise PreuveInvalide(f"« {fiche.nom} » est trop gros.")
    empreinte, crc, reste, morceaux = sha256(), 0, fiche.taille, []
    while reste:
        morceau = _read(flux, min(reste, _MORCEAU))
        empreinte.update(morceau)
        crc, reste = zlib.crc32(morceau, crc), reste - len(morceau)
        if garde:
            morceaux.append(morceau)
    if crc != fiche.crc:
        raise PreuveInvalide(f"Le contenu de « {fiche.nom} » a été modifié.")
    archive.empreintes[fiche.nom] = empreinte.digest()
    if garde:
        archive.contenus[fiche.nom] = b"".join(morceaux)
        archive.gardes += fiche.taille
        if archive.gardes > MEMOIRE_MAX:
            raise PreuveInvalide("Trop de pièces dans l’archive.")
