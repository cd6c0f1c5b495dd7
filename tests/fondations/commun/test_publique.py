"""Pages publiques : un 304 coûte une instruction, et ne cache jamais un changement."""

import pytest
from django.db import connection
from django.urls import reverse

from socle.fondations.commun.versions import (
    GARDES,
    list_suivies,
    purge_changements,
    read_version,
)
from socle.metiers.catalogue.models import Editeur
from socle.metiers.diffusion.models import Audience
from tests.factories import CompteFactory
from tests.metiers.diffusion.fabrique import publish, write_article

pytestmark = pytest.mark.django_db
PAGE = "/catalogue/editeurs/"


def ask(client, adresse, etag):
    return client.get(adresse, headers={"If-None-Match": etag})


def test_unchanged_page_costs_one_statement_and_any_change_is_seen(client, count_sql):
    premiere = client.get(PAGE)
    with count_sql() as compte:
        suite = ask(client, PAGE, premiere["ETag"])
    assert (suite.status_code, suite["ETag"]) == (304, premiere["ETag"])
    assert len(compte.instructions) == 1
    for reponse in (premiere, suite):
        assert "public" in reponse["Cache-Control"]
        assert "Cookie" in reponse["Vary"]

    Editeur.objects.create(slug="neuf", nom="Éditeur neuf")
    changee = ask(client, PAGE, premiere["ETag"])
    assert changee.status_code == 200
    assert "Éditeur neuf" in changee.text

    Editeur.objects.filter(slug="neuf").update(nom="Renommé")
    assert "Renommé" in ask(client, PAGE, changee["ETag"]).text


def test_page_of_a_person_is_never_shared(client):
    publique = client.get(PAGE)["ETag"]
    client.force_login(CompteFactory(agent=True))

    sienne = ask(client, PAGE, publique)

    assert sienne.status_code == 200
    assert "public" not in sienne["Cache-Control"]
    assert ask(client, PAGE, sienne["ETag"]).status_code in (200, 304)


def test_page_with_a_form_is_read_again_by_who_lost_its_cookie(client):
    """Le jeton d’un formulaire gardé ne vaut rien sans son témoin."""
    premiere = client.get(PAGE)
    client.cookies["csrf"] = "x" * 32

    assert ask(client, PAGE, premiere["ETag"]).status_code == 200


def test_missing_page_has_no_stamp(client):
    assert "ETag" not in client.get("/catalogue/editeurs/absent/")


def test_each_reading_of_an_article_counts_and_changes_no_other_page(client):
    article = publish(write_article())
    adresse = reverse("diffusion:article", args=[article.slug])
    version, etag = read_version(), client.get(adresse)["ETag"]

    assert ask(client, adresse, etag).status_code == 304
    assert Audience.objects.get(objet=article.cle).lectures == 2
    assert read_version() == version


def test_every_table_followed_has_its_trigger():
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_change'"
            " AND tgfoid = 'commun_noter_changement'::regproc"
        )
        posees = {table for (table,) in curseur.fetchall()}
    assert set(list_suivies()) <= posees
    assert {"adoption_situation", "pilotage_action", "referentiels_autorite"} <= posees
    assert "diffusion_remise" not in posees


def test_old_changes_are_forgotten_and_the_last_ones_kept():
    for rang in range(GARDES + 20):
        Editeur.objects.filter(slug=f"{rang}").update(nom="x")
    avant = read_version()

    assert purge_changements() >= 19

    nombre, _, dernier = read_version().split("-")
    assert int(nombre) <= GARDES + 1
    assert dernier == avant.rpartition("-")[2]
    assert purge_changements() == 0
