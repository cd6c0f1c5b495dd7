"""De vrais simulateurs de FranceConnect et ProConnect, et un navigateur pour y aller."""

import json
from collections.abc import Callable, Iterator

import pytest

from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.oidc.cles import clear_cles
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.ports import profils
from socle.fondations.comptes.services import create_fournisseur
from socle.simulateurs.application import create_application
from socle.simulateurs.configuration import SECRET_DEMO, create_configuration
from tests.conftest import ClientStrict
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory
from tests.navigateur import PRODUIT, Navigateur
from tests.oidc_faux import serve_application


class Differee:
    """Application connue après son port : l’adresse publique des simulateurs en dépend."""

    def __call__(self, environ, start_response):
        return self.application(environ, start_response)


@pytest.fixture(scope="session")
def adresse_simulateurs() -> Iterator[str]:
    differee = Differee()
    with serve_application(differee) as origine:
        configuration = create_configuration(
            f"{origine}/simulateurs", prefixes=(f"{PRODUIT}/", "http://clamart.example:8000/"),
            lenteur=1.0,
        )  # fmt: skip
        differee.application = create_application(configuration)
        yield f"{origine}/simulateurs"


@pytest.fixture
def simulateurs(settings, adresse_simulateurs) -> str:
    clear_cles()
    settings.BAC_A_SABLE, settings.SIMULATEURS_URL = True, adresse_simulateurs
    return adresse_simulateurs


@pytest.fixture
def clamart(db):
    """Clamart, sans contexte ouvert : chaque requête ouvre le sien."""
    return CollectiviteFactory(
        nom="Clamart", slug="clamart", siren="219200235", siret="21920023500014"
    )


@pytest.fixture
def branche(simulateurs) -> Callable:
    """Branche un fournisseur simulé, sur l’installation sauf si l’on dit une collectivité."""

    def branche(profil: str = "franceconnect", collectivite=None, chemin: str = "", **reglages):
        return create_fournisseur(
            profil=profils[profil],
            code=reglages.pop("code", profil.replace("_", "-")),
            base_url=f"{simulateurs}/{chemin or profil}/api/v2",
            client_id=reglages.pop("client_id", "socle-demo"),
            secret=SECRET_DEMO,
            collectivite=collectivite,
            **reglages,
        )

    return branche


@pytest.fixture
def franceconnect(branche, clamart):
    return branche("franceconnect")


@pytest.fixture
def proconnect(branche, clamart):
    return branche("proconnect")


@pytest.fixture
def navigateur(client) -> Navigateur:
    return Navigateur(client)


@pytest.fixture
def autre_navigateur() -> Navigateur:
    return Navigateur(ClientStrict())


@pytest.fixture
def agent(clamart):
    """Une agente de Clamart, avec un mot de passe."""
    compte = CompteFactory(agent=True, courriel="ada@clamart.example")
    compte.set_password("des vagues et du sel")
    compte.save()
    with locataire(clamart.pk):
        AdhesionFactory(compte=compte, collectivite=clamart, role=Role.INSTRUCTEUR)
    return compte


@pytest.fixture
def administratrice(clamart):
    compte = CompteFactory(
        agent=True, courriel="lucie@clamart.example", prenom="Lucie", nom="Bertin"
    )
    with locataire(clamart.pk):
        AdhesionFactory(compte=compte, collectivite=clamart, role=Role.ADMINISTRATEUR)
    return compte


def read_pivot(identite) -> dict[str, str]:
    return json.loads(identite.pivot)


@pytest.fixture
def courriels(mailoutbox) -> Callable[[], list]:
    """Exécute les envois en attente, comme le travailleur, et rend les messages partis."""
    from django.db import connection

    from socle.fondations.comptes.tasks import send_courriel

    def livre() -> list:
        with connection.cursor() as curseur:
            curseur.execute(
                "DELETE FROM procrastinate_jobs WHERE task_name = 'comptes.send_courriel'"
                " RETURNING args ->> 'message'"
            )
            for (message,) in curseur.fetchall():
                send_courriel(message=message)
        return mailoutbox

    return livre
