"""Pages publiques : ce qu’elles montrent, se gardent, et ne laissent pas passer."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.couleurs import build_chemin_feuille
from socle.fondations.commun.fiches import list_rappels, map_fiches, search_partout
from socle.metiers.diffusion.models import Article, Audience, Avis, Evenement, Inscription, Lettre
from socle.metiers.diffusion.services.lettres import queue_lettre
from socle.metiers.diffusion.services.parutions import withdraw_parution
from socle.metiers.diffusion.services.semence import seed
from tests.metiers.conftest import MAINTENANT
from tests.metiers.diffusion.fabrique import (
    ACTEUR,
    make_evenement,
    publish,
    subscribe,
    write_article,
    write_lettre,
)

pytestmark = pytest.mark.django_db
PIEGE = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"


@pytest.mark.parametrize(
    "nom", ["actualites", "evenements", "lettres", "abonnement", "partager", "integrer"]
)
def test_public_pages_open_empty_and_seeded(client, nom, count_sql):
    assert client.get(reverse(f"diffusion:{nom}")).status_code == 200
    seed(timezone.now())

    with count_sql() as compte:
        reponse = client.get(reverse(f"diffusion:{nom}"))

    assert reponse.status_code == 200
    assert len(compte.instructions) <= 8


def test_seed_plays_again_without_changing_anything(client):
    premiere = seed(MAINTENANT)

    assert premiere.startswith("Diffusion : 9 ")
    assert seed(MAINTENANT).startswith("Diffusion : 0 ")


def test_sandbox_alone_has_invented_readers_attendance_and_opinions(client, redactrice, settings):
    seed(MAINTENANT)
    assert (Audience.objects.count(), Inscription.objects.count()) == (0, 0)
    for modele in (Article, Evenement, Lettre):
        modele.objects.all().delete()
    settings.BAC_A_SABLE = True

    seed(MAINTENANT)
    comptes = [modele.objects.count() for modele in (Audience, Inscription, Avis)]
    seed(MAINTENANT)

    assert comptes == [modele.objects.count() for modele in (Audience, Inscription, Avis)]
    assert comptes[0] == 7 * (Article.objects.count() + Lettre.objects.count())
    presences = Inscription.objects.order_by("pk").values_list("present", "avis_donne")
    assert list(presences) == [(True, True)] * 3 + [(True, False), (False, False)]
    client.force_login(redactrice)
    slug = Inscription.objects.order_by("pk").first().evenement.slug
    page = client.get(reverse("diffusion:equipe_inscrits", args=[slug])).text
    assert "4 sur 5\N{NO-BREAK SPACE}: Plus de temps pour les questions" in page


def test_article_shows_its_text_its_source_and_its_open_graph(client):
    article = publish(write_article(source="Bilan, p. 3", liens=["solution:inconnue"]))

    page = client.get(reverse("diffusion:article", args=[article.slug])).text

    assert "<strong>Sept</strong> forums" in page
    assert "Bilan, p. 3" in page
    assert '<meta property="og:title" content="Sept forums">' in page


def test_news_results_and_press_are_told_apart_on_the_page_and_in_the_feeds(client):
    for titre, genre, theme in (
        ("Une actualité", "actualite", "identite"), ("Un résultat", "resultat", "identite"),
        ("La presse en parle", "presse", "donnees"),
    ):  # fmt: skip
        publish(write_article(titre=titre, genre=genre, themes=[theme]))

    titres = {"Une actualité", "Un résultat", "La presse en parle"}

    def read(suite: str) -> list[set[str]]:
        page = client.get(reverse("diffusion:actualites") + suite).text
        flux = ET.fromstring(client.get(reverse("diffusion:atom") + suite).content)
        return [
            {t for t in titres if t in page},
            {entree.findtext("{*}title") for entree in flux.findall("{*}entry")},
            {a["titre"] for a in client.get(reverse("diffusion:json") + suite).json()["articles"]},
        ]

    for suite, attendus in (
        ("?genre=presse", {"La presse en parle"}), ("?genre=resultat", {"Un résultat"}),
        ("?genre=actualite", {"Une actualité"}), ("?genre=inconnu", titres), ("", titres),
        ("?genre=resultat&theme=identite", {"Un résultat"}),
        ("?genre=presse&theme=identite", set()),
    ):  # fmt: skip
        assert read(suite) == [attendus] * 3, suite


def test_hostile_article_stays_text_everywhere(client):
    article = publish(write_article(titre=PIEGE[:60], resume=PIEGE, texte=PIEGE))
    pages = [
        reverse("diffusion:article", args=[article.slug]), reverse("diffusion:actualites"),
        reverse("diffusion:integrer"),
    ]  # fmt: skip

    for page in pages:  # le client strict refuse script et gestionnaires
        texte = client.get(page).text
        assert "<img src=x" not in texte
        assert 'href="javascript' not in texte
    flux = ET.fromstring(client.get(reverse("diffusion:atom")).content)
    assert "<script" not in flux.findtext(".//{*}content", "")


def test_unchanged_page_answers_304(client, article):
    page = reverse("diffusion:actualites")
    empreinte = client.get(page)["ETag"]

    assert client.get(page, headers={"if-none-match": empreinte}).status_code == 304


def test_withdrawn_article_says_why_and_hides_its_text(client, article):
    withdraw_parution(
        objet=article, motif="Chiffres faux.", revision=article.revision, acteur="agent:1",
        maintenant=MAINTENANT,
    )  # fmt: skip

    reponse = client.get(reverse("diffusion:article", args=[article.slug]))

    assert reponse.status_code == 410
    assert "Chiffres faux." in reponse.text
    assert "Sept</strong> forums" not in reponse.text
    assert map_fiches([article.cle]) == {}


def test_draft_does_not_exist_for_the_public(client):
    brouillon = write_article()

    assert client.get(reverse("diffusion:article", args=[brouillon.slug])).status_code == 404
    assert brouillon.slug not in client.get(reverse("diffusion:plan")).text


def test_articles_answer_to_keys_to_citations_and_to_searches(db):
    article = publish(write_article(liens=["solution:tchap"]))

    assert map_fiches([article.cle])[article.cle].titre == "Sept forums"
    assert [f.cle for g in list_rappels("solution:tchap") for f in g.fiches] == [article.cle]
    assert article.cle in [f.cle for g in search_partout("FORUMS sept") for f in g.fiches]
    assert article.cle not in [f.cle for g in search_partout("zzzz") for f in g.fiches]


def test_reading_is_counted_without_the_reader(client, article):
    subscribe(1)
    lettre = write_lettre()
    page_lettre = reverse("diffusion:lettre", args=[lettre.numero])
    assert client.get(page_lettre).status_code == 404  # pas encore partie : rien à compter
    lettre = queue_lettre(
        lettre=lettre, revision=lettre.revision, acteur=ACTEUR, maintenant=MAINTENANT
    )
    for page in (reverse("diffusion:article", args=[article.slug]), page_lettre):
        for _ in range(2):
            assert not client.get(page).cookies
        client.head(page)

    assert dict(Audience.objects.values_list("objet", "lectures")) == {
        article.cle: 2, lettre.cle: 2,
    }  # fmt: skip
    assert {champ.name for champ in Audience._meta.fields} == {"id", "objet", "jour", "lectures"}


def test_partner_frames_the_news_and_nothing_else(client, article):
    cadre = client.get(reverse("diffusion:integrer") + "?couleur=%23000091")

    assert "frame-ancestors *" in cadre["Content-Security-Policy"]
    assert "script-src 'none'" in cadre["Content-Security-Policy"]
    assert "X-Frame-Options" not in cadre
    assert "<script" not in cadre.text
    assert f'href="{build_chemin_feuille("000091")}"' in cadre.text
    piege = client.get(reverse("diffusion:integrer"), {"couleur": "'><script>"}).text
    assert f'href="{build_chemin_feuille("")}"' in piege
    assert (
        "frame-ancestors *"
        not in client.get(reverse("diffusion:actualites"))["Content-Security-Policy"]
    )


def test_feeds_carry_the_whole_article(client, article):
    entrees = ET.fromstring(client.get(reverse("diffusion:atom")).content).findall("{*}entry")
    donnees = client.get(reverse("diffusion:json"))

    assert [entree.findtext("{*}title") for entree in entrees] == ["Sept forums"]
    assert donnees.json()["articles"][0]["texte"] == "**Sept** forums."
    assert donnees["Access-Control-Allow-Origin"] == "*"


def test_sitemap_lists_public_pages(client, article, evenement):
    racine = ET.fromstring(client.get("/sitemap.xml").content)
    adresses = [noeud.text for noeud in racine.iter("{*}loc")] or [
        noeud.text for noeud in racine.iter() if noeud.tag.endswith("}loc")
    ]

    assert any(adresse.endswith(f"/actualites/{article.slug}/") for adresse in adresses)
    assert any(adresse.endswith(f"/evenements/{evenement.slug}/") for adresse in adresses)


def test_calendar_never_gives_the_link_of_the_meeting(client):
    make_evenement(visio="https://visio.exemple.fr/secret")

    agenda = client.get(reverse("diffusion:agenda")).text

    assert "SUMMARY:Forum de Lyon" in agenda
    assert "visio.exemple" not in agenda


def test_past_event_gives_its_replay(client):
    passe = make_evenement(
        dans=timedelta(days=-3000), rediffusion="https://video.exemple.fr/1", supports="À retenir."
    )

    page = client.get(reverse("diffusion:evenement", args=[passe.slug])).text

    assert "https://video.exemple.fr/1" in page
    assert "S’inscrire" not in page


def test_past_events_are_kept_by_replay_genre_and_theme_page_after_page(client):
    passe = timedelta(days=-40)
    revu = {"rediffusion": "https://video.exemple.fr/1", "dans": passe}
    for rang in range(13):
        make_evenement(titre=f"Webinaire {rang:02}", genre="webinaire", themes=["identite"], **revu)
    make_evenement(titre="Forum revu", themes=["donnees"], **revu)
    make_evenement(titre="Forum sans vidéo", themes=["donnees"], dans=passe)
    make_evenement(titre="Forum futur", themes=["donnees"])

    def read(filtre: str) -> str:
        return client.get(reverse("diffusion:evenements") + filtre).text

    assert "Forum sans vidéo" in read("?theme=donnees")
    assert "Forum futur" in read("?theme=donnees")
    revoir = read("?theme=donnees&revoir=on")
    assert "Forum revu" in revoir
    assert "Forum sans vidéo" not in revoir
    assert "Forum futur" not in revoir
    assert "Rien à revoir ici" in read("?theme=securite&revoir=1")
    assert "Forum revu" in read("?theme=inconnu&genre=forum")

    filtre = "?genre=webinaire&theme=identite&revoir=1"
    premiere = read(filtre)
    assert premiere.count("· à revoir") == 12
    suite = premiere.split(f'href="{filtre.replace("&", "&amp;")}&amp;apres=')[1].split('"')[0]
    derniere = read(f"{filtre}&apres={suite}")
    assert derniere.count("· à revoir") == 1
    assert "Forum revu" not in premiere + derniere
