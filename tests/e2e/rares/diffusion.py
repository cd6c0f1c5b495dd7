"""La diffusion : les pages qu’ouvre un lien reçu par courriel."""

from collections.abc import Iterator

from django.http import HttpResponse

from socle.metiers.diffusion.services import abonnements, contacts, evenements
from tests.conftest import ClientStrict
from tests.e2e.rares.monde import Monde, Scene
from tests.metiers.diffusion.fabrique import make_contact, make_evenement, subscribe
from tests.metiers.diffusion.test_evenements import register

VISITEUR = {"nom": "Nora Exemple", "courriel": "nora@exemple.fr", "organisation": "Ville d’essai"}
CHOIX = {"courriel": "nora@exemple.fr", "themes": ["identite"], "territoire": "92"}


def press(adresse: str) -> Iterator[HttpResponse]:
    """La page du lien, puis ce qu’elle répond une fois le bouton pressé."""
    client = ClientStrict()
    yield client.get(adresse)
    yield client.post(adresse, follow=True)


def confirmer_abonnement(monde: Monde) -> Iterator[HttpResponse]:
    ClientStrict().post(f"{monde.base}lettres/abonnement/", CHOIX)
    yield from press(monde.read_lien("lettres/confirmer"))


def desabonner(monde: Monde) -> Iterator[HttpResponse]:
    (abonne,) = subscribe(1)
    yield from press(f"{monde.base}lettres/desabonner/{abonnements.build_depart(abonne.pk)}/")


def confirmer_inscription(monde: Monde) -> Iterator[HttpResponse]:
    ClientStrict().post(f"{monde.base}evenements/{make_evenement().slug}/inscription/", VISITEUR)
    yield from press(monde.read_lien("evenements/confirmer"))


def inscription(monde: Monde) -> Iterator[HttpResponse]:
    """En attente d’une place ; puis la sienne, que l’on annule."""
    evenement = make_evenement(places=1)
    prise, attend = register(evenement, "ada"), register(evenement, "nora")
    place = f"{monde.base}evenements/place/"
    yield ClientStrict().get(f"{place}{evenements.build_jeton(attend)}/")
    yield from press(f"{place}{evenements.build_jeton(prise)}/")


def avis(monde: Monde) -> Iterator[HttpResponse]:
    """Les deux questions ; puis l’envoi sans réponse, refusé."""
    jeton = evenements.build_jeton(register(make_evenement()))
    client, adresse = ClientStrict(), f"{monde.base}evenements/place/{jeton}/avis/"
    yield client.get(adresse)
    yield client.post(adresse, {})


def opposition(monde: Monde) -> Iterator[HttpResponse]:
    jeton = contacts.build_jeton(make_contact())
    yield from press(f"{monde.base}contacts/opposition/{jeton}/")


SCENES: dict[str, Scene] = {
    "lettres/confirmer/<str:jeton>/": confirmer_abonnement,
    "lettres/desabonner/<str:jeton>/": desabonner,
    "evenements/confirmer/<str:jeton>/": confirmer_inscription,
    "evenements/place/<str:jeton>/": inscription,
    "evenements/place/<str:jeton>/avis/": avis,
    "contacts/opposition/<str:jeton>/": opposition,
}
