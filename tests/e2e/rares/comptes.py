"""Pages des comptes que l’on n’ouvre qu’à un moment : second facteur, liens reçus par courriel."""

import re
from collections.abc import Callable, Iterator

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from socle.fondations.comptes.enums import GenreCompte, Role
from socle.fondations.comptes.ports import profils
from socle.fondations.comptes.services import create_compte_local, create_fournisseur
from tests.cle_de_securite import CleDeSecurite
from tests.conftest import ClientStrict
from tests.e2e.rares.monde import Monde, Scene
from tests.factories import AdhesionFactory, CompteFactory
from tests.fondations.comptes.test_second_facteur import compute_code, read_options

Vues = Iterator[HttpResponse]
PHRASE = "des vagues et du sel"
FACTEUR = "compte/second-facteur/"
COURRIELS = {GenreCompte.AGENT: "ada@clamart.example", GenreCompte.USAGER: "yanis@exemple.fr"}
PORTES = {GenreCompte.AGENT: "agent/connexion/", GenreCompte.USAGER: "connexion/"}


def enter(monde: Monde, genre: GenreCompte, *, confirme: bool = True) -> Client:
    """Crée un compte et s’y connecte par son mot de passe ; `confirme` : redonné à l’instant."""
    compte = create_compte_local(
        genre=genre, courriel=COURRIELS[genre], mot_de_passe=PHRASE, verifie=True,
        prenom="Ada", nom="Fournel", maintenant=timezone.now(),
    )  # fmt: skip
    if genre == GenreCompte.AGENT:
        AdhesionFactory(collectivite=monde["collectivite"], compte=compte, role=Role.INSTRUCTEUR)
    client = open_session(monde, genre)
    if confirme:
        client.post(f"{monde.base}compte/confirmer/", {"password": PHRASE})
    return client


def open_session(monde: Monde, genre: GenreCompte) -> Client:
    client = ClientStrict()
    porte = monde.base + PORTES[genre]
    reponse = client.post(porte, {"login": COURRIELS[genre], "password": PHRASE})
    assert reponse.status_code == 302, reponse.text
    return client


def add_application(monde: Monde, client: Client) -> None:
    page = client.get(f"{monde.base}{FACTEUR}application/")
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.text)[1]
    adresse = f"{monde.base}{FACTEUR}application/"
    assert client.post(adresse, {"code": compute_code(secret)}).status_code == 302


def add_cle(monde: Monde, client: Client) -> int:
    """Ajoute une clé de sécurité et rend son numéro."""
    adresse = f"{monde.base}{FACTEUR}cles/ajouter/"
    options = read_options(client.get(adresse), "creation_options")
    envoi = {"name": "Ma clé", "credential": CleDeSecurite().create(options)}
    assert client.post(adresse, envoi).status_code == 302
    liste = client.get(f"{monde.base}{FACTEUR}cles/").text
    return int(re.search(rf"{FACTEUR}cles/(\d+)/", liste)[1])


def both(scene: Callable[[Monde, GenreCompte], Vues]) -> Scene:
    """La même scène pour un agent, puis pour un usager : leurs pages n’ont pas le même cadre."""

    def play(monde: Monde) -> Vues:
        for genre in (GenreCompte.AGENT, GenreCompte.USAGER):
            yield from scene(monde, genre)

    return play


@both
def confirmer(monde: Monde, genre: GenreCompte) -> Vues:
    client = enter(monde, genre, confirme=False)
    adresse = f"{monde.base}compte/confirmer/"
    yield client.get(adresse)
    yield client.post(adresse, {"password": "faux"})


@both
def changer_mot_de_passe(monde: Monde, genre: GenreCompte) -> Vues:
    client, adresse = enter(monde, genre), f"{monde.base}compte/mot-de-passe/"
    yield client.get(adresse)
    yield client.post(adresse, {"oldpassword": "faux", "password1": "court"})


