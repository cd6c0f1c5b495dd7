"""Images de la documentation : assez légères pour le dépôt. La prise de vue se fait à la main."""

import io
import random

import pytest
from PIL import Image

from socle.serveur import captures
from socle.serveur.errors import ErreurServeur


def make_image(bruit: int) -> bytes:
    """Fabrique une image dont un carré de `bruit` pixels de côté ne se comprime pas."""
    image = Image.new("RGB", (captures.LARGEUR, captures.HAUTEUR), "#fbf6ef")
    hasard = random.Random(1)
    if bruit:
        carre = Image.frombytes("RGB", (bruit, bruit), hasard.randbytes(bruit * bruit * 3))
        image.paste(carre, (0, 0))
    sortie = io.BytesIO()
    image.save(sortie, "PNG")
    return sortie.getvalue()


@pytest.mark.lent
@pytest.mark.parametrize("bruit", [0, 300, 450])
def test_shrink_keeps_the_size_and_fits(bruit):
    reduite = captures.shrink(make_image(bruit))

    assert len(reduite) <= captures.POIDS_MAX
    assert Image.open(io.BytesIO(reduite)).size == (captures.LARGEUR, captures.HAUTEUR)


@pytest.mark.lent
def test_shrink_refuses_what_cannot_fit():
    with pytest.raises(ErreurServeur, match="150 ko"):
        captures.shrink(make_image(800))


def test_absent_chromium_is_said(monkeypatch):
    monkeypatch.setattr(captures, "find_chromium", lambda: "")

    with pytest.raises(ErreurServeur, match="Chromium est absent"):
        captures.main([])
