"""Fichiers hostiles : toujours un rapport, rien n’est déployé, rien n’est lu ailleurs."""

import gzip
import io
import struct
import tarfile
import zlib
from collections.abc import Callable

import pytest

from socle.normes.actes.archive import Limites, read_archive
from socle.normes.actes.controle import check_fichier
from socle.normes.actes.rapport import Anomalie, Niveau, Rapport
from socle.normes.actes.transmission import Depot
from socle.normes.actes.vocabulaire import ACTES
from tests.normes.actes.fabrique import PDF, build_acte_xml, list_codes, repack

MESSAGE = build_acte_xml("<actes:Objet>&a;</actes:Objet>").decode()
RIRES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 9))
DTD = {
    "rires": f'<!DOCTYPE a [<!ENTITY a0 "rire"><!ENTITY a "rire">{RIRES}]>',
    "externe": '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "paramètre": '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p"> %p;]>',
    "DTD externe": '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">',
    "vide": "<!DOCTYPE a>",
    "attribut": '<!DOCTYPE a [<!ATTLIST a b CDATA "x">]>',
}
ENCODAGES = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "latin-1")


def judge(octets: bytes) -> tuple[bool, str]:
    rapport = check_fichier(octets)
    assert all(a.message for a in rapport.anomalies)
    return rapport.lisible, rapport.anomalies[0].code if rapport.anomalies else ""


@pytest.mark.parametrize("cas", DTD)
def test_entities_are_never_read(cas: str) -> None:
    for encodage in ENCODAGES:
        verdict = judge((DTD[cas] + MESSAGE).encode(encodage))
        # Sans prologue, l’UTF-16 sans marque n’est pas du XML : refusé plus tôt.
        assert verdict in {(False, "xml.dtd"), (False, "xml.forme")}, encodage
    assert judge((DTD[cas] + MESSAGE).encode()) == (False, "xml.dtd")
    assert judge((DTD[cas] + MESSAGE).encode("utf-16")) == (False, "xml.dtd")


ACTE = f'<actes:Acte xmlns:actes="{ACTES}">'.encode()
XML: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "vide": (b"", "xml.vide"),
    "blancs": (b" \n\t ", "xml.vide"),
    "un signe": (b"<", "xml.forme"),
    "nul": (ACTE + b"a\0b</actes:Acte>", "xml.forme"),
    "substitut isolé": (ACTE + b"\xed\xa0\x80</actes:Acte>", ""),
    "référence de substitut": (ACTE + b"&#xD800;</actes:Acte>", "xml.forme"),
    "référence nulle": (ACTE + b"&#0;</actes:Acte>", "xml.forme"),
    "entité inconnue": (ACTE + b"&x;</actes:Acte>", "xml.forme"),
    "encodage inconnu": (b'<?xml version="1.0" encoding="x-rien"?><a/>', "xml.forme"),
    "profond": (b"<a>" * 100 + b"</a>" * 100, "xml.profondeur"),
    "trop d’éléments": (lambda: b"<a>" + b"<a/>" * 500_001 + b"</a>", "xml.nombre"),
    "trop d’attributs": (
        lambda: b"<a " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/>", "xml.nombre",
    ),
    "10 Mo sur une ligne": (lambda: ACTE + b"x" * 10_000_001 + b"</actes:Acte>", "xml."),
    "message trop lourd": (lambda: ACTE + b"<a/>" * 50_001 + b"</actes:Acte>", "xml.taille"),
    "trop lourd": (lambda: b"<a>" + b"\n" * (33 << 20) + b"</a>", "xml.taille"),
    "zip": (b"PK\x03\x04" + b"\0" * 40, "xml.forme"),
    "pdf": (PDF, "xml.forme"),
    "tar seul": (gzip.decompress(repack([("a.pdf", PDF)])), "xml.forme"),
    "html": (b"<html><body>x</body></html>", "message.inconnu"),
}  # fmt: skip


@pytest.mark.parametrize("cas", XML)
def test_hostile_xml_gets_a_report(cas: str) -> None:
    build, code = XML[cas]

    lisible, trouve = judge(build() if callable(build) else build)

    assert lisible is (not code)
    assert trouve.startswith(code)


def build_tar(entree: tarfile.TarInfo, contenu: bytes = b"", *, genre: int) -> bytes:
    tampon = io.BytesIO()
    with tarfile.open(fileobj=tampon, mode="w", format=genre) as archive:
        entree.size = len(contenu)
        archive.addfile(entree, io.BytesIO(contenu))
    return gzip.compress(tampon.getvalue(), 1)


def build_entree(nom: str, genre: bytes = tarfile.REGTYPE, lien: str = "") -> tarfile.TarInfo:
    entree = tarfile.TarInfo(nom)
    entree.type, entree.linkname = genre, lien
    return entree


@pytest.mark.parametrize(
    "genre",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE,
     tarfile.DIRTYPE, tarfile.CONTTYPE, b"Z"],
)  # fmt: skip
def test_links_folders_and_devices_are_refused(genre: bytes) -> None:
    entree = build_entree("a.xml", genre, "/etc/passwd")
    octets = build_tar(entree, genre=tarfile.USTAR_FORMAT)

    lue = read_archive(octets)

    assert lue.membres == []
    assert list_codes(lue.anomalies) == {"archive.lien"}
    assert not check_fichier(octets).valide


@pytest.mark.parametrize(
    "nom",
    ["../secret.pdf", "/etc/passwd", "d/a.pdf", "..", "a/../b", "C:\\a.pdf", "a\nb", "é.pdf", "-a"],
)
def test_names_that_leave_the_archive_are_refused(nom: str) -> None:
    lue = read_archive(build_tar(build_entree(nom), PDF, genre=tarfile.USTAR_FORMAT))

    assert "archive.nom" in list_codes(lue.anomalies)
    Rapport(anomalies=lue.anomalies).to_json()


