"""Les tests d’architecture se servent d’un vrai dossier, celui des tests des métiers."""

from tests.metiers.conftest import (
    administrateur,
    agent,
    brouillon,
    demarche,
    depose,
    usager,
)

__all__ = ["administrateur", "agent", "brouillon", "demarche", "depose", "usager"]
