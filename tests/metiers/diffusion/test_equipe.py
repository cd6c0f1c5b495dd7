"""L’équipe écrit, prévoit, publie, retire ; deux personnes ne s’effacent pas l’une l’autre."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import Entree
from socle.metiers.diffusion.exports.reseaux import prepare_messages
from socle.metiers.diffusion.models import Article, Evenement, Lettre
from tests.deux_pages import read_versions
from tests.factories import CompteFactory
from tests.metiers.diffusion.fabrique import make_evenement, subscribe, write_article

pytestmark = pytest.mark.django_db
ECRIT = {
    "titre": "Une nouvelle", "resume": "En bref.", "texte": "Tout le texte.",
    "genre": "actualite", "themes": ["identite"], "liens": "solution:tchap", "revision": "0",
}  # fmt: skip


@pytest.fixture
def equipe(client, redactrice):
    client.force_login(redactrice)
    return client


def test_article_goes_from_draft_to_public_then_back(equipe):
    equipe.post(reverse("diffusion:equipe_article_nouveau"), ECRIT)
    article = Article.objects.get()
    public = reverse("diffusion:article", args=[article.slug])
    assert equipe.get(public).status_code == 404
    assert "Aperçu" in equipe.get(f"/equipe/diffusion/articles/{article.slug}/apercu/").text

    equipe.post(f"/equipe/diffusion/articles/{article.slug}/publier/", {"revision": "1"})
    assert equipe.get(public).status_code == 200
    page = equipe.get(f"/equipe/diffusion/articles/{article.slug}/").text
    assert "Mastodon" in page

    retrait = {"revision": "2", "motif": "Erreur de date."}
    equipe.post(f"/equipe/diffusion/articles/{article.slug}/retirer/", retrait)
    assert equipe.get(public).status_code == 410
    with operateur():
        lignes = Entree.objects.filter(objet=f"article:{article.slug}").order_by("survenu_le")
        assert {ligne.action for ligne in lignes} == {
            "article.cree", "article.publie", "article.retire",
        }  # fmt: skip


def test_second_writer_loses_neither_text(equipe):
    article = write_article()
    page = reverse("diffusion:equipe_article", args=[article.slug])
    equipe.post(page, ECRIT | {"revision": "1"})

    reponse = equipe.post(page, ECRIT | {"revision": "1", "titre": "L’autre titre"})

    assert reponse.status_code == 409
    versions = read_versions(BeautifulSoup(reponse.text, "html.parser"))
    assert ("Une nouvelle", "L’autre titre") in versions.values()
    assert Article.objects.get().titre == "Une nouvelle"


@pytest.mark.parametrize("faute", [{"liens": "javascript:alert"}, {"titre": "a\nb"}, {"titre": ""}])
def test_wrong_article_is_shown_again(equipe, faute):
    reponse = equipe.post(reverse("diffusion:equipe_article_nouveau"), ECRIT | faute)

    assert reponse.status_code == 422
    assert Article.objects.count() == 0


def test_event_is_written_and_its_people_marked(equipe):
    envoi = ECRIT | {"genre": "forum", "debut": "2036-05-04T09:00", "fin": "2036-05-04T12:00"}
    equipe.post(reverse("diffusion:equipe_evenement_nouveau"), envoi)

    evenement = Evenement.objects.get()
    assert equipe.get(f"/equipe/diffusion/evenements/{evenement.slug}/inscrits/").status_code == 200
    a_l_envers = envoi | {"fin": "2036-05-04T08:00"}
    assert equipe.post(reverse("diffusion:equipe_evenement_nouveau"), a_l_envers).status_code == 422


def test_letter_is_written_then_sent_by_a_second_press(equipe):
    subscribe(2)
    equipe.post(
        reverse("diffusion:equipe_lettre_nouvelle"),
        {"sujet": "Mai", "texte": "Bonjour", "revision": "0"},
    )
    lettre = Lettre.objects.get()
    page = reverse("diffusion:equipe_lettre", args=[lettre.numero])
    assert "Envoyer la lettre" in equipe.get(page).text

    equipe.post(reverse("diffusion:equipe_lettre_envoyer", args=[lettre.numero]), {"revision": "1"})

    lettre.refresh_from_db()
    assert lettre.destinataires == 2
    assert "En cours d’envoi" in equipe.get(page).text


def test_pages_of_the_team_open_and_are_closed_to_others(equipe, count_sql):
    make_evenement()
    pages = ["equipe", "equipe_contacts", "equipe_cibles", "equipe_article_nouveau"]
    for nom in pages:
        with count_sql() as compte:
            assert equipe.get(reverse(f"diffusion:{nom}")).status_code == 200
        assert len(compte.instructions) <= 14

    equipe.force_login(CompteFactory(agent=True))
    assert [equipe.get(reverse(f"diffusion:{nom}")).status_code for nom in pages] == [403] * 4


def test_messages_fit_each_network_and_keep_the_address_whole(db):
    url = "https://exemple.fr/actualites/" + "a" * 60 + "/"

    for message in prepare_messages(titre="T" * 150, resume="mot " * 75, url=url):
        assert message.longueur <= message.maximum
        assert message.texte.endswith(url)
