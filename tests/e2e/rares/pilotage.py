"""Le pilotage : un principe, que seul un programme plus ancien a."""

from collections.abc import Iterator

from django.http import HttpResponse

from tests.e2e.rares.adoption import enter_equipe
from tests.e2e.rares.monde import VIDE, Monde, Scene
from tests.metiers.pilotage.fabrique import create_objets


def principe(monde: Monde) -> Iterator[HttpResponse]:
    client = enter_equipe(monde)
    adresse = f"{monde.base}equipe/principes/{create_objets()['principes/pk']}/"
    yield client.get(adresse)
    yield client.post(adresse, VIDE)


SCENES: dict[str, Scene] = {"equipe/principes/<int:pk>/": principe}
