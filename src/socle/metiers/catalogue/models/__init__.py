"""Tables du catalogue, au niveau de l’installation : aucune n’appartient à une collectivité."""

from socle.metiers.catalogue.models.api import Api, CasUsage, UsageApi
from socle.metiers.catalogue.models.deploiement import DemandeDeploiement, MessageDeploiement
from socle.metiers.catalogue.models.editeur import (
    Clause,
    Editeur,
    EssaiProduit,
    InvitationEditeur,
    ReponseEditeur,
    Representant,
    VersionClause,
    VersionProduit,
)
from socle.metiers.catalogue.models.federation import (
    CatalogueDistant,
    FicheDistante,
    FusionFiche,
    ImportCatalogue,
)
from socle.metiers.catalogue.models.label import (
    CandidatureLabel,
    CritereLabel,
    EvaluationLabel,
    FaitLabel,
    ReferentielLabel,
)
from socle.metiers.catalogue.models.solution import EtapeSolution, Solution

__all__ = [
    "Api",
    "CandidatureLabel",
    "CasUsage",
    "CatalogueDistant",
    "Clause",
    "CritereLabel",
    "DemandeDeploiement",
    "Editeur",
    "EssaiProduit",
    "EtapeSolution",
    "EvaluationLabel",
    "FaitLabel",
    "FicheDistante",
    "FusionFiche",
    "ImportCatalogue",
    "InvitationEditeur",
    "MessageDeploiement",
    "ReferentielLabel",
    "ReponseEditeur",
    "Representant",
    "Solution",
    "UsageApi",
    "VersionClause",
    "VersionProduit",
]
