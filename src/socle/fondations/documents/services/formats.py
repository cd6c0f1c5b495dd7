"""Type d’un fichier, lu dans ses octets. Le nom et ce que dit le navigateur ne comptent pas.

Une liste fermée : ce qui n’y est pas est refusé (page web, SVG, programme, document à macros…).
Un nom ne sert qu’à départager les textes simples (TXT, CSV, JSON, XML), où rien d’autre ne le dit.

Source: signatures du registre PRONOM (The National Archives) pour les formats de bureau usuels.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

TETE = 64 * 1024
REPERTOIRE_ZIP_MAX = 4 * 1024 * 1024
ENTREES_ZIP_MAX = 20_000
ERREURS_ZIP = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, ValueError,
)  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Format:
    """Un type accepté. La première extension est celle que prend un fichier mal nommé."""

    type_mime: str
    libelle: str
    famille: str
    extensions: tuple[str, ...]


FORMATS: dict[str, Format] = {
    f.type_mime: f
    for f in (
        Format("application/pdf", "PDF", "pdf", ("pdf",)),
        Format("image/jpeg", "image JPEG", "image", ("jpg", "jpeg", "jpe")),
        Format("image/png", "image PNG", "image", ("png",)),
        Format("image/heic", "photo HEIC", "image", ("heic", "heif")),
        Format("image/webp", "image WebP", "image", ("webp",)),
        Format("image/tiff", "image TIFF", "image", ("tif", "tiff")),
        Format("application/msword", "document Word", "document", ("doc", "dot")),
        Format(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "document Word", "document", ("docx",),
        ),
        Format(
            "application/vnd.oasis.opendocument.text", "texte OpenDocument", "document", ("odt",)
        ),
        Format("application/rtf", "texte RTF", "document", ("rtf",)),
        Format("application/vnd.ms-excel", "classeur Excel", "tableur", ("xls",)),
        Format(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "classeur Excel", "tableur", ("xlsx",),
        ),
        Format(
            "application/vnd.oasis.opendocument.spreadsheet",
            "classeur OpenDocument", "tableur", ("ods",),
        ),
        Format("text/csv", "CSV", "tableur", ("csv",)),
        Format("application/vnd.ms-powerpoint", "PowerPoint", "presentation", ("ppt", "pps")),
        Format(
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "PowerPoint", "presentation", ("pptx",),
        ),
        Format(
            "application/vnd.oasis.opendocument.presentation",
            "présentation OpenDocument", "presentation", ("odp",),
        ),
        Format("text/plain", "texte", "texte", ("txt", "text")),
        Format("application/json", "JSON", "donnees", ("json", "geojson")),
        Format("application/xml", "XML", "donnees", ("xml",)),
        Format("application/zip", "archive ZIP", "archive", ("zip",)),
        Format("audio/mpeg", "son MP3", "audio", ("mp3",)),
        Format("audio/mp4", "son M4A", "audio", ("m4a",)),
        Format("audio/ogg", "son OGG", "audio", ("ogg", "oga", "opus")),
        Format("audio/wav", "son WAV", "audio", ("wav",)),
        Format("video/mp4", "vidéo MP4", "video", ("mp4", "m4v")),
        Format("video/quicktime", "vidéo MOV", "video", ("mov",)),
        Format("video/webm", "vidéo WebM", "video", ("webm",)),
    )
}  # fmt: skip
FAMILLES: dict[str, str] = {
    "pdf": "PDF",
    "image": "image (JPEG, PNG, HEIC, WebP, TIFF)",
    "document": "document (Word, OpenDocument, RTF)",
    "tableur": "tableur (Excel, OpenDocument, CSV)",
    "presentation": "présentation (PowerPoint, OpenDocument)",
    "texte": "texte",
    "donnees": "données (JSON, XML)",
    "archive": "archive ZIP",
    "audio": "son (MP3, M4A, OGG, WAV)",
    "video": "vidéo (MP4, MOV, WebM)",
}
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
)
MARQUES_ISO = {
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"heim": "image/heic",
    b"hevc": "image/heic", b"msf1": "image/heic",
    b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4",
    b"isom": "video/mp4", b"iso2": "video/mp4", b"iso4": "video/mp4", b"iso5": "video/mp4",
    b"iso6": "video/mp4", b"mp41": "video/mp4", b"mp42": "video/mp4", b"M4V ": "video/mp4",
    b"avc1": "video/mp4", b"MSNV": "video/mp4",
}  # fmt: skip
FLUX_OLE = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
PARTIES_OOXML = {
    b"wordprocessingml.document.main+xml": "wordprocessingml.document",
    b"spreadsheetml.sheet.main+xml": "spreadsheetml.sheet",
    b"presentationml.presentation.main+xml": "presentationml.presentation",
}
ACTIF = re.compile(rb"<\s*(!doctype\s+html|html|svg|script|\w+:svg|\w+:html)\b", re.IGNORECASE)
PROGRAMMES = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"<?php", b"@echo")
DEFENDUS = {
    "web": "page web ou image SVG",
    "programme": "programme",
    "macros": "document Office à macros",
    "inconnu": "type inconnu",
}


def detect_format(fichier: BinaryIO, nom: str) -> Format | str:
    """Rend le format du contenu, ou le nom français de ce qui a été trouvé et qui est refusé.

    Args:
        fichier: ouvert en lecture, positionnable ; laissé à son début.
        nom: nom d’origine, pour départager TXT, CSV, JSON et XML seulement.
    """
    fichier.seek(0)
    tete = fichier.read(TETE)
    trouve = _detect(fichier, tete, nom)
    fichier.seek(0)
    return FORMATS.get(trouve) or DEFENDUS[trouve]


def _detect(fichier: BinaryIO, tete: bytes, nom: str) -> str:
    if tete.startswith(b"PK\x03\x04"):
        return _detect_zip(fichier)
    if tete.startswith(OLE):
        return _detect_ole(fichier, tete)
    return _detect_signature(tete) or _detect_texte(tete, nom)


def _detect_signature(tete: bytes) -> str:
    if tete.startswith(PROGRAMMES):
        return "programme"
    if tete[4:8] == b"ftyp":
        return MARQUES_ISO.get(tete[8:12], "inconnu")
    if tete.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in tete[:64] else "inconnu"
    for place, signature, type_mime in SIGNATURES:
        if tete[place : place + len(signature)] == signature:
            return type_mime
    est_pdf = b"%PDF-" in tete[:1024] and not tete.lstrip().startswith(b"<")
    return "application/pdf" if est_pdf else ""


def _detect_texte(tete: bytes, nom: str) -> str:
    """Texte sans octet de commande ; une page web reste refusée sous tout autre nom."""
    if tete.startswith((b"\xff\xfe", b"\xfe\xff")):
        texte = tete[: len(tete) // 2 * 2].decode("utf-16", "ignore").encode()
    else:
        texte = tete.removeprefix(b"\xef\xbb\xbf")
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", texte):
        return "inconnu"
    debut = texte.lstrip()
    extension = nom.lower().rpartition(".")[2]
    if debut.startswith(b"<"):
        if ACTIF.search(texte):
            return "web"
        return (
            "application/xml" if debut.startswith(b"<?xml") or extension == "xml" else "text/plain"
        )
    if extension in ("json", "geojson") and debut[:1] in (b"{", b"["):
        return "application/json"
    return "text/csv" if extension == "csv" else "text/plain"


def _detect_zip(fichier: BinaryIO) -> str:
    """Bureautique ou archive. Le répertoire est borné avant d’être lu : il vient d’un inconnu."""
    if not _is_zip_borne(fichier):
        return "inconnu"
    try:
        with zipfile.ZipFile(fichier) as archive:
            noms = archive.namelist()
            if len(noms) > ENTREES_ZIP_MAX or not noms:
                return "inconnu"
            if noms[0] == "mimetype":
                return _detect_odf(_read_entree(archive, "mimetype", 200))
            if "[Content_Types].xml" in noms:
                return _detect_ooxml(_read_entree(archive, "[Content_Types].xml", 1_000_000))
    except ERREURS_ZIP:
        return "inconnu"
    return "application/zip"


def _is_zip_borne(fichier: BinaryIO) -> bool:
    """Vrai si l’archive a une fin lisible et un répertoire de taille raisonnable."""
    taille = fichier.seek(0, 2)
    fichier.seek(max(0, taille - 66_000))
    queue = fichier.read()
    place = queue.rfind(b"PK\x05\x06")
    if place < 0 or len(queue) - place < 22:
        return False
    entrees, repertoire = struct.unpack("<HI", queue[place + 10 : place + 16])
    return entrees <= ENTREES_ZIP_MAX and repertoire <= REPERTOIRE_ZIP_MAX


def _read_entree(archive: zipfile.ZipFile, nom: str, limite: int) -> bytes:
    with archive.open(nom) as entree:
        return entree.read(limite)


def _detect_odf(mimetype: bytes) -> str:
    type_mime = mimetype.decode("ascii", "ignore").strip()
    return type_mime if type_mime in FORMATS and "opendocument" in type_mime else "inconnu"


def _detect_ooxml(types: bytes) -> str:
    if b"macroEnabled" in types:
        return "macros"
    for partie, suite in PARTIES_OOXML.items():
        if partie in types:
            return f"application/vnd.openxmlformats-officedocument.{suite}"
    return "inconnu"


def _detect_ole(fichier: BinaryIO, tete: bytes) -> str:
    """Ancien format Office : le genre est le nom d’un flux du répertoire.

    Source: [MS-CFB] 2.2 et 2.6 (secteurs, chaîne de la FAT, entrées de 128 octets).
    """
    try:
        for nom in _iter_flux_ole(fichier, tete):
            if nom in FLUX_OLE:
                return FLUX_OLE[nom]
    except (struct.error, ValueError):
        pass
    return "inconnu"


def _iter_flux_ole(fichier: BinaryIO, tete: bytes) -> Iterator[str]:
    """Parcourt les noms du répertoire, 64 secteurs au plus."""
    [puissance] = struct.unpack("<H", tete[30:32])
    if puissance not in (9, 12):
        raise ValueError("taille de secteur")
    secteur = 1 << puissance
    fats = struct.unpack("<109I", tete[76:512])
    [place] = struct.unpack("<I", tete[48:52])
    for _ in range(64):
        fichier.seek((place + 1) * secteur)
        bloc = fichier.read(secteur)
        for debut in range(0, len(bloc) - 127, 128):
            [longueur] = struct.unpack("<H", bloc[debut + 64 : debut + 66])
            yield bloc[debut : debut + max(0, min(longueur, 64) - 2)].decode("utf-16-le", "ignore")
        rang, reste = divmod(place, secteur // 4)
        if rang >= len(fats) or fats[rang] >= 0xFFFFFFF0:
            return
        fichier.seek((fats[rang] + 1) * secteur + reste * 4)
        [place] = struct.unpack("<I", fichier.read(4))
        if place >= 0xFFFFFFF0:
            return
