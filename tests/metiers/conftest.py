"""Une démarche publiée et ses personnes, pour les tests des métiers."""

from datetime import UTC, datetime, timedelta

import pytest

from socle.fondations.comptes.enums import Role
from socle.metiers.demarches import services as demarches
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import depot
from tests.factories import AdhesionFactory, CompteFactory, RegleFactory, ServiceFactory

MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)

DEFINITION = {
    "pages": [
        {
            "id": "vous",
            "titre": "Vous",
            "champs": [
                {
                    "type": "texte_court",
                    "id": "prenom",
                    "libelle": "Prénom",
                    "autocomplete": "given-name",
                },
                {
                    "type": "texte_court",
                    "id": "nom",
                    "libelle": "Nom",
                    "autocomplete": "family-name",
                },
                {
                    "type": "courriel",
                    "id": "courriel",
                    "libelle": "Courriel",
                    "obligatoire": False,
                    "autocomplete": "email",
                },
            ],
        },
        {
            "id": "foyer",
            "titre": "Votre foyer",
            "champs": [
                {"type": "nombre_decimal", "id": "revenu", "libelle": "Revenu", "minimum": 0},
                {"type": "nombre_decimal", "id": "parts", "libelle": "Parts", "minimum": 1},
                {
                    "type": "champ_calcule",
                    "id": "quotient",
                    "libelle": "Quotient",
                    "formule": "ARRONDI(revenu / 12 / parts; 0)",
                    "unite": "€",
                    "decimales": 0,
                },
            ],
        },
    ]
}
REPONSES = {"prenom": "Yanis", "nom": "Orbellec", "courriel": "yanis@exemple.fr",
            "revenu": "21600", "parts": "1.5"}  # fmt: skip


@pytest.fixture
def agent(collectivite):
    adhesion = AdhesionFactory(collectivite=collectivite, role=Role.INSTRUCTEUR)
    return adhesion.compte


@pytest.fixture
def administrateur(collectivite):
    adhesion = AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR)
    return adhesion.compte


@pytest.fixture
def usager(db):
    return CompteFactory(courriel="yanis@exemple.fr")


def create_cantine(collectivite, agent):
    """Publie une démarche de cantine, version 1."""
    cantine = demarches.create_demarche(
        collectivite=collectivite,
        titre="Cantine scolaire",
        agent=agent,
        maintenant=MAINTENANT,
        definition=DEFINITION,
        resume="Inscrire un enfant à la cantine.",
        cadre_juridique="Code de l’éducation, art. R. 531-52",
        service=ServiceFactory(collectivite=collectivite, nom="Écoles"),
        regle=RegleFactory(collectivite=collectivite),
        invites_autorises=True,
        decision_acceptation="Votre enfant est inscrit.",
    )
    demarches.publish_version(demarche=cantine, agent=agent, maintenant=MAINTENANT)
    cantine.refresh_from_db()
    return cantine


@pytest.fixture
def demarche(collectivite, administrateur):
    """Cantine publiée, version 1."""
    return create_cantine(collectivite, administrateur)


def start_brouillon(demarche, usager):
    """Commence une demande, réponses comprises."""
    dossier, _ = depot.start_dossier(
        demarche=demarche,
        version=get_version_publiee(demarche),
        compte=usager,
        maintenant=MAINTENANT,
        reponses=REPONSES,
    )
    return dossier


@pytest.fixture
def brouillon(demarche, usager):
    return start_brouillon(demarche, usager)


@pytest.fixture
def depose(brouillon, usager):
    """Dossier déposé il y a deux jours."""
    return depot.file_dossier(
        numero=brouillon.numero,
        acces=Acces(compte=usager),
        maintenant=MAINTENANT - timedelta(days=2),
    )
