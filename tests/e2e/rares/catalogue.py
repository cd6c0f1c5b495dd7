"""Le catalogue : l’espace d’un éditeur, une candidature, une demande, une fiche d’ailleurs."""

import re
from collections.abc import Iterator

from django.http import HttpResponse
from django.utils import timezone

from socle.fondations.comptes.enums import Role, RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.catalogue.services.invitations import invite_representant
from tests.conftest import ClientStrict
from tests.e2e.rares.monde import Monde, Scene
from tests.factories import AdhesionFactory, CompteFactory
from tests.metiers.catalogue.fabrique import create_objets, create_solution

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


def invitation(monde: Monde) -> Iterator[HttpResponse]:
    """Un compte à créer ; une saisie refusée ; un agent connecté ; un lien qui ne sert plus."""
    editeur, equipe = create_solution().editeur, CompteFactory(agent=True)
    for courriel in ("zoe@editeur.example", "lea@editeur.example"):
        invite_representant(
            editeur=editeur, courriel=courriel, agent=equipe, maintenant=timezone.now()
        )
    lien, visiteur = monde.read_lien("editeur/invitation"), ClientStrict()
    yield visiteur.get(lien)
    yield visiteur.post(lien, {"prenom": "Zoé", "mot_de_passe": "court"})
    agent = monde.enter(CompteFactory(agent=True))
    yield agent.get(lien)
    agent.post(lien)
    yield visiteur.get(lien)


SCENES: dict[str, Scene] = (
    {route: make_scene(route, RoleProgramme.EDITEUR) for route in EDITEUR}
    | {route: make_scene(route, RoleProgramme.EQUIPE) for route in EQUIPE}
    | {AGENT: demande, "editeur/invitation/<str:jeton>/": invitation}
)
