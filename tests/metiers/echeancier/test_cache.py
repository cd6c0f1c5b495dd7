"""La réserve de pages d’un processus : bornée, et chaque réponse à part."""

from datetime import date

import pytest
from django.http import HttpResponse

from socle.metiers.echeancier.exports.lignes import Lignes
from socle.metiers.echeancier.queries.obligations import Criteres
from socle.metiers.echeancier.views.cache import Reserve, reserve
from tests.factories import CompteFactory
from tests.metiers.echeancier.fabrique import create


def test_kept_page_is_a_separate_answer():
    pages = Reserve(1000)
    pages.keep("a", HttpResponse("bonjour"))

    pages.get("a").headers["X-A-Moi"] = "oui"

    assert "X-A-Moi" not in pages.get("a").headers
    assert pages.get("a").content == b"bonjour"
    assert pages.get("b") is None


def test_oldest_pages_leave_first_and_big_ones_never_enter():
    pages = Reserve(1000)
    for rang in range(8):
        pages.keep(str(rang), HttpResponse("x" * 200))
        pages.get("0")
    pages.keep("grosse", HttpResponse("x" * 600))

    assert pages.octets <= 1000
    assert pages.get("0") is not None
    assert pages.get("1") is None
    assert pages.get("grosse") is None


def test_same_page_kept_twice_counts_once():
    pages = Reserve(1000)
    for _ in range(3):
        pages.keep("a", HttpResponse("x" * 200))

    assert pages.octets == 200


@pytest.mark.django_db
def test_line_of_a_file_is_written_again_only_when_it_changes():
    ecrites = []

    def write(lues, publics, aujourdhui):
        ecrites.append(sorted(lue.slug for lue in lues))
        return [lue.titre.encode() for lue in lues]

    lignes, jour = Lignes(("pk", "slug", "titre"), write), date(2026, 11, 22)
    une, deux = create(slug="une", titre="Une"), create(slug="deux", titre="Deux")
    assert lignes.read(Criteres(), jour) == [b"Une", b"Deux"]
    create(slug="trois", titre="Trois")
    deux.titre = "Nouvelle"
    deux.save()
    assert lignes.read(Criteres(), jour) == [b"Une", b"Nouvelle", b"Trois"]
    une.delete()
    assert lignes.read(Criteres(texte="nombre"), jour) == []
    assert lignes.read(Criteres(), jour) == [b"Nouvelle", b"Trois"]
    assert lignes.read(Criteres(), date(2026, 11, 23)) == [b"Nouvelle", b"Trois"]

    assert ecrites == [["deux", "une"], ["deux", "trois"], ["deux", "trois"]]


@pytest.mark.django_db
def test_second_reader_costs_one_query_and_gets_the_same_page(client, count_sql):
    create(slug="une")
    premiere = client.get("/echeancier/")

    with count_sql() as compte:
        seconde = client.get("/echeancier/")

    assert len(compte.instructions) == 1
    assert premiere.content == seconde.content
    for entete in ("ETag", "Cache-Control", "Content-Security-Policy", "X-Frame-Options"):
        assert premiere[entete] == seconde[entete]


@pytest.mark.django_db
def test_frame_keeps_its_own_policy_when_served_again(client):
    create(slug="une")

    for _ in range(2):
        reponse = client.get("/echeancier/integrer/")
        assert "frame-ancestors *" in reponse["Content-Security-Policy"]
        assert "X-Frame-Options" not in reponse


@pytest.mark.django_db
def test_page_of_a_connected_person_is_never_kept(client):
    create(slug="une")
    avant = reserve.octets
    client.force_login(CompteFactory(agent=True))

    client.get("/echeancier/")

    assert reserve.octets == avant


@pytest.mark.django_db
def test_change_is_seen_at_once(client):
    create(slug="une", titre="Une")
    client.get("/echeancier/")

    create(slug="deux", titre="Deux")

    assert "Deux" in client.get("/echeancier/").text