def choisir_mot_de_passe(monde: Monde) -> Vues:
    """Une personne venue par FranceConnect, sans mot de passe."""
    compte = CompteFactory(courriel="lea@exemple.fr")
    compte.set_unusable_password()
    compte.save()
    client, adresse = monde.enter(compte), f"{monde.base}compte/mot-de-passe/choisir/"
    yield client.get(adresse)
    yield client.post(adresse, {"password1": "court"})


@both
def confirmer_par_un_code(monde: Monde, genre: GenreCompte) -> Vues:
    client, adresse = enter(monde, genre), f"{monde.base}{FACTEUR}confirmer/"
    add_application(monde, client)
    yield client.get(adresse)
    yield client.post(adresse, {"code": "000000"})


@both
def retirer_application(monde: Monde, genre: GenreCompte) -> Vues:
    client = enter(monde, genre)
    add_application(monde, client)
    yield client.get(f"{monde.base}{FACTEUR}application/retirer/")


@both
def codes(monde: Monde, genre: GenreCompte) -> Vues:
    client = enter(monde, genre)
    add_application(monde, client)
    yield client.get(f"{monde.base}{FACTEUR}codes/")


@both
def renouveler_codes(monde: Monde, genre: GenreCompte) -> Vues:
    client = enter(monde, genre)
    add_application(monde, client)
    yield client.get(f"{monde.base}{FACTEUR}codes/renouveler/")


@both
def confirmer_par_une_cle(monde: Monde, genre: GenreCompte) -> Vues:
    client, adresse = enter(monde, genre), f"{monde.base}{FACTEUR}cles/confirmer/"
    add_cle(monde, client)
    yield client.get(adresse)
    yield client.post(adresse, {"credential": "{}"})  # une clé refusée


@both
def nommer_cle(monde: Monde, genre: GenreCompte) -> Vues:
    client = enter(monde, genre)
    adresse = f"{monde.base}{FACTEUR}cles/{add_cle(monde, client)}/"
    yield client.get(adresse)
    yield client.post(adresse, {"name": ""})


@both
def retirer_cle(monde: Monde, genre: GenreCompte) -> Vues:
    client = enter(monde, genre)
    yield client.get(f"{monde.base}{FACTEUR}cles/{add_cle(monde, client)}/retirer/")


@both
def donner_second_facteur(monde: Monde, genre: GenreCompte) -> Vues:
    """Le mot de passe vient d’être donné ; l’épreuve, avec une application et une clé."""
    client = enter(monde, genre)
    add_application(monde, client)
    add_cle(monde, client)
    ailleurs, adresse = open_session(monde, genre), f"{monde.base}connexion/second-facteur/"
    yield ailleurs.get(adresse)
    yield ailleurs.post(adresse, {"code": "000000"})
    yield ailleurs.post(adresse, {"credential": "{}"})


def second_facteur_exige(monde: Monde) -> Vues:
    client = enter(monde, GenreCompte.AGENT)
    yield client.get(f"{monde.base}{FACTEUR}exige/")


# Liens reçus -------------------------------------------------------------------------------------
def invite(monde: Monde, courriel: str) -> str:
    """Invite une personne et rend le lien qu’elle reçoit."""
    admin = monde.enter(monde["administrateur"])
    envoi = {"courriel": courriel, "role": "instructeur"}
    admin.post(f"{monde.base}agent/reglages/agents/inviter/", envoi)
    return monde.read_lien("/agent/invitation/")


def invitation(monde: Monde) -> Vues:
    neuve, connue = invite(monde, "marc@exemple.fr"), invite(monde, monde["agent_seul"].courriel)
    client = ClientStrict()
    yield client.get(neuve)
    yield client.post(neuve, {"prenom": "", "nom": "", "mot_de_passe": "court"})
    yield client.get(connue)
    yield client.get(f"{monde.base}agent/invitation/faux/")


def invitation_acceptee(monde: Monde) -> Vues:
    compte = monde["agent_seul"]
    yield monde.enter(compte).get(invite(monde, compte.courriel))


