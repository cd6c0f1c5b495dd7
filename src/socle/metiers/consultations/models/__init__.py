"""Campagnes, réponses, dépôts, extraits ; l’évaluation a son module."""

from socle.metiers.consultations.models.campagne import Campagne, Prolongation
from socle.metiers.consultations.models.reponse import DepotDeReponse, Extrait, Reponse

__all__ = ["Campagne", "DepotDeReponse", "Extrait", "Prolongation", "Reponse"]
