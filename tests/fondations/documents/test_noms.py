"""Noms de fichiers reçus : rien qui trompe, rien qui sorte de son dossier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.fondations.documents.services.formats import FORMATS
from socle.fondations.documents.services.noms import clean_nom

PDF = FORMATS["application/pdf"]
JPEG = FORMATS["image/jpeg"]


@pytest.mark.parametrize(
    ("nom", "propre"),
    [
        ("Avis d’impôt 2025.pdf", "Avis d’impôt 2025.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Léa\\avis.PDF", "avis.pdf"),
        ("facture.pdf.exe", "facture.pdf.pdf"),
        ("photo.jpg", "photo.pdf"),
        ("a\u202efdp.exe", "a fdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie- x.pdf"),
        ("\x00\x00.pdf", "document.pdf"),
        ("....", "document.pdf"),
        ("", "document.pdf"),
        ("con.pdf", "_con.pdf"),
        ('<script>"x"|?*.pdf', "-script-x-.pdf"),
        ("sans extension", "sans extension.pdf"),
        ("12.03.2025", "12.03.2025.pdf"),
        ("E\u0301te\u0301.pdf", "Été.pdf"),
    ],
)
def test_clean_nom(nom, propre):
    assert clean_nom(nom, PDF) == propre


def test_clean_nom_keeps_an_accepted_extension():
    assert clean_nom("photo.jpeg", JPEG) == "photo.jpeg"


@given(st.text(max_size=400))
def test_clean_nom_is_always_safe_and_stable(nom):
    propre = clean_nom(nom, PDF)

    assert propre.endswith(".pdf")
    assert len(propre) <= 130
    assert not set('/\\<>:"|?*\0\r\n\u202e') & set(propre)
    assert not propre.startswith(".")
    assert clean_nom(propre, PDF) == propre
