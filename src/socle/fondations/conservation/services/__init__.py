"""Écritures des règles de conservation."""

from socle.fondations.conservation.services.par_defaut import (
    add_regles_proposees,
    count_manquantes,
    load_regles_par_defaut,
)
from socle.fondations.conservation.services.regles import (
    compute_empreinte,
    create_regle,
    describe_regle,
    update_regle,
)

__all__ = [
    "add_regles_proposees",
    "compute_empreinte",
    "count_manquantes",
    "create_regle",
    "describe_regle",
    "load_regles_par_defaut",
    "update_regle",
]
