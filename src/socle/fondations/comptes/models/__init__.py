"""Tables des comptes. Celles qui servent avant de savoir qui est là n’ont pas de locataire."""

from socle.fondations.comptes.models.compte import (
    Adhesion,
    Compte,
    ComptesManager,
    MembreOperateur,
    MembreProgramme,
)
from socle.fondations.comptes.models.fournisseur import CompteurConnexion, FournisseurIdentite
from socle.fondations.comptes.models.identite import (
    DemandeRattachement,
    HistoriquePivot,
    IdentiteFederee,
)
from socle.fondations.comptes.models.invitation import Invitation

__all__ = [
    "Adhesion",
    "Compte",
    "ComptesManager",
    "CompteurConnexion",
    "DemandeRattachement",
    "FournisseurIdentite",
    "HistoriquePivot",
    "IdentiteFederee",
    "Invitation",
    "MembreOperateur",
    "MembreProgramme",
]
