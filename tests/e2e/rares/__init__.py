"""Les pages que le tour ne peut pas ouvrir par un lien, et la scène qui mène à chacune.

`SCENES` : route → scène, pour le tour (`test_toutes_pages`) comme pour `test_pages_rares`.
`GABARITS` : gabarit → scène, pour les pages sans adresse à elles.
"""

from tests.e2e.rares import (
    adoption,
    appels,
    archives,
    catalogue,
    comptes,
    consultations,
    diffusion,
    dossiers,
    espaces,
    gouvernance,
    jury,
    pilotage,
    refus,
    verification,
)
from tests.e2e.rares.monde import Scene

SCENES: dict[str, Scene] = (
    adoption.SCENES | appels.SCENES | catalogue.SCENES | comptes.SCENES | consultations.SCENES
    | diffusion.SCENES | dossiers.SCENES | espaces.SCENES | gouvernance.SCENES | jury.SCENES
    | pilotage.SCENES
)  # fmt: skip
GABARITS: dict[str, Scene] = (
    archives.GABARITS
    | comptes.GABARITS
    | dossiers.GABARITS
    | refus.GABARITS
    | verification.GABARITS
)
