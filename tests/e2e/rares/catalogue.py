"""Le catalogue : l’espace d’un éditeur, une candidature, une demande, une fiche d’ailleurs."""

import re
from collections.abc import Iterator

from django.http import HttpResponse

from socle.fondations.comptes.enums import Role, RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from tests.e2e.rares.monde import Monde, Scene
from tests.factories import AdhesionFactory, CompteFactory
from tests.metiers.catalogue.fabrique import create_objets

EDITEUR = (
    "editeur/",
    "editeur/solutions/<slug:slug>/",
    "editeur/solutions/<slug:slug>/repondre/",
    "editeur/solutions/<slug:slug>/versions/",
    "editeur/solutions/<slug:slug>/versions/<int:pk>/essayer/",
    "editeur/solutions/<slug:slug>/label/",
    "editeur/solutions/<slug:slug>/label/<int:pk>/contester/",
    "editeur/demandes/<int:pk>/",
)
EQUIPE = (
    "catalogue/label/<int:pk>/",
    "equipe/catalogue/demandes/<int:pk>/",
    "equipe/catalogue/label/<int:pk>/",
    "equipe/catalogue/solutions/<slug:slug>/etapes/<int:pk>/",
    "equipe/catalogue/imports/<slug:slug>/",
    "equipe/catalogue/imports/<slug:slug>/deposer/",
    "equipe/catalogue/fiches/<int:pk>/",
)
AGENT = "agent/catalogue/demandes/<int:pk>/"


def fill(route: str, valeurs: dict[str, str]) -> str:
    """Rend l’adresse d’une route avec les objets de la fabrique."""
    return re.sub(
        r"(\w+)/<\w+:(\w+)>", lambda trouve: f"{trouve[1]}/{valeurs[f'{trouve[1]}/{trouve[2]}']}",
        route,
    )  # fmt: skip


def make_scene(route: str, role: RoleProgramme) -> Scene:
    def scene(monde: Monde) -> Iterator[HttpResponse]:
        compte = CompteFactory(agent=True)
        MembreProgramme.objects.create(compte=compte, role=role)
        adresse = monde.base + fill(route, create_objets())
        client = monde.enter(compte)
        yield client.get(adresse)
        refus = client.post(adresse, {"vide": "1"})
        if refus.status_code == 422:
            yield refus

    return scene


def demande(monde: Monde) -> Iterator[HttpResponse]:
    compte = AdhesionFactory(collectivite=monde["collectivite"], role=Role.ADMINISTRATEUR).compte
    yield monde.enter(compte).get(monde.base + fill(AGENT, create_objets()))


SCENES: dict[str, Scene] = (
    {route: make_scene(route, RoleProgramme.EDITEUR) for route in EDITEUR}
    | {route: make_scene(route, RoleProgramme.EQUIPE) for route in EQUIPE}
    | {AGENT: demande}
)
