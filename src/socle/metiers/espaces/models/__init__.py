from socle.metiers.espaces.models.boite import Livrable, UsageDeLivrable, VersionDeLivrable
from socle.metiers.espaces.models.groupe import (
    Commentaire,
    EntreeEnGroupe,
    GroupeDeTravail,
    MembreDeGroupe,
    Sujet,
    Tache,
    VersionDeDocument,
)
from socle.metiers.espaces.models.retour import RetourDExperience

__all__ = [
    "Commentaire",
    "EntreeEnGroupe",
    "GroupeDeTravail",
    "Livrable",
    "MembreDeGroupe",
    "RetourDExperience",
    "Sujet",
    "Tache",
    "UsageDeLivrable",
    "VersionDeDocument",
    "VersionDeLivrable",
]
