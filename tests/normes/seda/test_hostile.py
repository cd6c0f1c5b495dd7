"""Archives hostiles : refusées vite, sans rien déployer."""

import io
import stat
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from socle.normes.seda.controles import Limites, check_sip, jauge
from tests.normes.seda.fabrique import build_transfert, read_manifeste, remake, write_paquet


def seul_defaut(chemin: Path, **options: object) -> tuple[str, str]:
    [controle] = list(check_sip(chemin, **options).iter_defauts())
    return controle.code, controle.message


def ajoute(chemin: Path, entree: zipfile.ZipInfo, octets: bytes = b"x") -> Path:
    with zipfile.ZipFile(chemin, "a") as archive:
        archive.writestr(entree, octets)
    return chemin


@pytest.mark.parametrize(
    "octets",
    [b"", b"PK", b"Bonjour", b"PK\x03\x04" + b"\0" * 500, b"PK\x05\x06" + b"\xff" * 18],
)
def test_fichier_that_is_not_a_zip_is_refused(tmp_path, octets):
    chemin = tmp_path / "x.zip"
    chemin.write_bytes(octets)

    assert seul_defaut(chemin)[0] == "CHECK_CONTAINER"


def test_archive_empty_has_no_bordereau(tmp_path):
    with zipfile.ZipFile(tmp_path / "vide.zip", "w"):
        pass

    assert seul_defaut(tmp_path / "vide.zip")[0] == "MANIFEST_FILE_NAME_CHECK"


def test_archive_cut_short_is_refused(paquet):
    octets = paquet.read_bytes()
    for reste in range(0, len(octets), 97):
        paquet.write_bytes(octets[:reste])
        assert not check_sip(paquet).is_acceptable


@pytest.mark.parametrize("place", range(0, 2000, 61))
def test_archive_with_a_changed_byte_never_crashes(paquet, place):
    octets = bytearray(paquet.read_bytes())
    octets[place % len(octets)] ^= 0xFF
    paquet.write_bytes(octets)

    check_sip(paquet)  # refusé ou non, jamais d’exception


def test_bombe_of_one_huge_entree_is_refused(tmp_path):
    chemin = tmp_path / "bombe.zip"
    with (
        zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("content/zeros.bin", "w") as sortie,
    ):
        for _ in range(64):
            sortie.write(b"\0" * (1 << 20))

    code, message = seul_defaut(chemin, limites=Limites(octets_suspects=32 << 20))

    assert code == "CHECK_CONTAINER"
    assert "piège" in message


def test_bombe_of_entrees_that_overlap_is_refused(paquet):
    with zipfile.ZipFile(paquet) as archive:
        premier, deuxieme = archive.infolist()[:2]
    octets = bytearray(paquet.read_bytes())
    annuaire = octets.find(b"PK\x01\x02")
    place = octets.find(struct.pack("<L", deuxieme.header_offset), annuaire)
    # L’annuaire fait pointer la deuxième entrée sur les octets de la première.
    octets[place : place + 4] = struct.pack("<L", premier.header_offset + 1)
    paquet.write_bytes(octets)

    code, message = seul_defaut(paquet)

    assert code == "CHECK_CONTAINER"
    assert "recouvrent" in message


def test_too_many_entrees_are_counted_without_being_loaded(tmp_path):
    chemin = tmp_path / "nombreux.zip"
    with zipfile.ZipFile(chemin, "w") as archive:
        for rang in range(300):
            archive.writestr(f"content/{rang}", b"")
    octets = bytearray(chemin.read_bytes())
    fin = octets.rfind(b"PK\x05\x06")
    octets[fin + 8 : fin + 12] = struct.pack("<HH", 1, 1)  # l’annuaire ment
    chemin.write_bytes(octets)

    code, message = seul_defaut(chemin, limites=Limites(entrees=200))

    assert code == "CHECK_CONTAINER"
    assert "plus de 200 entrées" in message


def test_annuaire_of_a_very_large_archive_is_walked_too(tmp_path):
    chemin = tmp_path / "zip64.zip"
    with zipfile.ZipFile(chemin, "w") as archive:  # au-delà de 65 535 entrées : ZIP64
        for rang in range(65_600):
            archive.writestr(zipfile.ZipInfo(f"content/{rang}"), b"")

    code, message = seul_defaut(chemin, limites=Limites(entrees=65_599))

    assert (code, "plus de 65599 entrées" in message) == ("CHECK_CONTAINER", True)


