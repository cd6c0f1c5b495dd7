"""Conditions d’affichage, en JSON préfixé : grammaire, évaluation, phrase en français.

La même forme que l’API de Démarche numérique : `["and", ["=", ["champ", "enfants"], "oui"], …]`.
Elle ne s’évalue que sur le serveur.
"""

from socle.fondations.formulaires.conditions.description import describe_condition
from socle.fondations.formulaires.conditions.evaluation import (
    Predicat,
    compile_condition,
    evaluate_condition,
)
from socle.fondations.formulaires.conditions.grammaire import (
    COMPARAISONS,
    OPERATEURS,
    ErreurCondition,
    check_condition,
    list_references,
)

__all__ = [
    "COMPARAISONS",
    "OPERATEURS",
    "ErreurCondition",
    "Predicat",
    "check_condition",
    "compile_condition",
    "describe_condition",
    "evaluate_condition",
    "list_references",
]
