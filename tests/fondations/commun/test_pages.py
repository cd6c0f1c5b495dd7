"""Enveloppe des pages, pages de texte et pages d’erreur."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import RequestDataTooBig
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from socle.fondations.commun import couleurs, views
from socle.fondations.commun.errors import TropDeDemandes
from socle.fondations.commun.middleware import RefusMiddleware
from socle.fondations.comptes.enums import GenreCompte
from tests.factories import CompteFactory

TEXTES = ["accessibilite", "aide", "donnees-personnelles", "mentions-legales", "plan-du-site"]


def read(reponse) -> BeautifulSoup:
    return BeautifulSoup(reponse.text, "html.parser")


@pytest.mark.parametrize("nom", TEXTES)
def test_page_de_texte_answers_for_the_installation_without_base(client, nom):
    reponse = client.get(f"/{nom}/")

    assert reponse.status_code == 200
    assert read(reponse).find("h1")


@pytest.mark.parametrize("nom", TEXTES)
def test_page_de_texte_answers_for_a_collectivite(client, collectivite, nom):
    page = read(client.get(f"/c/clamart/{nom}/"))

    assert page.find("title").get_text().endswith("· Clamart")
    assert (
        page.select_one(".pied address")
        .get_text(" ", strip=True)
        .startswith("1 place de la Mairie")
    )


def test_page_carries_the_identity_of_the_collectivite(client, collectivite):
    collectivite.couleur = "#12694f"
    collectivite.save()

    page = read(client.get("/c/clamart/aide/"))

    assert page.select_one(".marque-nom").get_text() == "Clamart"
    assert page.select_one(".marque")["href"] == "/c/clamart/"
    assert page.find("link", href=couleurs.build_chemin_feuille("#12694f"))


def test_every_link_of_the_enveloppe_stays_in_the_collectivite(client, collectivite):
    page = read(client.get("/c/clamart/aide/"))

    for lien in page.select("header a, footer a"):
        dedans = lien["href"].startswith(("/c/clamart/", "#", "tel:", "mailto:"))
        assert dedans or lien["href"] == "/outils/verifier/", lien  # un outil pour tous


def test_liens_d_evitement_come_first_and_lead_somewhere(client):
    page = read(client.get("/aide/"))
    premiers = [lien["href"] for lien in page.find("body").find_all("a")[:2]]

    assert premiers == ["#contenu", "#plan"]
    assert page.find(id="contenu").name == "main"
    assert page.find(id="plan").name == "nav"


def test_bandeau_says_when_the_bac_a_sable_is_on(client, settings):
    settings.BAC_A_SABLE = True
    assert "Bac à sable" in read(client.get("/aide/")).select_one(".bandeau").get_text()

    settings.BAC_A_SABLE = False
    assert read(client.get("/aide/")).select_one(".bandeau") is None


def test_usager_reads_their_name_in_the_entete(client, collectivite):
    client.force_login(CompteFactory(prenom="Léonie", nom="Tessandre"))

    assert (
        "Léonie Tessandre"
        in read(client.get("/c/clamart/aide/")).select_one(".entete-fin").get_text()
    )


def test_agent_is_led_to_their_own_space(client, collectivite):
    client.force_login(CompteFactory(genre=GenreCompte.AGENT))

    assert read(client.get("/c/clamart/aide/")).find(
        "a", href="/c/clamart/agent/dossiers/", class_="btn"
    )


def test_404_keeps_the_look_and_tells_what_is_kept(client, collectivite):
    reponse = client.get("/c/clamart/nexiste-pas/")

    assert reponse.status_code == 404
    assert "brouillons" in reponse.text
    assert read(reponse).select_one(".marque-nom").get_text() == "Clamart"


def test_request_too_big_answers_413_with_the_limite(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
    requete = RequestFactory().post("/")

    reponse = views.erreur_400(requete, RequestDataTooBig())

    assert reponse.status_code == 413
    assert "5\xa0Mo" in reponse.content.decode()


def test_refus_gives_back_what_was_written():
    requete = RequestFactory().post("/", {"message": "Bonjour, voici ma demande"})

    reponse = RefusMiddleware(lambda r: None).process_exception(requete, TropDeDemandes())

    assert reponse.status_code == 429
    texte = reponse.content.decode()
    assert "Trop de demandes en peu de temps." in texte
    assert 'value="Bonjour, voici ma demande"' in texte


def test_demande_illisible_answers_400():
    assert views.erreur_400(RequestFactory().get("/"), None).status_code == 400


def test_erreur_csrf_gives_back_what_was_written():
    client = Client(enforce_csrf_checks=True)

    reponse = client.post(
        "/aide/", {"message": "Bonjour, <b>voici</b> ma demande", "code": "x" * 40}
    )

    assert reponse.status_code == 403
    page = read(reponse)
    assert [zone["value"] for zone in page.select("input[readonly]")] == [
        "Bonjour, <b>voici</b> ma demande"
    ]
    assert page.find("form", method="post") is None  # rien ne se renvoie à sa place


def test_500_needs_neither_base_nor_session_nor_balise():
    reponse = views.erreur_500(RequestFactory().get("/"))

    assert reponse.status_code == 500
    assert render_to_string("500.html")  # Django la rend ainsi quand tout le reste a échoué
    assert "{%" not in reponse.content.decode()


@pytest.mark.parametrize("gabarit", ["400", "403", "403_csrf", "404", "413"])
def test_page_d_erreur_says_what_happened_what_is_kept_and_what_to_do(gabarit):
    requete = RequestFactory().get("/")

    page = BeautifulSoup(render_to_string(f"{gabarit}.html", {}, requete), "html.parser")

    assert len(page.select("main h1")) == 1
    texte = page.select_one(".chapo").get_text()
    assert any(mot in texte for mot in ("gardé", "intact", "toujours là", "Rien n’a été modifié"))
    assert page.find("h2", string="Ce que vous pouvez faire")
    assert page.select("main ul a")
