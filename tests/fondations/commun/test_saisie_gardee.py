"""Chaque page d’erreur rend ce qui était tapé : 400, 403, 404, 413, 500, session finie."""

import json

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import BadRequest
from django.test import Client, RequestFactory

from socle.fondations.commun import views
from socle.fondations.documents import middleware
from tests.factories import AdhesionFactory, CompteFactory

pytestmark = pytest.mark.django_db
TAPE = {"prenom": "Léa", "telephone": "06 12 34 56 78", "corps": "Bonjour,\nvoici <b>tout</b>."}
SECRET = "une phrase secrète"
SECRETS = {"mot_de_passe": SECRET, "code": "123456", "revision": "3", "onglet": "a1b2c3d4"}


def read_rendu(texte: str) -> dict[str, str]:
    """Rend ce que la page remontre, par libellé : de quoi copier, rien à renvoyer."""
    page = BeautifulSoup(texte, "html.parser")
    zones = page.select("main [readonly]")
    return {
        page.find("label", {"for": zone["id"]}).get_text(): zone.get("value")
        or zone.get_text().removeprefix("\n")
        for zone in zones
    }


RENDU = {"Prénom": "Léa", "Téléphone": "06 12 34 56 78", "Texte": "Bonjour,\nvoici <b>tout</b>."}


@pytest.mark.parametrize(
    "vue", [views.erreur_400, views.erreur_403, views.erreur_404, views.erreur_csrf]
)
def test_page_d_erreur_gives_back_what_was_typed(vue):
    requete = RequestFactory().post("/", TAPE | SECRETS)

    assert read_rendu(vue(requete, BadRequest()).text) == RENDU


def test_500_gives_back_what_was_typed_and_survives_an_unreadable_request():
    assert read_rendu(views.erreur_500(RequestFactory().post("/", TAPE | SECRETS)).text) == RENDU

    illisible = RequestFactory().post("/", TAPE)
    illisible._stream = None  # le flux est perdu : lire l’envoi échouerait

    assert views.erreur_500(illisible).status_code == 500


def test_413_gives_back_the_texts_and_skips_the_file(settings):
    settings.TAILLE_MAX_DOCUMENT = 1000
    lourd = RequestFactory().post("/", TAPE | SECRETS | {"piece": _fichier(8 * 1024 * 1024)})

    reponse = middleware.TailleMiddleware(lambda r: pytest.fail("vue appelée"))(lourd)

    assert reponse.status_code == 413
    assert read_rendu(reponse.text) == RENDU
    assert list(lourd.FILES) == []


def _fichier(taille: int):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("photo.jpg", b"x" * taille, "image/jpeg")


@pytest.mark.parametrize(
    ("adresse", "page", "porte"),
    [
        ("agent/dossiers/7/ecrire/", "agent/dossiers/7/", "agent/connexion/"),
        ("agent/reglages/identite/", "agent/reglages/identite/", "agent/connexion/"),
        ("dossiers/7/ecrire/", "dossiers/7/", "connexion/"),
        ("dossiers/7/etape/2/", "dossiers/7/etape/2/", "connexion/"),
        ("espace/compte/", "espace/compte/", "connexion/"),
    ],
)
def test_envoi_without_session_gives_back_the_text_and_a_way_to_come_back(
    client, collectivite, adresse, page, porte
):
    reponse = client.post(
        f"/c/clamart/{adresse}",
        TAPE | SECRETS,
        headers={"Referer": f"http://testserver/c/clamart/{page}"},
    )

    assert reponse.status_code == 403
    assert "Votre session est finie" in reponse.text
    assert SECRET not in reponse.text
    assert read_rendu(reponse.text) == RENDU
    lien = BeautifulSoup(reponse.text, "html.parser").select_one("main a[target=_blank].btn")
    suite = f"/c/clamart/{page}".replace("/", "%2F")
    assert lien["href"] == f"/c/clamart/{porte}?suite={suite}"
    assert client.get(lien["href"]).status_code == 200


def test_session_that_ended_leads_back_to_the_page_once_connected(client, collectivite, settings):
    """La personne revient dans un autre onglet : la connexion la ramène au formulaire."""
    from django.utils import timezone

    from socle.fondations.comptes.services import create_compte_local

    create_compte_local(
        genre="usager", courriel="yanis@exemple.fr", mot_de_passe=SECRET, verifie=True,
        maintenant=timezone.now(),
    )  # fmt: skip
    client.post("/c/clamart/connexion/", {"login": "yanis@exemple.fr", "password": SECRET})
    session = client.session
    session["vue_le"] = 1.0  # deux heures d’absence, et plus
    session.save()
    page = "/c/clamart/espace/messages/preferences/"

    reponse = client.post(page, TAPE, headers={"Referer": f"http://testserver{page}"})
    assert (reponse.status_code, read_rendu(reponse.text)) == (403, RENDU)

    lien = BeautifulSoup(reponse.text, "html.parser").select_one("main a.btn")["href"]
    porte = BeautifulSoup(client.get(lien).text, "html.parser")
    suite = porte.select_one("input[name=suite]")["value"]
    entree = client.post(lien, {"login": "yanis@exemple.fr", "password": SECRET, "suite": suite})
    assert (entree.status_code, entree["Location"]) == (302, page)


@pytest.mark.parametrize("connecte", [False, True])
def test_expired_csrf_gives_back_the_text_and_the_page(collectivite, connecte):
    client = Client(enforce_csrf_checks=True)
    if connecte:
        client.force_login(CompteFactory())
    page = "/c/clamart/espace/messages/preferences/"

    reponse = client.post(page, TAPE | SECRETS, headers={"Referer": f"http://testserver{page}"})

    assert reponse.status_code == 403
    assert read_rendu(reponse.text) == RENDU
    liens = BeautifulSoup(reponse.text, "html.parser").select("main a[target=_blank]")
    assert {lien["href"] for lien in liens} == {page}
    assert "<form method" not in reponse.text  # rien ne se renvoie à sa place


def test_wrong_side_and_missing_role_give_back_the_text(client, collectivite):
    usager, agent = CompteFactory(), AdhesionFactory(collectivite=collectivite).compte

    client.force_login(usager)
    mauvais_cote = client.post("/c/clamart/agent/dossiers/7/ecrire/", TAPE)
    client.force_login(agent)
    sans_role = client.post("/c/clamart/agent/reglages/identite/", TAPE)

    assert [(r.status_code, read_rendu(r.text)) for r in (mauvais_cote, sans_role)] == [
        (403, RENDU),
        (403, RENDU),
    ]


def test_unknown_page_gives_back_the_text(client, collectivite):
    client.force_login(CompteFactory())

    reponse = client.post("/c/clamart/dossiers/424242/ecrire/", TAPE)

    assert (reponse.status_code, read_rendu(reponse.text)) == (404, RENDU)


def test_program_that_posts_json_is_answered_without_a_fault(client, collectivite):
    reponse = client.post(
        "/c/clamart/agent/dossiers/7/ecrire/", json.dumps(TAPE), content_type="application/json"
    )

    assert reponse.status_code == 403
    assert read_rendu(reponse.text) == {}
