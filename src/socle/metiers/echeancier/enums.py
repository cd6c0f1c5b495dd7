from django.db import models


class Nature(models.TextChoices):
    """Ce qui tombe : un devoir écrit dans un texte, ou un chantier qui change un outil commun."""

    OBLIGATION = "obligation", "Obligation"
    PROJET = "projet", "Projet"


class EtatObligation(models.TextChoices):
    BROUILLON = "brouillon", "Brouillon"
    PUBLIEE = "publiee", "Publiée"
    ANNULEE = "annulee", "Annulée"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        return {"brouillon": "warning", "publiee": "success", "annulee": ""}[self.value]


class Surete(models.TextChoices):
    """Ce que l’on sait d’une date. Dessinée de trois façons, jamais par la seule couleur."""

    CONNUE = "connue", "Date connue"
    ESTIMEE = "estimee", "Date estimée"
    PERMANENTE = "permanente", "Obligation permanente"


class Theme(models.TextChoices):
    ACTES = "actes", "Actes et assemblées"
    FINANCES = "finances", "Finances et factures"
    ACHATS = "achats", "Commande publique"
    URBANISME = "urbanisme", "Urbanisme"
    USAGERS = "usagers", "Relation aux usagers"
    IDENTITE = "identite", "Identité et connexion"
    DONNEES = "donnees", "Données ouvertes et échanges"
    PERSONNELLES = "personnelles", "Données personnelles"
    SECURITE = "securite", "Sécurité"
    ARCHIVES = "archives", "Archives"
    PERSONNEL = "personnel", "Agents et élus"


class FiltreDates(models.TextChoices):
    A_VENIR = "a_venir", "À venir"
    EN_VIGUEUR = "en_vigueur", "Déjà en vigueur"
    ESTIMEES = "estimees", "Estimées"
    REPORTEES = "reportees", "Reportées"
    PERMANENTES = "permanentes", "Permanentes"


class EtatSuivi(models.TextChoices):
    """Où en est une collectivité. Sans ligne, elle n’a encore rien dit."""

    A_FAIRE = "a_faire", "À faire"
    EN_COURS = "en_cours", "En cours"
    FAIT = "fait", "Fait"
    NON_CONCERNE = "non_concerne", "Ne nous concerne pas"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        couleurs = {"a_faire": "warning", "en_cours": "info", "fait": "success", "non_concerne": ""}
        return couleurs[self.value]


# Ceux que l’on n’a plus à prévenir.
REGLES = (EtatSuivi.FAIT, EtatSuivi.NON_CONCERNE)
