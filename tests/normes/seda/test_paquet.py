import hashlib
import io
import re
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from socle.normes.seda.controles import check_sip
from socle.normes.seda.formats import is_pygfried_installe, open_identifieur
from socle.normes.seda.modele import Contenu, GroupeObjets, ObjetPhysique, Unite
from socle.normes.seda.paquet import Compression, write_sip
from tests.normes.seda.fabrique import (
    PIECES,
    build_objet,
    build_transfert,
    read_manifeste,
    write_paquet,
)

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NOM_SUR = re.compile(r"[A-Za-z0-9\-_@]+(\.[A-Za-z0-9\-_@]+)*")


def test_paquet_follows_the_official_schema(paquet, schema):
    schema.assertValid(etree.fromstring(read_manifeste(paquet).encode()).getroottree())


def test_paquet_is_the_same_every_time(tmp_path):
    write_paquet(tmp_path / "a.zip")
    write_paquet(tmp_path / "b.zip")

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_paquet_holds_one_manifeste_and_one_dossier_content(paquet):
    with zipfile.ZipFile(paquet) as archive:
        noms = archive.namelist()

    assert noms[-1] == "manifest.xml"
    assert all(nom.startswith("content/") for nom in noms[:-1])
    assert all(NOM_SUR.fullmatch(nom.removeprefix("content/")) for nom in noms[:-1])


def test_fichiers_are_named_by_their_empreinte_and_keep_their_nom_in_the_bordereau(paquet):
    racine = etree.fromstring(read_manifeste(paquet).encode())
    objets = racine.findall(".//{*}BinaryDataObject")

    assert [o.findtext("{*}FileInfo/{*}Filename") for o in objets] == list(PIECES)
    with zipfile.ZipFile(paquet) as archive:
        for objet, contenu in zip(objets, PIECES.values(), strict=True):
            uri = objet.findtext("{*}Uri")
            empreinte = hashlib.sha512(contenu).hexdigest()
            assert archive.read(uri) == contenu
            assert Path(uri).stem == objet.findtext("{*}MessageDigest") == empreinte
            assert objet.findtext("{*}Size") == str(len(contenu))


@pytest.mark.parametrize(
    ("nom", "extension"),
    [
        ("../../etc/passwd", ""),
        ("photo.JPEG", ".jpeg"),
        ("a.tar.gz", ".gz"),
        ("sans point", ""),
        ("piège.p/../df", ""),
        ("x.extension-très-longue", ""),
        ("vide.", ""),
    ],
)
def test_nom_of_fichier_never_reaches_the_archive(tmp_path, nom, extension):
    sip = write_paquet(tmp_path / "sip.zip", build_transfert({nom: b"x"}))

    [groupe] = sip.groupes
    empreinte = hashlib.sha512(b"x").hexdigest()
    assert groupe.objets[0].uri == f"content/{empreinte}{extension}"


def test_two_identical_pieces_keep_each_their_fichier(tmp_path):
    chemin = tmp_path / "sip.zip"

    sip = write_paquet(chemin, build_transfert({"a.txt": b"x", "b.txt": b"x"}))

    uris = [groupe.objets[0].uri for groupe in sip.groupes]
    assert len(set(uris)) == 2
    with zipfile.ZipFile(chemin) as archive:
        assert {archive.read(uri) for uri in uris} == {b"x"}


def test_piece_empty_is_written_without_taille(tmp_path, schema):
    chemin = tmp_path / "sip.zip"

    write_paquet(chemin, build_transfert({"vide.txt": b""}))

    manifeste = read_manifeste(chemin)
    assert "<Size>" not in manifeste
    schema.assertValid(etree.fromstring(manifeste.encode()).getroottree())


def test_groupe_keeps_several_usages_of_the_same_piece(tmp_path, schema):
    objets = (
        build_objet("décision.pdf", PDF, 1),
        build_objet("décision.txt", b"Accord", 2, usage="TextContent_1"),
    )
    transfert = build_transfert(
        {"decision": b""}, groupes=[GroupeObjets(identifiant="G1", objets=objets)]
    )

    sip = write_paquet(tmp_path / "sip.zip", transfert)

    racine = etree.fromstring(read_manifeste(tmp_path / "sip.zip").encode())
    assert racine.xpath("count(//*[local-name()='DataObjectGroup'])") == 1
    assert (sip.nombre_objets, sip.octets) == (2, len(PDF) + 6)
    schema.assertValid(racine.getroottree())


def test_piece_is_read_once_in_bounded_morceaux(tmp_path):
    lectures: list[int] = []

    class Gros(io.RawIOBase):
        reste = 40 << 20

        def readable(self):
            return True

        def read(self, taille=-1):
            lectures.append(taille)
            rendu = min(taille, self.reste)
            self.reste -= rendu
            return b"\0" * rendu

    transfert = build_transfert({"gros.bin": b""})
    objet = build_objet("gros.bin", b"", 1)
    object.__setattr__(objet, "ouvrir", Gros)
    groupes = [GroupeObjets(identifiant="G1", objets=(objet,))]
    object.__setattr__(transfert, "groupes", groupes)

    sip = write_paquet(tmp_path / "sip.zip", transfert)

    assert sip.octets == 40 << 20
    assert lectures[0] <= 8 << 20  # un petit fichier tient en mémoire, pas un gros
    assert set(lectures[2:]) == {1 << 20}


