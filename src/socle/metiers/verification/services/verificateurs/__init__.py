"""Les normes que la page sait contrôler. En ajouter une : un `Verificateur` dans `CONNUS`."""

from socle.metiers.verification.services.verificateurs import archives, fiches, tableaux

CONNUS = (*tableaux.VERIFICATEURS, *archives.VERIFICATEURS, *fiches.VERIFICATEURS)
