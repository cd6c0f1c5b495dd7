"""Écritures du programme : édition, avancement, valeurs, relevés, chargement d’un fichier."""

from socle.metiers.pilotage.services.avancement import record_avancement
from socle.metiers.pilotage.services.chargement import load_donnees, seed_programmes
from socle.metiers.pilotage.services.edition import save_objet, set_retrait
from socle.metiers.pilotage.services.importation import import_valeurs
from socle.metiers.pilotage.services.releves import record_releves

__all__ = [
    "import_valeurs",
    "load_donnees",
    "record_avancement",
    "record_releves",
    "save_objet",
    "seed_programmes",
    "set_retrait",
]
