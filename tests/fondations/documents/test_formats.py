"""Type lu dans le contenu : accepté ou refusé quel que soit le nom."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.fondations.documents.services.formats import FAMILLES, FORMATS, Format, detect_format
from socle.fondations.formulaires.definition.champs import FORMATS as FORMATS_DE_CHAMP
from tests.fondations.documents.echantillons import ACCEPTES, REFUSES


@pytest.mark.parametrize(("nom", "contenu", "type_mime"), ACCEPTES, ids=lambda v: str(v)[:20])
def test_accepted_content_is_recognised(nom, contenu, type_mime):
    trouve = detect_format(io.BytesIO(contenu), nom)

    assert isinstance(trouve, Format)
    assert trouve.type_mime == type_mime


@pytest.mark.parametrize(("nom", "contenu", "type_mime"), ACCEPTES, ids=lambda v: str(v)[:20])
def test_name_never_changes_a_binary_type(nom, contenu, type_mime):
    if not type_mime.startswith("text/") and type_mime not in (
        "application/json",
        "application/xml",
    ):
        trouve = detect_format(io.BytesIO(contenu), "facture.exe")

        assert isinstance(trouve, Format)
        assert trouve.type_mime == type_mime


@pytest.mark.parametrize(("nom", "contenu", "trouve"), REFUSES, ids=lambda v: str(v)[:20])
def test_dangerous_or_unknown_content_is_refused(nom, contenu, trouve):
    assert detect_format(io.BytesIO(contenu), nom) == trouve


def test_each_accepted_type_has_a_sample():
    assert {type_mime for _, _, type_mime in ACCEPTES} == set(FORMATS)


def test_families_and_extensions_are_those_of_form_fields():
    par_famille = {
        famille: {e for f in FORMATS.values() if f.famille == famille for e in f.extensions}
        for famille in FAMILLES
    }

    assert set(FAMILLES) == set(FORMATS_DE_CHAMP)
    for famille, extensions in FORMATS_DE_CHAMP.items():
        assert set(extensions) <= par_famille[famille]


def test_zip_with_a_huge_directory_is_not_read():
    faux = b"PK\x03\x04" + b"\0" * 100
    fin = b"PK\x05\x06" + b"\0" * 4 + b"\x01\x00\x01\x00" + b"\xff\xff\xff\x7f" + b"\0" * 6

    assert detect_format(io.BytesIO(faux + fin), "a.zip") == "type inconnu"


@given(st.sampled_from([c for _, c, _ in ACCEPTES]), st.data())
def test_altered_content_never_crashes(contenu, donnees):
    octets = bytearray(contenu)
    for _ in range(donnees.draw(st.integers(1, 4))):
        octets[donnees.draw(st.integers(0, len(octets) - 1))] = donnees.draw(st.integers(0, 255))

    assert detect_format(io.BytesIO(bytes(octets)), "a.txt")