def confirmer_inscription(monde: Monde) -> Vues:
    client = ClientStrict()
    envoi = {"email": "neuve@exemple.fr", "password1": PHRASE}
    assert client.post(f"{monde.base}inscription/", envoi).status_code == 302
    yield ClientStrict().get(monde.read_lien("/inscription/confirmer/"))
    yield client.get(f"{monde.base}inscription/confirmer/faux/")


def nouveau_mot_de_passe(monde: Monde) -> Vues:
    for genre in (GenreCompte.USAGER, GenreCompte.AGENT):
        client = enter(monde, genre)
        oubli = PORTES[genre] + "mot-de-passe/"
        client = ClientStrict()
        client.post(monde.base + oubli, {"email": COURRIELS[genre]})
        adresse = client.get(monde.read_lien("/connexion/mot-de-passe/"))["Location"]
        yield client.get(adresse)
        yield client.post(adresse, {"password1": "court"})


def autre_genre(monde: Monde) -> Vues:
    yield monde.enter(monde["usager"]).get(f"{monde.base}agent/connexion/")
    yield monde.enter(monde["agent"]).get(f"{monde.base}connexion/")


def echec(monde: Monde) -> Vues:
    """Retour d’un fournisseur dans un navigateur qui n’en est pas parti."""
    monde["collectivite"]
    create_fournisseur(
        profil=profils["franceconnect"], code="franceconnect", client_id="essai", secret="essai",
        base_url="https://fc.example/api/v2",
    )  # fmt: skip
    adresse = f"{monde.base}connexion/franceconnect/retour/"
    yield ClientStrict().get(adresse, {"state": "faux", "code": "faux"})


def inviter(monde: Monde) -> Vues:
    admin = monde.enter(monde["administrateur"])
    envoi = {"courriel": "pas une adresse", "role": ""}
    yield admin.post(f"{monde.base}agent/reglages/agents/inviter/", envoi)


def choisir_collectivite(monde: Monde) -> Vues:
    """Un agent qui a une collectivité ; un autre qui n’en a aucune."""
    yield monde.enter(monde["agent"]).get("/agent/?toutes=1")
    yield monde.enter(monde["agent_seul"]).get("/agent/")


def session_finie(monde: Monde) -> Vues:
    envoi = {"corps": "Un texte déjà écrit"}
    adresse = f"{monde.base}agent/dossiers/{monde['depose'].numero}/ecrire/"
    yield ClientStrict().post(adresse, envoi, headers={"Referer": f"http://testserver{adresse}"})


SCENES: dict[str, Scene] = {
    "compte/confirmer/": confirmer,
    "compte/mot-de-passe/": changer_mot_de_passe,
    "compte/mot-de-passe/choisir/": choisir_mot_de_passe,
    "compte/second-facteur/confirmer/": confirmer_par_un_code,
    "compte/second-facteur/application/retirer/": retirer_application,
    "compte/second-facteur/codes/": codes,
    "compte/second-facteur/codes/renouveler/": renouveler_codes,
    "compte/second-facteur/cles/confirmer/": confirmer_par_une_cle,
    "compte/second-facteur/cles/<int:pk>/": nommer_cle,
    "compte/second-facteur/cles/<int:pk>/retirer/": retirer_cle,
    "compte/second-facteur/exige/": second_facteur_exige,
    "connexion/second-facteur/": donner_second_facteur,
    "connexion/mot-de-passe/<str:uidb36>/<str:key>/": nouveau_mot_de_passe,
    "inscription/confirmer/<str:key>/": confirmer_inscription,
    "agent/invitation/<str:jeton>/": invitation,
}
# Gabarit → scène : pages sans adresse à elles, rendues par un refus, un envoi ou un retour.
GABARITS: dict[str, Scene] = {
    "comptes/autre_genre.html": autre_genre,
    "comptes/choisir.html": choisir_collectivite,
    "comptes/echec.html": echec,
    "comptes/invitation_acceptee.html": invitation_acceptee,
    "comptes/inviter.html": inviter,
    "comptes/session_finie.html": session_finie,
}
