"""Les appels : proposer comme partenaire, confirmer et arrêter une alerte, déposer une pièce."""

from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from socle.fondations.comptes.enums import Role, RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.appels.services.alertes import build_depart, confirm_alerte
from tests.conftest import ClientStrict
from tests.e2e.rares.monde import Monde, Scene
from tests.factories import AdhesionFactory, CompteFactory
from tests.metiers.appels.fabrique import MAINTENANT, accord_suivi, propose, relay

PROPOSER = "appels/proposer/"
CONFIRMER = "appels/alertes/confirmer/<str:jeton>/"
ARRETER = "appels/alertes/arreter/<str:jeton>/"
REUNIR = "equipe/appels/<slug:slug>/reunir/"
OCTROI = "agent/octrois/<int:octroi>/"


def enter_programme(monde: Monde, role: RoleProgramme):
    compte = CompteFactory(agent=True)
    MembreProgramme.objects.create(compte=compte, role=role)
    return monde.enter(compte)


def proposer(monde: Monde) -> Iterator[HttpResponse]:
    """Le formulaire vide, puis refusé."""
    client = enter_programme(monde, RoleProgramme.PARTENAIRE)
    yield client.get(f"{monde.base}{PROPOSER}")
    yield client.post(f"{monde.base}{PROPOSER}", {"titre": "Sans le reste"})


def confirmer(monde: Monde) -> Iterator[HttpResponse]:
    """Le lien reçu ; puis un lien abîmé."""
    client, page = ClientStrict(), f"{monde.base}appels/alertes/"
    demande = {"courriel": "ada@exemple.fr", "cadence": "hebdo", "territoires": ["dep-92"]}
    client.post(page, demande)
    lien = monde.read_lien("/appels/alertes/confirmer/")
    yield client.get(lien)
    yield client.get(f"{page}confirmer/faux/")
    yield client.post(page, {"courriel": "", "cadence": "hebdo"})


def arreter(monde: Monde) -> Iterator[HttpResponse]:
    """Avant, puis après."""
    client = ClientStrict()
    client.post(f"{monde.base}appels/alertes/", {"courriel": "bo@exemple.fr", "cadence": "hebdo"})
    jeton = monde.read_lien("/appels/alertes/confirmer/").rstrip("/").rpartition("/")[2]
    abonne = confirm_alerte(jeton=jeton, maintenant=MAINTENANT)
    page = f"{monde.base}appels/alertes/arreter/{build_depart(abonne)}/"
    yield client.get(page)
    yield client.post(page)


def reunir(monde: Monde) -> Iterator[HttpResponse]:
    """Deux fiches qui diffèrent."""
    client, garde = enter_programme(monde, RoleProgramme.EQUIPE), relay()
    double = propose(titre=garde.titre, contact="guichet@exemple.fr")
    yield client.get(f"{monde.base}equipe/appels/{double.slug}/reunir/")
    yield client.post(f"{monde.base}equipe/appels/importer/", {})


def octroi(monde: Monde) -> Iterator[HttpResponse]:
    """Une pièce à déposer, puis un fichier refusé."""
    compte = AdhesionFactory(collectivite=monde["collectivite"], role=Role.ADMINISTRATEUR).compte
    client, page = monde.enter(compte), f"{monde.base}agent/octrois/{accord_suivi().pk}/"
    yield client.get(page)
    yield client.post(page, {"piece": "1", "fichier": SimpleUploadedFile("x.exe", b"MZ\x90")})


SCENES: dict[str, Scene] = {
    PROPOSER: proposer, CONFIRMER: confirmer, ARRETER: arreter, REUNIR: reunir, OCTROI: octroi,
}  # fmt: skip
