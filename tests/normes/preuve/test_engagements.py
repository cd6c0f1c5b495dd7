"""Engagements : prouver sans contenir."""

import shutil
import subprocess

import pytest

from socle.normes.preuve import engagements
from socle.normes.preuve.errors import PreuveInvalide

SEL = bytes(range(32))


def test_engagement_opens_with_its_sel_and_its_donnee_only():
    nom = "document:a1"
    engage = engagements.engage(SEL, nom, b"donnee")
    sel, empreinte = engagements.derive_sel(SEL, nom), engagements.hash_document(b"donnee")

    assert engagements.is_engagement(engage, sel, empreinte)
    assert not engagements.is_engagement(engage, SEL, empreinte)
    assert not engagements.is_engagement(engage, sel, engagements.hash_document(b"autre"))
    assert not engagements.is_engagement(engage, engagements.derive_sel(SEL, "b"), empreinte)


def test_same_donnee_gives_unrelated_engagements():
    assert engagements.engage(SEL, "a", b"oui") != engagements.engage(SEL, "b", b"oui")


def test_sels_are_drawn_at_random():
    assert len({engagements.create_sel() for _ in range(50)}) == 50
    assert {len(engagements.create_sel()) for _ in range(5)} == {32}


@pytest.mark.parametrize("sel", [b"", b"court", bytes(33)])
def test_sel_of_another_length_is_refused(sel):
    with pytest.raises(PreuveInvalide):
        engagements.engage(sel, "a", b"donnee")


def test_openssl_computes_the_same_engagement(tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("la commande openssl est absente")
    (tmp_path / "document").write_bytes(b"donnee")
    sel = engagements.derive_sel(SEL, "a").hex()
    commande = (
        "openssl dgst -sha256 -binary document | "
        f"openssl dgst -sha256 -mac HMAC -macopt hexkey:{sel}"
    )
    sortie = subprocess.run(
        commande, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert sortie.stdout.split()[-1] == engagements.engage(SEL, "a", b"donnee")
