"""Les pages que le tour ne peut pas ouvrir par un lien, et la scène qui mène à chacune.

`SCENES` : route → scène, pour le tour (`test_toutes_pages`) comme pour `test_pages_rares`.
`GABARITS` : gabarit → scène, pour les pages sans adresse à elles.
"""

from tests.e2e.rares import (
    adoption,
    archives,
    catalogue,
    comptes,
    diffusion,
    dossiers,
    espaces,
    gouvernance,
    pilotage,
    refus,
)
from tests.e2e.rares.monde import Scene

SCENES: dict[str, Scene] = (
    adoption.SCENES | catalogue.SCENES | comptes.SCENES | diffusion.SCENES | dossiers.SCENES
    | espaces.SCENES | gouvernance.SCENES | pilotage.SCENES
)  # fmt: skip
GABARITS: dict[str, Scene] = (
    archives.GABARITS | comptes.GABARITS | dossiers.GABARITS | refus.GABARITS
)