@pytest.mark.parametrize(
    "limites",
    [Limites(octets_archive=100), Limites(octets_deployes=100)],
    ids=["archive", "déployée"],
)
def test_archive_too_big_is_refused(paquet, limites):
    code, message = seul_defaut(paquet, limites=limites)

    assert code == "CHECK_CONTAINER"
    assert "la limite est 100" in message


def test_bordereau_too_big_is_refused(paquet):
    code, message = seul_defaut(paquet, limites=Limites(octets_manifeste=100))

    assert code == "CHECK_SEDA"
    assert "la limite est 100" in message


@pytest.mark.parametrize("genre", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_lien_and_fichier_special_are_refused(paquet, genre):
    entree = zipfile.ZipInfo("content/lien.txt")
    entree.create_system = 3
    entree.external_attr = (genre | 0o777) << 16

    assert seul_defaut(ajoute(paquet, entree, b"/etc/passwd"))[0] == "CHECK_CONTAINER"


def test_two_entrees_of_the_same_nom_are_refused(paquet):
    with pytest.warns(UserWarning, match="Duplicate name"):
        ajoute(paquet, zipfile.ZipInfo("manifest.xml"), b"<autre/>")

    assert "même nom" in seul_defaut(paquet)[1]


def test_entree_encrypted_is_refused(paquet):
    octets = bytearray(paquet.read_bytes())
    annuaire = octets.find(b"PK\x01\x02")
    octets[annuaire + 8] |= 1
    paquet.write_bytes(octets)

    assert "mot de passe" in seul_defaut(paquet)[1]


def test_methode_of_compression_that_is_rare_is_refused(tmp_path):
    chemin = tmp_path / "lzma.zip"
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("manifest.xml", b"x")

    assert "compression ZIP ordinaire" in seul_defaut(chemin)[1]


@pytest.mark.parametrize(
    "nom",
    [
        "content/../../secret.txt",
        "../secret.txt",
        "/etc/passwd",
        "content\\..\\secret.txt",
        "C:/secret.txt",
        "content/a\0.txt",
    ],
)
def test_nom_that_leaves_the_archive_is_refused(paquet, nom):
    entree = zipfile.ZipInfo("x")
    entree.filename = nom
    ajoute(paquet, entree)

    rapport = check_sip(paquet)

    assert "STP_UPLOAD_SIP" in {c.code for c in rapport.iter_defauts()}
    assert not rapport.is_acceptable


ENTITES = {
    "exponentielle": (
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 9))
        + "]>"
    ),
    "externe": '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "DTD externe": '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">',
    "DTD vide": "<!DOCTYPE ArchiveTransfer>",
}


@pytest.mark.parametrize("cas", ENTITES)
def test_bordereau_with_entites_is_refused(paquet, tmp_path, cas):
    entete = '<?xml version="1.0" encoding="UTF-8"?>'
    piege = remake(
        paquet,
        tmp_path / "p.zip",
        manifeste=lambda t: t.replace(entete, entete + ENTITES[cas]).replace(
            "Inscription", "&a;" if cas != "DTD vide" else "Inscription"
        ),
    )

    code, message = seul_defaut(piege)

    assert code == "CHECK_SEDA.NOT_XML_FILE"
    assert "root:" not in message


@pytest.mark.parametrize(
    "octets",
    [b"a\0b", b"&#0;", b"\xed\xa0\x80", b"&#xD800;", b"\xff"],
    ids=["NUL", "NUL dit", "demi-paire", "demi-paire dite", "octet perdu"],
)
def test_bordereau_with_a_signe_that_is_no_text_is_refused(paquet, tmp_path, octets):
    piege = tmp_path / "p.zip"
    with zipfile.ZipFile(paquet) as avant, zipfile.ZipFile(piege, "w") as apres:
        for nom in avant.namelist():
            apres.writestr(nom, avant.read(nom).replace(b"Inscription", octets))

    code, message = seul_defaut(piege)

    assert code == "CHECK_SEDA.NOT_XML_FILE"
    message.encode()


@pytest.mark.parametrize("nom", ["ArchiveUnit", "x"])
def test_bordereau_too_deep_is_refused(paquet, tmp_path, nom):
    profond = remake(
        paquet,
        tmp_path / "p.zip",
        manifeste=lambda t: t.replace(
            "<DescriptiveMetadata>",
            "<DescriptiveMetadata>" + f"<{nom}>" * 50_000 + f"</{nom}>" * 50_000,
        ),
    )

    assert "CHECK_SEDA.NOT_XML_FILE" in {c.code for c in check_sip(profond).iter_defauts()}


