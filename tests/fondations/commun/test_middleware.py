"""Ce que reçoit le navigateur : comprimé s’il y gagne."""

import gzip

import pytest
from django.test import Client

from socle.fondations.commun.templatetags.composants import statique

pytestmark = pytest.mark.django_db


def test_text_is_compressed_when_asked(client):
    feuille = statique("socle.css")
    reponse = client.get(feuille, headers={"accept-encoding": "gzip"})
    clair = b"".join(client.get(feuille).streaming_content)

    assert reponse["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(reponse.streaming_content)) == clair


def test_page_is_compressed_and_already_compact_files_are_not():
    client = Client()  # celui des essais lit le texte de chaque page : il la veut claire
    page = client.get("/composants/", headers={"accept-encoding": "gzip"})
    police = client.get(
        statique("polices/atkinson-hyperlegible-next-latin-wght-normal.woff2"),
        headers={"accept-encoding": "gzip"},
    )

    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) < 60_000
    assert "Content-Encoding" not in police
    assert b"".join(police.streaming_content).startswith(b"wOF2")


def test_statiques_are_kept_a_month(client):
    reponse = client.get(statique("socle.css"))

    assert "max-age=2592000" in reponse["Cache-Control"]
    assert b"".join(reponse.streaming_content)
