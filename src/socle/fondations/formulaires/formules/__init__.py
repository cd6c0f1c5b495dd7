"""Formules des champs calculés : un petit langage typé, en français, sans exécution de code.

    quotient = ARRONDI(revenu_fiscal / 12 / parts; 0)
    prix = BAREME(tarif_cantine; quotient)

Les nombres sont des `Decimal` ; une donnée manquante donne un résultat en attente, jamais une
erreur. Tout est borné : longueur, profondeur, grandeur des nombres.
"""

from socle.fondations.formulaires.formules.calcul import (
    ContexteCalcul,
    Etape,
    Resultat,
    calculate_formule,
    describe_tranche,
    find_tranche,
)
from socle.fondations.formulaires.formules.syntaxe import (
    ErreurFormule,
    Noeud,
    list_noms,
    parse_formule,
)
from socle.fondations.formulaires.formules.typage import (
    FONCTIONS,
    EnvironnementTypes,
    TypeFormule,
    check_formule,
    type_of_nature,
)

__all__ = [
    "FONCTIONS",
    "ContexteCalcul",
    "EnvironnementTypes",
    "ErreurFormule",
    "Etape",
    "Noeud",
    "Resultat",
    "TypeFormule",
    "calculate_formule",
    "check_formule",
    "describe_tranche",
    "find_tranche",
    "list_noms",
    "parse_formule",
    "type_of_nature",
]
