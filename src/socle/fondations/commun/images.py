"""Images reçues (logos) : reconnues à leur contenu, mesurées, débarrassées de leurs métadonnées.

Seules les parties qui dessinent sont gardées : ni position GPS, ni auteur, ni fichier caché après
la fin de l’image. Aucune bibliothèque d’image : rien n’est décodé ici.

Sources : PNG (W3C, 3e édition, §5), JPEG (ITU T.81, annexe B), WebP (RFC 9649).
"""

import struct
import zlib
from dataclasses import dataclass

from socle.fondations.commun.errors import ErreurMetier

PNG = b"\x89PNG\r\n\x1a\n"
COTE_MAX = 4000  # pixels
MORCEAUX_PNG = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM"}
MORCEAUX_WEBP = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
TRAMES_JPEG = {0xC0, 0xC1, 0xC2}  # séquentiel, étendu, progressif
SEGMENTS_JPEG = {0xC4, 0xDB, 0xDD, 0xE0, 0xEE} | TRAMES_JPEG  # E0 : JFIF ; EE : espace de couleur


class ImageRefusee(ErreurMetier):
    message = "Ce fichier n’est pas une image que nous savons lire."
    suite = "Enregistrez-la en PNG, JPEG ou WebP, puis choisissez-la de nouveau."
    statut = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """Une image reconnue.

    Attributes:
        largeur, hauteur: en pixels.
        contenu: l’image sans ses métadonnées.
    """

    type_mime: str
    largeur: int
    hauteur: int
    contenu: bytes


def measure_image(contenu: bytes) -> Image:
    """Reconnaît, mesure et nettoie une image PNG, JPEG ou WebP (fixe).

    Raises:
        ImageRefusee: autre format, fichier tronqué ou altéré, ou côté de plus de 4 000 pixels.
    """
    try:
        image = _read(contenu)
    except (struct.error, IndexError, KeyError, ValueError) as cause:
        raise ImageRefusee from cause
    if not (0 < image.largeur <= COTE_MAX and 0 < image.hauteur <= COTE_MAX):
        raise ImageRefusee(
            f"Cette image mesure {image.largeur} sur {image.hauteur} pixels.",
            "Réduisez-la à 4 000 pixels de côté au plus.",
        )
    return image


def _read(contenu: bytes) -> Image:
    if contenu.startswith(PNG):
        return _read_png(contenu)
    if contenu.startswith(b"\xff\xd8"):
        return _read_jpeg(contenu)
    if contenu[:4] == b"RIFF" and contenu[8:12] == b"WEBP":
        return _read_webp(contenu)
    raise ValueError("format inconnu")


def _read_png(contenu: bytes) -> Image:
    largeur, hauteur = struct.unpack(">II", contenu[16:24])
    gardes, place, genre = [PNG], len(PNG), b""
    while genre != b"IEND":
        taille, genre = struct.unpack(">I4s", contenu[place : place + 8])
        morceau = contenu[place : place + 12 + taille]
        if zlib.crc32(morceau[4:-4]) != struct.unpack(">I", morceau[-4:])[0]:
            raise ValueError("somme fausse")
        if genre in MORCEAUX_PNG:
            gardes.append(morceau)
        place += len(morceau)
    if gardes[1][4:8] != b"IHDR":
        raise ValueError("sans en-tête")
    return Image(type_mime="image/png", largeur=largeur, hauteur=hauteur, contenu=b"".join(gardes))


def _read_jpeg(contenu: bytes) -> Image:
    gardes, place, taille_image = [b"\xff\xd8"], 2, (0, 0)
    while True:
        marque, genre, taille = struct.unpack(">BBH", contenu[place : place + 4])
        if marque != 0xFF:
            raise ValueError("segment attendu")
        segment = contenu[place : place + 2 + taille]
        if genre in TRAMES_JPEG:
            taille_image = struct.unpack(">HH", segment[5:9])
        if genre == 0xDA:  # début des données : tout est gardé jusqu’à la fin de l’image
            gardes.append(contenu[place : contenu.rindex(b"\xff\xd9") + 2])
            break
        if genre in SEGMENTS_JPEG:
            gardes.append(segment)
        place += 2 + taille
    hauteur, largeur = taille_image
    return Image(type_mime="image/jpeg", largeur=largeur, hauteur=hauteur, contenu=b"".join(gardes))


def _read_webp(contenu: bytes) -> Image:
    fin = min(len(contenu), 8 + struct.unpack("<I", contenu[4:8])[0])
    gardes: list[bytes] = []
    mesures: dict[bytes, tuple[int, int]] = {}
    place = 12
    while place + 8 <= fin:
        genre, taille = struct.unpack("<4sI", contenu[place : place + 8])
        corps = contenu[place + 8 : place + 8 + taille]
        if len(corps) != taille or genre in (b"ANIM", b"ANMF"):
            raise ValueError("tronqué ou animé")
        if genre in MORCEAUX_WEBP:
            mesures.setdefault(genre, _measure_webp(genre, corps))
            if genre == b"VP8X":
                corps = bytes([corps[0] & 0x10]) + corps[1:]  # ne garde que la transparence
            gardes.append(struct.pack("<4sI", genre, taille) + corps + b"\0" * (taille % 2))
        place += 8 + taille + taille % 2
    suite = b"WEBP" + b"".join(gardes)
    largeur, hauteur = mesures.get(b"VP8X") or mesures.get(b"VP8 ") or mesures[b"VP8L"]
    propre = b"RIFF" + struct.pack("<I", len(suite)) + suite
    return Image(type_mime="image/webp", largeur=largeur, hauteur=hauteur, contenu=propre)


def _measure_webp(genre: bytes, corps: bytes) -> tuple[int, int]:
    if genre == b"VP8X":
        return (
            1 + int.from_bytes(corps[4:7], "little"),
            1 + int.from_bytes(corps[7:10], "little"),
        )
    if genre == b"VP8L":
        bits = int.from_bytes(corps[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if genre == b"VP8 ":
        largeur, hauteur = struct.unpack("<HH", corps[6:10])
        return largeur & 0x3FFF, hauteur & 0x3FFF
    return 0, 0
