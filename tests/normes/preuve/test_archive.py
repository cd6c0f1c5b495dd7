"""Archive canonique : lisible par tous les outils, sans un octet libre."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.normes.preuve import archive as module
from socle.normes.preuve.archive import (
    check_nom_fichier,
    clean_nom,
    read_archive,
    write_archive,
)
from socle.normes.preuve.errors import PreuveInvalide

FICHIERS = {"b/é.txt": b"deux", "a.txt": b"un", "vide": b""}


def _write(fichiers) -> bytes:
    sortie = io.BytesIO()
    taille = write_archive(sortie, fichiers)
    assert taille == len(sortie.getvalue())
    return sortie.getvalue()


def _read(octets: bytes) -> dict[str, bytes]:
    return read_archive(io.BytesIO(octets), is_garde=lambda _nom: True).contenus


def test_archive_opens_with_ordinary_tools(tmp_path):
    octets = _write(FICHIERS)
    with zipfile.ZipFile(io.BytesIO(octets)) as lue:
        assert lue.testzip() is None
        assert {nom: lue.read(nom) for nom in lue.namelist()} == FICHIERS
    if shutil.which("unzip"):
        (tmp_path / "a.zip").write_bytes(octets)
        fini = subprocess.run(["unzip", "-t", "a.zip"], cwd=tmp_path, check=False)
        assert fini.returncode == 0


def test_archive_is_the_same_whatever_the_order():
    assert _write(FICHIERS) == _write(dict(reversed(FICHIERS.items())))


def test_archive_reads_back_with_empreintes(tmp_path):
    gros = tmp_path / "gros"
    gros.write_bytes(b"x" * 3_000_000)
    octets = _write(FICHIERS | {"gros": gros})
    lue = read_archive(io.BytesIO(octets), is_garde=lambda nom: nom != "gros")
    assert lue.contenus == FICHIERS
    assert set(lue.empreintes) == {*FICHIERS, "gros"}


def test_each_changed_octet_is_detected():
    octets = _write(FICHIERS)
    for rang in range(len(octets)):
        for autre in (octets[rang] ^ 1, octets[rang] ^ 0x80, 0, 255):
            if autre == octets[rang]:
                continue
            with pytest.raises(PreuveInvalide):
                _read(octets[:rang] + bytes([autre]) + octets[rang + 1 :])


@pytest.mark.parametrize("fin", [b"\0", b"PK", b"a" * 100])
def test_octets_added_at_the_end_are_detected(fin):
    with pytest.raises(PreuveInvalide):
        _read(_write(FICHIERS) + fin)


def test_each_troncature_is_detected():
    octets = _write(FICHIERS)
    for taille in range(len(octets)):
        with pytest.raises(PreuveInvalide):
            _read(octets[:taille])


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_octets_are_read_or_refused(octets):
    with pytest.raises(PreuveInvalide):
        _read(b"PK\3\4" + octets)


def _zip(compression=zipfile.ZIP_STORED, **attributs) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", compression) as archive:
        fiche = zipfile.ZipInfo("a.txt")
        fiche.compress_type = compression
        for nom, valeur in attributs.items():
            setattr(fiche, nom, valeur)
        archive.writestr(fiche, b"un" * 100)
    return sortie.getvalue()


@pytest.mark.parametrize(
    "octets",
    [
        _zip(),
        _zip(zipfile.ZIP_DEFLATED),
        _zip(date_time=(2026, 1, 1, 0, 0, 0)),
        _zip(comment=b"note"),
        _zip(extra=b"\1\2\3\4"),
    ],
    ids=["ordinaire", "compressee", "datee", "commentee", "annexe"],
)
def test_archive_of_another_tool_is_refused(octets):
    with pytest.raises(PreuveInvalide):
        _read(octets)


def test_nom_repeated_or_out_of_order_is_refused(monkeypatch):
    monkeypatch.setattr(module, "_sort_noms", list)
    with pytest.raises(PreuveInvalide, match="place"):
        _read(_write({"b": b"", "a": b""}))


@pytest.mark.parametrize("noms", [("a", "A"), ("é.txt", "É.txt")])
def test_noms_that_differ_only_by_case_are_refused(noms):
    with pytest.raises(PreuveInvalide, match="casse"):
        _write(dict.fromkeys(noms, b""))


NOMS_DANGEREUX = """/etc/passwd|../a|a/../b|a//b|a/|.cache|a/.b|a\\b|C:a|nul|COM1.txt|a.|a |a\tb
a\0b|e\u0301.txt|a\u202egpj.exe|a\u200bb|a*b|\ud800|"""


@pytest.mark.parametrize("nom", [*NOMS_DANGEREUX.replace("\n", "|").split("|"), "a" * 201])
def test_nom_dangereux_is_refused(nom):
    with pytest.raises(PreuveInvalide):
        check_nom_fichier(nom)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_nom_nettoye_is_always_acceptable(nom):
    check_nom_fichier(f"documents/{clean_nom(nom)}")


@pytest.mark.parametrize(
    ("nom", "propre"),
    [
        ("Relevé d’impôt 2026.pdf", "Relevé d’impôt 2026.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("con.pdf", "_con.pdf"),
        ("", "document"),
        ("é" * 200 + ".pdf", "é" * 70 + ".pdf"),
    ],
)
def test_nom_nettoye_stays_close(nom, propre):
    assert clean_nom(nom) == propre


def test_limites_are_enforced(monkeypatch, tmp_path):
    octets = _write(FICHIERS)
    for nom, valeur in {
        "NOMBRE_MAX": 2,
        "TAILLE_MAX": 60,
        "PIECE_MAX": 3,
        "MEMOIRE_MAX": 3,
    }.items():
        with monkeypatch.context() as limite:
            limite.setattr(module, nom, valeur)
            with pytest.raises(PreuveInvalide):
                _read(octets)
    monkeypatch.setattr(module, "TAILLE_MAX", 60)
    with pytest.raises(PreuveInvalide, match="2 Gio"):
        _write(FICHIERS)


def test_source_that_changes_during_writing_is_refused(tmp_path):
    fichier = tmp_path / "vivant"
    fichier.write_bytes(b"avant")

    class Sortie(io.BytesIO):
        def write(self, octets):
            fichier.write_bytes(b"apres plus long")
            return super().write(octets)

    with pytest.raises(PreuveInvalide, match="changé"):
        write_archive(Sortie(), {"a": Path(fichier)})