def test_bordereau_with_a_huge_text_is_refused(paquet, tmp_path):
    enorme = remake(
        paquet,
        tmp_path / "p.zip",
        manifeste=lambda t: t.replace("Inscription", "I" * (11 << 20)),
    )

    assert not check_sip(enorme).is_acceptable


def test_fichier_changed_without_its_crc_is_said_damaged(paquet):
    octets = bytearray(paquet.read_bytes())
    place = octets.find(b"mois;montant")
    octets[place] ^= 0xFF
    paquet.write_bytes(octets)

    code, message = seul_defaut(paquet)

    assert code == "CHECK_CONTAINER"
    assert "abîmé" in message


def test_paquet_zip64_of_ours_is_read(tmp_path):
    chemin = tmp_path / "z64.zip"
    write_paquet(chemin, build_transfert())
    texte = read_manifeste(chemin)
    cible = tmp_path / "cible.zip"
    with zipfile.ZipFile(chemin) as avant, zipfile.ZipFile(cible, "w") as apres:
        for nom in avant.namelist():
            with apres.open(nom, "w", force_zip64=True) as sortie:
                sortie.write(avant.read(nom))

    assert check_sip(cible).is_acceptable
    assert read_manifeste(cible) == texte


def test_archive_of_noise_never_crashes(tmp_path):
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        archive.writestr("manifest.xml", bytes(range(256)) * 10)
    chemin = tmp_path / "bruit.zip"
    chemin.write_bytes(tampon.getvalue())

    assert seul_defaut(chemin)[0] == "CHECK_SEDA.NOT_XML_FILE"


def write_bordereau_enorme(chemin: Path, morceau: bytes, nombre: int, avant: bytes) -> Path:
    """Un paquet de quelques centaines de kilo-octets dont le bordereau en pèse des millions."""
    bloc = morceau * 10_000
    with (
        zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("manifest.xml", "w", force_zip64=True) as sortie,
    ):
        sortie.write(b'<ArchiveTransfer xmlns="fr:gouv:culture:archivesdefrance:seda:v2.2">')
        sortie.write(avant)
        for _ in range(nombre // 10_000):
            sortie.write(bloc)
    return chemin


ENORMES = {
    "éléments vides": (b"<x/>", b""),
    "commentaires du message": (b"<Comment>a</Comment>", b""),
    "unités sans fin": (b'<ArchiveUnit id="a"/>', b"<DataObjectPackage><DescriptiveMetadata>"),
    "attributs": (b' a="b"', b"<x"),
    "étiquettes d’une unité": (b"<Tag>a</Tag>", b'<ArchiveUnit id="a"><Content>'),
}


@pytest.mark.parametrize("cas", ENORMES)
def test_bordereau_of_millions_of_elements_is_refused_before_it_fills_the_memory(tmp_path, cas):
    """Borne vérifiée en petit : la jauge refuse, et la mémoire est celle de sa borne."""
    morceau, avant = ENORMES[cas]
    chemin = write_bordereau_enorme(tmp_path / "e.zip", morceau, 200_000, avant)

    with pytest.MonkeyPatch.context() as borne:
        borne.setattr(jauge, "GARDES_MAX", 50_000)
        borne.setattr(jauge, "FAITS_MAX", 1_000_000)
        borne.setattr(jauge, "ATTRIBUTS_DE_GRACE", 50_000)
        code, message = seul_defaut(chemin)

    assert code == "CHECK_SEDA.NOT_XML_FILE"
    assert "trop" in message


@pytest.mark.lent
@pytest.mark.timeout(300)
@pytest.mark.parametrize("cas", ["éléments vides", "étiquettes d’une unité"])
def test_memory_of_a_huge_bordereau_stays_under_its_bound(tmp_path, cas):
    """En vraie grandeur, dans un processus à part : 500 Mo au plus."""
    morceau, avant = ENORMES[cas]
    chemin = write_bordereau_enorme(tmp_path / "e.zip", morceau, 12_000_000, avant)
    code = (
        "import sys; from pathlib import Path;"
        "from socle.normes.seda.controles import check_sip;"
        "assert not check_sip(Path(sys.argv[1])).is_acceptable;"
        # Le pic de ce programme, et non de qui l’a lancé.
        "print(next(li.split()[1] for li in open('/proc/self/status') if 'VmHWM' in li))"
    )

    fini = subprocess.run(
        [sys.executable, "-c", code, str(chemin)], capture_output=True, text=True, check=True
    )

    assert int(fini.stdout) < 500 << 10
