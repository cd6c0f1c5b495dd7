"""Images de la documentation : prises par la commande, assez légères pour le dépôt."""

import io
import random
import re

import pytest
from PIL import Image

from socle.serveur import captures
from socle.serveur.errors import ErreurServeur
from socle.serveur.test import find_chromium
from tests.serveur.outils import RACINE, run_socle


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


@pytest.mark.lent
@pytest.mark.timeout(320)
@pytest.mark.skipif(not find_chromium(), reason="Chromium est absent")
def test_command_makes_each_picture_of_the_readme(dossier):
    voulues = set(re.findall(r"docs/images/([\w-]+\.png)", (RACINE / "README.md").read_text()))

    essai = run_socle("captures", "--sortie", str(dossier / "images"))

    assert essai.returncode == 0, essai.stderr[-2000:]
    faites = {fichier.name: fichier for fichier in (dossier / "images").iterdir()}
    assert set(faites) == voulues
    for nom, fichier in faites.items():
        assert str(fichier) in essai.stderr, nom
        assert fichier.stat().st_size <= captures.POIDS_MAX, nom
        with Image.open(fichier) as image:
            assert image.size == (captures.LARGEUR, captures.HAUTEUR), nom
            assert len(image.convert("RGB").getcolors(1 << 24)) > 8, nom  # une page, pas un fond
    # Quatre pages différentes : aucune n’est la page de connexion prise deux fois.
    assert len({fichier.read_bytes() for fichier in faites.values()}) == len(voulues)


def test_absent_chromium_is_said(monkeypatch):
    monkeypatch.setattr(captures, "find_chromium", lambda: "")

    with pytest.raises(ErreurServeur, match="Chromium est absent"):
        captures.main([])
