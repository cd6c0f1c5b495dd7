"""Moteur : compile une définition une fois, puis lit, calcule, vérifie et résume des réponses.

formulaire = compile_formulaire(version.definition, version=version.pk)
saisie = formulaire.read_page("vous", request.POST, request.FILES, brouillon.reponses,
                              maintenant=maintenant)
"""

from socle.fondations.formulaires.moteur.cache import (
    clear_cache,
    compile_formulaire,
    get_cache_info,
    get_compile,
)
from socle.fondations.formulaires.moteur.completude import ErreurDepot
from socle.fondations.formulaires.moteur.differences import (
    Changement,
    ChangementReponse,
    compare_versions,
)
from socle.fondations.formulaires.moteur.duree import format_duree
from socle.fondations.formulaires.moteur.echanges import Reception
from socle.fondations.formulaires.moteur.formulaire import FormulaireCompile, compare_reponses
from socle.fondations.formulaires.moteur.resume import (
    NON_RENSEIGNE,
    Calcul,
    LigneResume,
    PageResume,
)
from socle.fondations.formulaires.moteur.saisie import (
    CHOISIR_SOURCE,
    Action,
    Saisie,
    make_ulid,
    update_pieces,
)

__all__ = [
    "CHOISIR_SOURCE",
    "NON_RENSEIGNE",
    "Action",
    "Calcul",
    "Changement",
    "ChangementReponse",
    "ErreurDepot",
    "FormulaireCompile",
    "LigneResume",
    "PageResume",
    "Reception",
    "Saisie",
    "clear_cache",
    "compare_reponses",
    "compare_versions",
    "compile_formulaire",
    "format_duree",
    "get_cache_info",
    "get_compile",
    "make_ulid",
    "update_pieces",
]
