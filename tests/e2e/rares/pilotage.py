"""Le pilotage : un principe, que seul un programme plus ancien a ; un import de valeurs."""

from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from socle.metiers.pilotage.models import Indicateur
from tests.e2e.rares.adoption import enter_equipe
from tests.e2e.rares.monde import VIDE, Monde, Scene
from tests.metiers.pilotage.fabrique import create_objets

VALEURS = """indicateur;date;nombre;document;endroit
cos;2026-01-01;12;Rapport annuel;Page 3, deuxième paragraphe
cos;2026-01-01;15;Compte rendu;Page 1
cos;2026-06-01;16;Compte rendu;Page 2
"""
FAUX = "indicateur;date;nombre;document;endroit\ncosse;demain;x;;Page 3\n"


def principe(monde: Monde) -> Iterator[HttpResponse]:
    client = enter_equipe(monde)
    adresse = f"{monde.base}equipe/principes/{create_objets()['principes/pk']}/"
    yield client.get(adresse)
    yield client.post(adresse, VIDE)


def importer(monde: Monde) -> Iterator[HttpResponse]:
    """Le formulaire, un fichier faux, puis l’aperçu d’un bon et le même, dépassé."""
    client, adresse = enter_equipe(monde), f"{monde.base}equipe/indicateurs/importer/"
    yield client.get(adresse)
    yield client.post(adresse, {"fichier": SimpleUploadedFile("v.csv", FAUX.encode())})
    Indicateur.objects.create(code="cos", titre="Commissions d’orientation stratégique tenues")
    apercu = client.post(adresse, {"fichier": SimpleUploadedFile("v.csv", VALEURS.encode())})
    yield apercu
    yield client.post(adresse, {"lu": apercu.context["lu"], "empreinte": "autre"})


SCENES: dict[str, Scene] = {
    "equipe/principes/<int:pk>/": principe, "equipe/indicateurs/importer/": importer,
}  # fmt: skip
