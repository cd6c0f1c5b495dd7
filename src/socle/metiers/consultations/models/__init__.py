"""Campagnes, réponses, dépôts, extraits ; l’évaluation a son module."""

from socle.metiers.consultations.models.campagne import Campagne, Prolongation
from socle.metiers.consultations.models.evaluation import (
    CritereDeGrille,
    Deport,
    Grille,
    Instruction,
    Jure,
    Notation,
    Recevabilite,
    Resultat,
)
from socle.metiers.consultations.models.reponse import DepotDeReponse, Extrait, Reponse

__all__ = [
    "Campagne",
    "CritereDeGrille",
    "Deport",
    "DepotDeReponse",
    "Extrait",
    "Grille",
    "Instruction",
    "Jure",
    "Notation",
    "Prolongation",
    "Recevabilite",
    "Reponse",
    "Resultat",
]
