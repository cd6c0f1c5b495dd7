"""Déposer par l’adresse des documents, avec ou sans script ; refuser trop lourd avant de lire."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from socle.fondations.documents import middleware, ports
from socle.fondations.documents.models import Document
from tests.fondations.documents.echantillons import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def envoie(client, collectivite, racine, metier):
    def post(contenu: bytes = PDF, objet: str = "essai:1", nom: str = "avis.pdf", **entetes):
        fichier = SimpleUploadedFile(nom, contenu)
        return client.post(
            f"/c/{collectivite.slug}/documents/",
            {"objet": objet, "fichier": fichier},
            headers=entetes,
        )

    return post


def test_program_receives_json(envoie):
    reponse = envoie()

    document = Document.objects.get()
    assert reponse.status_code == 201
    assert reponse.json() == document.describe()
    assert document.depose_par == "usager:1"


def test_htmx_receives_a_fragment_with_a_link(envoie):
    reponse = envoie(**{"HX-Request": "true"})

    document = Document.objects.get()
    assert f"/documents/{document.pk}/" in reponse.text
    assert "avis.pdf" in reponse.text
    assert "non vérifié par un antivirus" in reponse.text


def test_refusal_says_what_and_what_next(envoie, metier):
    metier.depot = ports.Depot(depose_par="usager:1", regles=ports.Regles(taille_max=5))

    reponse = envoie()

    assert reponse.status_code == 413
    assert reponse.headers["Content-Type"] == "application/problem+json"
    assert (
        json.loads(reponse.content)["title"]
        == "Ce fichier est trop lourd : la limite est de 5\u00a0octets."
    )
    assert "trop lourd" in envoie(**{"HX-Request": "true"}).text


@pytest.mark.parametrize("objet", ["inconnu:1", "", "essai"])
def test_object_without_right_is_refused(envoie, metier, objet):
    metier.depot = None

    assert envoie(objet=objet).status_code == 403
    assert Document.objects.count() == 0


def test_request_without_file_is_refused(client, collectivite, metier, racine):
    reponse = client.post(f"/c/{collectivite.slug}/documents/", {"objet": "essai:1"})

    assert reponse.status_code == 400


class FluxCompte:
    """Corps de requête sans fin, qui compte ce qu’on lui lit."""

    def __init__(self) -> None:
        self.lus = 0

    def read(self, taille: int = -1) -> bytes:
        self.lus += taille
        return b"x" * taille


def test_too_heavy_request_is_refused_before_any_reading_of_the_form(settings):
    settings.TAILLE_MAX_DOCUMENT = 1000
    flux = FluxCompte()
    requete = RequestFactory().generic("POST", "/documents/")
    requete.META["CONTENT_LENGTH"] = str(10**12)
    requete._stream = flux

    reponse = middleware.TailleMiddleware(lambda r: pytest.fail("vue appelée"))(requete)

    assert reponse.status_code == 413
    assert flux.lus == middleware.A_VIDER_MAX
    assert "Rien n’a été reçu" in reponse.text


@pytest.mark.parametrize("longueur", ["", "abc", "-5", "12"])
def test_other_requests_go_through(longueur):
    requete = RequestFactory().get("/")
    requete.META["CONTENT_LENGTH"] = longueur

    assert middleware.TailleMiddleware(lambda r: "suite")(requete) == "suite"
