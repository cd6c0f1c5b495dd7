"""De quoi essayer l’éditeur : un chantier, un agent connecté, des formulaires de toute taille."""

from copy import deepcopy

import pytest

from socle.fondations.formulaires.definition import TYPES_MODELES
from socle.metiers.demarches import services
from socle.metiers.demarches.queries import get_chantier
from tests.metiers.conftest import DEFINITION, MAINTENANT

CHAMPS = [
    {"type": type_, "id": f"c_{type_}", "libelle": f"Champ {type_}"} for type_ in TYPES_MODELES
]


def build_definition(nombre: int) -> dict:
    """Un formulaire d’une page et de `nombre` champs."""
    champs = [
        {"type": "texte_court", "id": f"champ_{n}", "libelle": f"Question {n}"}
        for n in range(nombre)
    ]
    return {"pages": [{"id": "page", "titre": "Page", "champs": champs}]}


def build_tous_types() -> dict:
    """Un formulaire avec un champ de chaque type."""
    return {"pages": [{"id": "page", "titre": "Page", "champs": deepcopy(CHAMPS)}]}


@pytest.fixture
def brouillon(collectivite, administrateur):
    """Démarche jamais publiée, au formulaire de la cantine."""
    return services.create_demarche(
        collectivite=collectivite,
        titre="Carte de bibliothèque",
        agent=administrateur,
        maintenant=MAINTENANT,
        definition=deepcopy(DEFINITION),
    )


@pytest.fixture
def editeur(client, administrateur):
    """Navigateur d’un administrateur connecté."""
    client.force_login(administrateur)
    return client


@pytest.fixture
def adresse(brouillon):
    """Racine des pages d’agent du brouillon."""
    return f"/c/clamart/agent/demarches/{brouillon.pk}/"


@pytest.fixture
def set_definition(administrateur):
    """Remplace la définition du brouillon d’une démarche."""

    def apply(demarche, definition):
        return services.update_brouillon(
            demarche=demarche,
            definition=definition,
            revision=get_chantier(demarche).revision,
            libelle="Préparation",
            agent=administrateur,
            maintenant=MAINTENANT,
        )

    return apply
