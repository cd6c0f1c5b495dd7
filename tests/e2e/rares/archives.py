"""Un versement transmis, et les états de la réponse des archives : envoyée, fausse, acceptée."""

from collections.abc import Iterator

from django.http import HttpResponse

from socle.metiers.archivage import services
from tests.e2e.rares.monde import Monde, Scene
from tests.metiers.archivage.conftest import REFERENCE
from tests.metiers.archivage.test_pages_reponse import JOUR, send
from tests.metiers.archivage.test_reponse import make_accuse, make_atr

Vues = Iterator[HttpResponse]


def reponse(monde: Monde) -> Vues:
    services.mark_transmis(
        versement=monde["versement"], acteur="agent:1", maintenant=monde["maintenant"]
    )
    client = monde.enter(monde["archiviste"])
    adresse = f"{monde.base}agent/archives/{REFERENCE}/"
    yield client.get(adresse)
    yield send(client, b"pas du XML")
    saisie = {"main-message": REFERENCE, "main-date": JOUR}
    yield client.post(f"{adresse}repondre/", saisie)
    yield send(client, make_accuse())
    yield send(client, make_atr("WARNING"))


GABARITS: dict[str, Scene] = {"archivage/versement.html": reponse}
