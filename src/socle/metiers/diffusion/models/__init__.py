"""Modèles de la diffusion : tables publiques de l’installation, sans locataire."""

from socle.metiers.diffusion.models.article import Article, Audience
from socle.metiers.diffusion.models.contact import Contact, Opposition
from socle.metiers.diffusion.models.evenement import Avis, Evenement, Inscription
from socle.metiers.diffusion.models.lettre import Abonne, Lettre, Remise

__all__ = [
    "Abonne",
    "Article",
    "Audience",
    "Avis",
    "Contact",
    "Evenement",
    "Inscription",
    "Lettre",
    "Opposition",
    "Remise",
]
