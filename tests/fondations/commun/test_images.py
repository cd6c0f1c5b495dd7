"""Images reçues : reconnues à leur contenu, nettoyées, bornées."""

import io
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from socle.fondations.commun.images import ImageRefusee, measure_image

CACHE = b"position: 48.8, 2.26"


@cache
def _noise(taille: tuple[int, int]) -> Image.Image:
    return Image.effect_noise(taille, 40)


def build_image(format_: str, taille=(60, 30), **options) -> bytes:
    tampon = io.BytesIO()
    mode = "RGB" if format_ == "JPEG" else "RGBA"
    _noise(taille).convert(mode).save(tampon, format_, **options)
    return tampon.getvalue()


@pytest.fixture
def exif():
    fiche = Image.Exif()
    fiche[0x010E] = CACHE.decode()
    return fiche


@pytest.mark.parametrize(
    ("format_", "options"),
    [
        ("PNG", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_measure_image_drops_metadata_and_keeps_the_picture(format_, options, exif):
    brute = build_image(format_, exif=exif, **options)
    image = measure_image(brute + CACHE)

    assert CACHE in brute
    assert CACHE not in image.contenu
    assert (image.type_mime, image.largeur, image.hauteur) == (f"image/{format_.lower()}", 60, 30)
    relue = Image.open(io.BytesIO(image.contenu))
    assert relue.tobytes() == Image.open(io.BytesIO(brute)).tobytes()
    assert measure_image(image.contenu) == image


@pytest.mark.parametrize("contenu", [b"", b"GIF89a", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8"])
def test_other_contents_are_refused(contenu):
    with pytest.raises(ImageRefusee):
        measure_image(contenu)


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_truncated_image_is_refused(format_):
    with pytest.raises(ImageRefusee):
        measure_image(build_image(format_)[:100])


def test_huge_image_is_refused_from_its_header():
    with pytest.raises(ImageRefusee, match="4001"):
        measure_image(build_image("PNG", taille=(4001, 1)))


@given(st.sampled_from(["PNG", "JPEG", "WEBP"]), st.data())
def test_altered_image_is_read_or_refused_never_crashes(format_, donnees):
    contenu = bytearray(build_image(format_))
    place = donnees.draw(st.integers(0, len(contenu) - 1))
    contenu[place] = donnees.draw(st.integers(0, 255))

    with suppress(ImageRefusee):
        measure_image(bytes(contenu))
