"""Fichiers d’essai faits sur place, un par type accepté, et ceux qu’il faut refuser."""

import io
import struct
import zipfile

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def build_image(format_: str) -> bytes:
    tampon = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(tampon, format_)
    return tampon.getvalue()


def build_zip(**entrees: bytes) -> bytes:
    return build_zip_de(dict(entrees))


def build_zip_de(entrees: dict[str, bytes]) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        for nom, contenu in entrees.items():
            archive.writestr(nom, contenu)
    return tampon.getvalue()


def build_ooxml(partie: str) -> bytes:
    types = f'<Types><Override ContentType="application/vnd.{partie}"/></Types>'
    return build_zip_de({"[Content_Types].xml": types.encode(), "word/document.xml": b"<w/>"})


def build_odf(genre: str) -> bytes:
    type_mime = f"application/vnd.oasis.opendocument.{genre}"
    return build_zip_de({"mimetype": type_mime.encode(), "content.xml": b"<x/>"})


def build_ole(flux: str, *, secteur_du_flux: int = 0) -> bytes:
    """Conteneur OLE minimal : en-tête, FAT, répertoire d’un ou plusieurs secteurs chaînés."""
    secteurs_repertoire = secteur_du_flux + 1
    fat = [0xFFFFFFFD] + [rang + 2 for rang in range(secteurs_repertoire)]
    fat[-1] = 0xFFFFFFFE
    fat += [0xFFFFFFFF] * (128 - len(fat))
    entete = bytearray(512)
    entete[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHH", entete, 24, 0x3E, 3, 0xFFFE, 9)
    struct.pack_into("<II", entete, 44, 1, 1)
    struct.pack_into("<109I", entete, 76, *([0] + [0xFFFFFFFF] * 108))
    repertoire = bytearray(512 * secteurs_repertoire)
    nom = flux.encode("utf-16-le") + b"\0\0"
    debut = 512 * secteur_du_flux + 128
    repertoire[debut : debut + len(nom)] = nom
    struct.pack_into("<H", repertoire, debut + 64, len(nom))
    return bytes(entete) + struct.pack("<128I", *fat) + bytes(repertoire)


def build_iso(marque: bytes) -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + marque + b"\0" * 12 + b"\0" * 40


OOXML = "openxmlformats-officedocument."
ACCEPTES = [
    ("a.pdf", PDF, "application/pdf"),
    ("bruit.pdf", b"\0\0bruit\n" + PDF, "application/pdf"),
    ("a.jpg", build_image("JPEG"), "image/jpeg"),
    ("a.png", build_image("PNG"), "image/png"),
    ("a.webp", build_image("WEBP"), "image/webp"),
    ("a.tif", build_image("TIFF"), "image/tiff"),
    ("a.heic", build_iso(b"heic"), "image/heic"),
    ("a.mp4", build_iso(b"isom"), "video/mp4"),
    ("a.mov", build_iso(b"qt  "), "video/quicktime"),
    ("a.m4a", build_iso(b"M4A "), "audio/mp4"),
    ("a.webm", b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video/webm"),
    ("a.mp3", b"ID3\x04\0\0\0\0\0\0", "audio/mpeg"),
    ("a.ogg", b"OggS\0\2", "audio/ogg"),
    ("a.wav", b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    ("a.rtf", rb"{\rtf1\ansi}", "application/rtf"),
    (
        "a.docx",
        build_ooxml(OOXML + "wordprocessingml.document.main+xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "a.xlsx",
        build_ooxml(OOXML + "spreadsheetml.sheet.main+xml"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        "a.pptx",
        build_ooxml(OOXML + "presentationml.presentation.main+xml"),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("a.odt", build_odf("text"), "application/vnd.oasis.opendocument.text"),
    ("a.ods", build_odf("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    ("a.odp", build_odf("presentation"), "application/vnd.oasis.opendocument.presentation"),
    ("a.doc", build_ole("WordDocument"), "application/msword"),
    ("b.doc", build_ole("WordDocument", secteur_du_flux=2), "application/msword"),
    ("a.xls", build_ole("Workbook"), "application/vnd.ms-excel"),
    ("a.ppt", build_ole("PowerPoint Document"), "application/vnd.ms-powerpoint"),
    ("a.zip", build_zip(lisezmoi=b"bonjour"), "application/zip"),
    ("a.txt", "Été, 5 < 6".encode(), "text/plain"),
    ("latin.txt", "Été".encode("latin-1"), "text/plain"),
    ("utf16.txt", "Été".encode("utf-16"), "text/plain"),
    ("a.csv", b"nom;age\nL\xc3\xa9o;7\n", "text/csv"),
    ("a.json", b'{"a": 1}', "application/json"),
    ("a.xml", b'<?xml version="1.0"?><racine/>', "application/xml"),
]
REFUSES = [
    ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "page web ou image SVG"),
    ("a.xml", b'<?xml version="1.0"?>\n<svg onload="x"/>', "page web ou image SVG"),
    ("a.xml", b'<?xml version="1.0"?><x:svg xmlns:x="y"/>', "page web ou image SVG"),
    ("a.pdf", b"<html><script>%PDF-1.7</script>", "page web ou image SVG"),
    ("a.txt", b"\xef\xbb\xbf  <!DOCTYPE html><p>", "page web ou image SVG"),
    ("a.txt", "<html>".encode("utf-16"), "page web ou image SVG"),
    ("facture.pdf", b"MZ\x90\x00", "programme"),
    ("a.txt", b"#!/bin/sh\nrm -rf /", "programme"),
    ("a.docm", build_ooxml("ms-word.document.macroEnabled.main+xml"), "document Office à macros"),
    ("a.bin", bytes(range(32)), "type inconnu"),
    ("a.gif", b"GIF89a\x01\x00", "type inconnu"),
    ("a.msi", build_ole("Autre"), "type inconnu"),
    ("a.doc", build_ole("WordDocument")[:600], "type inconnu"),
    ("a.epub", build_zip_de({"mimetype": b"application/epub+zip"}), "type inconnu"),
    ("a.zip", b"PK\x03\x04 tronque", "type inconnu"),
    ("a.zip", build_zip_de({}), "type inconnu"),
    ("a.3gp", build_iso(b"3gp4"), "type inconnu"),
]