def test_sortie_without_seek_is_refused():
    class Tuyau(io.BytesIO):
        def seekable(self):
            return False

    with pytest.raises(ValueError, match="se déplacer"):
        write_sip(Tuyau(), build_transfert())


def test_modification_date_of_piece_is_kept(tmp_path):
    objet = build_objet("a.txt", b"x", 1, modifie=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    transfert = build_transfert(
        {"a.txt": b"x"}, groupes=[GroupeObjets(identifiant="G1", objets=(objet,))]
    )

    write_paquet(tmp_path / "sip.zip", transfert)

    attendu = "<LastModified>2026-01-02T03:04:05+00:00</LastModified>"
    assert attendu in read_manifeste(tmp_path / "sip.zip")


@pytest.mark.skipif(not is_pygfried_installe(), reason="pygfried absent")
def test_formats_are_recognised_by_the_ouvrier(tmp_path, schema):
    chemin = tmp_path / "sip.zip"
    with open_identifieur() as identifieur:
        sip = write_paquet(
            chemin,
            build_transfert({"a.pdf": PDF, "b.txt": b"Bonjour", "c": b"\x01\x02\x99"}),
            identifieur=identifieur,
        )

    puids = [g.objets[0].format.puid if g.objets[0].format else "" for g in sip.groupes]
    assert puids == ["fmt/18", "x-fmt/111", ""]
    manifeste = read_manifeste(chemin)
    assert "<FormatId>fmt/18</FormatId>" in manifeste
    schema.assertValid(etree.fromstring(manifeste.encode()).getroottree())


@pytest.mark.skipif(not is_pygfried_installe(), reason="pygfried absent")
def test_identifieur_too_slow_answers_unknown_instead_of_blocking(tmp_path):
    fichier = tmp_path / "a.txt"
    fichier.write_text("Bonjour")

    with open_identifieur(secondes=0) as identifieur:
        assert identifieur.identify(fichier) is None
        assert identifieur.identify(fichier) is None


@pytest.mark.skipif(not is_pygfried_installe(), reason="pygfried absent")
def test_identifieur_survives_a_fichier_that_does_not_exist(tmp_path):
    fichier = tmp_path / "a.txt"
    fichier.write_text("Bonjour")

    with open_identifieur() as identifieur:
        assert identifieur.identify(tmp_path / "absent") is None
        assert identifieur.identify(fichier).puid == "x-fmt/111"


def test_paquet_compressed_holds_the_same_and_is_accepted(tmp_path):
    """Compression rapide : plus petit, mêmes empreintes ; un PDF n’est pas compressé deux fois."""
    pieces = {"a.txt": b"cantine\n" * 5_000, "b.pdf": b"%PDF-1.7\n" * 5_000}
    for nom, options in (("a.zip", {}), ("b.zip", {"compression": Compression.RAPIDE})):
        write_paquet(tmp_path / nom, build_transfert(pieces), **options)
    clair, compresse = tmp_path / "a.zip", tmp_path / "b.zip"

    assert read_manifeste(clair) == read_manifeste(compresse)
    assert compresse.stat().st_size < clair.stat().st_size * 2 // 3
    assert check_sip(compresse).is_acceptable
    with zipfile.ZipFile(compresse) as archive:
        methodes = {Path(e.filename).suffix: e.compress_type for e in archive.infolist()}
        [texte] = [e for e in archive.infolist() if e.filename.endswith(".txt")]
    rapide = zlib.compressobj(1, wbits=-15)
    assert texte.compress_size == len(rapide.compress(pieces["a.txt"]) + rapide.flush())
    assert methodes == {
        ".txt": zipfile.ZIP_DEFLATED, ".pdf": zipfile.ZIP_STORED, ".xml": zipfile.ZIP_DEFLATED,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("usage", "attendu"),
    [("PhysicalMaster_1", []), ("PhysicalMaster_2", ["EXPECTED_MANDATORY_VERSION_1"])],
)
def test_objet_physique_is_written_and_checked(tmp_path, schema, usage, attendu):
    registre = ObjetPhysique(identifiant="P1", cote="1 E 12", pages=300, usage=usage)
    transfert = build_transfert(
        groupes=[GroupeObjets(identifiant="G1", objets=(), physiques=(registre,))],
        unites=[Unite(identifiant="U1", contenu=Contenu(titre="Registre"), groupe="G1")],
    )
    write_paquet(tmp_path / "sip.zip", transfert)

    rapport = check_sip(tmp_path / "sip.zip", schema=schema)

    assert [c.code.rpartition(".")[2] for c in rapport.iter_defauts()] == attendu
    assert rapport.nombre_objets == 1


def test_sip_keeps_nothing_of_its_objects_unless_asked(tmp_path):
    sip = write_paquet(tmp_path / "sip.zip", garde_groupes=False)

    assert (sip.groupes, sip.nombre_objets, sip.octets > 0) == ((), 2, True)
