from django.db import models


class Source(models.TextChoices):
    """D’où vient un fait ; toujours montré à côté de lui."""

    DECLAREE = "declaree", "déclaré par la collectivité"
    IMPORTEE = "importee", "liste importée"
    MESUREE = "mesuree", "mesuré par Socle"
    FICTIVE = "fictive", "donnée fictive de démonstration"


class Usage(models.TextChoices):
    """Où en est une collectivité avec une solution."""

    UTILISE = "utilise", "Utilise"
    PREVOIT = "prevoit", "Prévoit"
    ARRETE = "arrete", "A arrêté"


class EtatImport(models.TextChoices):
    A_RELIRE = "a_relire", "À relire"
    APPLIQUE = "applique", "Appliqué"
    ANNULE = "annule", "Annulé"
    ABANDONNE = "abandonne", "Abandonné"


class GenreConvention(models.TextChoices):
    CONVENTION = "convention", "Convention"
    CHARTE = "charte", "Charte"


class EtatConvention(models.TextChoices):
    BROUILLON = "brouillon", "En préparation"
    OUVERTE = "ouverte", "Ouverte aux adhésions"
    CLOSE = "close", "Close"
