"""Pages d’un refus ou d’une panne : elles répondent à toute adresse, jamais à la leur."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from tests.conftest import ClientStrict
from tests.e2e.rares.monde import Monde, Scene

Vues = Iterator[HttpResponse]
TAPE = {"corps": "Un texte déjà écrit, qui n’est pas perdu. " * 8, "titre": "Ma demande"}


def illisible(monde: Monde) -> Vues:
    monde["settings"].DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    yield ClientStrict().post(f"{monde.base}connexion/", TAPE)


def trop_lourde(monde: Monde) -> Vues:
    monde["settings"].DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    yield ClientStrict().post(f"{monde.base}connexion/", TAPE)


def break_accueil(monde: Monde, faute: Exception) -> HttpResponse:
    """Ouvre l’accueil, qui échoue : aucune page du produit n’échoue à la demande."""

    def fail(*_: object) -> None:
        raise faute

    monde["monkeypatch"].setattr("socle.metiers.demarches.views.portail.render", fail)
    return ClientStrict(raise_request_exception=False).get(monde.base)


def sans_droit(monde: Monde) -> Vues:
    """Refus de Django lui-même : ceux du produit sont des refus dits, `commun/refus.html`."""
    yield break_accueil(monde, PermissionDenied())


def sans_jeton(monde: Monde) -> Vues:
    yield ClientStrict(enforce_csrf_checks=True).post(f"{monde.base}connexion/", TAPE)


def introuvable(monde: Monde) -> Vues:
    yield monde.enter(monde["agent"]).get(f"{monde.base}agent/dossiers/999999/")


def panne(monde: Monde) -> Vues:
    yield break_accueil(monde, RuntimeError("panne d’essai"))


def trop_de_demandes(monde: Monde) -> Vues:
    """La onzième demande de lien en une heure, depuis la même adresse ; et un rôle qui manque."""
    client, adresse = ClientStrict(), f"{monde.base}connexion/mot-de-passe/"
    for rang in range(11):
        reponse = client.post(adresse, {"email": f"{rang}@exemple.fr"})
    yield reponse
    yield monde.enter(monde["agent"]).get(f"{monde.base}agent/reglages/")


GABARITS: dict[str, Scene] = {
    "400.html": illisible,
    "403.html": sans_droit,
    "403_csrf.html": sans_jeton,
    "404.html": introuvable,
    "413.html": trop_lourde,
    "500.html": panne,
    "commun/refus.html": trop_de_demandes,
}