def test_long_names_and_extended_headers_are_refused() -> None:
    """Un autre lecteur verrait un autre nom, ou une autre taille."""
    long = "a" * 120 + ".pdf"
    gnu = read_archive(build_tar(build_entree(long), PDF, genre=tarfile.GNU_FORMAT))
    pax = read_archive(build_tar(build_entree(long), PDF, genre=tarfile.PAX_FORMAT))
    anodin = build_entree("a.pdf")
    anodin.mtime = 1.5
    date = read_archive(build_tar(anodin, PDF, genre=tarfile.PAX_FORMAT))

    assert "archive.lien" in list_codes(gnu.anomalies)
    assert "archive.etendu" in list_codes(pax.anomalies)
    assert (date.anomalies, [m.nom for m in date.membres]) == ([], ["a.pdf"])


def refuse(octets: bytes, limites: Limites | None = None) -> str:
    rapport = check_fichier(octets, limites=limites)
    assert (rapport.lisible, rapport.valide) == (False, False)
    return rapport.anomalies[0].code


def test_bombs_are_refused_early() -> None:
    moteur = zlib.compressobj(9, zlib.DEFLATED, 31)
    entete = build_entree("a.pdf")
    entete.size = 2 << 30
    bombe = moteur.compress(entete.tobuf())
    bombe += b"".join(moteur.compress(b"\0" * (1 << 20)) for _ in range(34))
    nombreux = repack((f"{rang}.pdf", b"x") for rang in range(201))

    assert refuse(bombe) == "archive.bombe"
    assert refuse(nombreux, Limites(entrees=200)) == "archive.bombe"
    assert (
        refuse(repack([("a.xml", b"x" * 5_000)]), Limites(octets_gardes=4_000)) == "archive.bombe"
    )
    assert refuse(nombreux, Limites(octets_archive=100)) == "archive.taille"
    assert refuse(nombreux, Limites(octets_deployes=1_000)) == "archive.bombe"


def test_broken_archives_are_named(depot: Depot) -> None:
    tar = gzip.decompress(depot.octets)
    mauvaise_taille = bytearray(tar)
    mauvaise_taille[124:136] = b"77777777777\0"
    enorme = bytearray(tar)
    enorme[124:136] = b"\x80" + b"\xff" * 11  # taille en base 256
    negative = tarfile.TarInfo("a.pdf").tobuf().replace(b"00000000000", b"-0000000001", 1)

    assert refuse(b"\x1f\x8b") == "archive.abimee"
    assert refuse(b"\x1f\x8b" + b"x" * 90) == "archive.gzip"
    assert refuse(depot.octets[:-9]) == "archive.abimee"
    assert refuse(depot.octets + b"suite") == "archive.abimee"
    assert refuse(gzip.compress(tar + b"cache")) == "archive.abimee"
    for octets in (bytes(mauvaise_taille), bytes(enorme), negative, PDF * 3, b"x" * 100, b""):
        assert refuse(gzip.compress(octets)) == "archive.abimee"
    assert refuse(gzip.compress(depot.octets)) == "archive.abimee"  # gzip dans un gzip


def test_gzip_in_two_parts_and_zeros_are_read(depot: Depot) -> None:
    tar = gzip.decompress(depot.octets)
    deux = gzip.compress(tar[:700]) + gzip.compress(tar[700:]) + b"\0" * 100

    assert [m.nom for m in read_archive(deux).membres] == [nom for nom, _ in depot.fichiers]


def test_every_cut_archive_is_refused(depot: Depot) -> None:
    for reste in range(2, len(depot.octets), 53):
        assert check_fichier(depot.octets[:reste]).lisible is False


def test_archive_of_hostile_xml_names_each_file(depot: Depot) -> None:
    fichiers = [*depot.fichiers, ("a.xml", DTD["rires"].encode()), ("b.xml", b"<a>" * 999)]

    erreurs = check_fichier(repack(fichiers), depot.nom).list_niveau(Niveau.ERREUR)

    assert {(a.code, a.fichier) for a in erreurs if a.code.startswith("xml")} == {
        ("xml.dtd", "a.xml"), ("xml.profondeur", "b.xml"),
    }  # fmt: skip


def test_report_is_always_writable() -> None:
    """Le nom d’un fichier peut porter des demi-caractères ; un message, des signes de commande."""
    octets = build_acte_xml("<actes:Objet>a\x85&#x9b;31m</actes:Objet>")

    rapport = check_fichier(octets, "\udcff\x1b[31m.xml")
    textes = str(rapport.to_json())

    textes.encode()
    assert "\x1b" not in textes
    assert "\x9b" not in textes
    assert Anomalie(code="x", message="\ud800", cellule="\0").to_json()["message"] == "?"


def test_weight_of_all_the_files_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Une archive pleine de XML : le total des éléments est compté, pas seulement chacun."""
    monkeypatch.setattr("socle.normes.actes.totem.ELEMENTS_MAX", 3_000)
    un = build_acte_xml("<a/>" * 800)
    seul = check_fichier(repack([("b.xml", un)]))
    quatre = check_fichier(repack((f"b{rang}.xml", un) for rang in range(4)))

    assert "xml.nombre" not in list_codes(seul.anomalies)
    assert "xml.nombre" in list_codes(quatre.anomalies)


def test_struct_of_the_header_is_checked() -> None:
    entete = bytearray(build_entree("a.pdf").tobuf())
    entete[0:1] = b"b"  # le nom change, pas la somme de contrôle

    assert refuse(gzip.compress(bytes(entete) + b"\0" * 1024)) == "archive.abimee"
    assert struct.calcsize("512s") == len(entete)
