"""Écritures des règles de conservation."""

from socle.fondations.conservation.services.par_defaut import load_regles_par_defaut
from socle.fondations.conservation.services.regles import create_regle, update_regle

__all__ = ["create_regle", "load_regles_par_defaut", "update_regle"]
