from django.db import models


class GenreCampagne(models.TextChoices):
    """Ce que l’on demande."""

    QUESTIONNAIRE = "questionnaire", "Questionnaire"
    CONTRIBUTION = "contribution", "Appel à contributions"
    AMI = "ami", "Appel à manifestation d’intérêt"
    AAP = "aap", "Appel à projets"


# Ceux qui ont une enveloppe, un jury et une grille.
EVALUES = (GenreCampagne.AMI, GenreCampagne.AAP)


class EtatCampagne(models.TextChoices):
    """Publiée, une campagne est « à venir » puis « ouverte » selon ses dates."""

    BROUILLON = "brouillon", "Brouillon"
    PUBLIEE = "publiee", "Publiée"
    CLOSE = "close", "Close"
    DEPOUILLEE = "depouillee", "Résultats publiés"
    ARCHIVEE = "archivee", "Archivée"
    ANNULEE = "annulee", "Annulée"


# Se lisent sans compte ; un brouillon ne se lit que par l’équipe.
VISIBLES = (
    EtatCampagne.PUBLIEE, EtatCampagne.CLOSE, EtatCampagne.DEPOUILLEE, EtatCampagne.ARCHIVEE,
    EtatCampagne.ANNULEE,
)  # fmt: skip


class Moment(models.TextChoices):
    """Où en est une campagne publiée, à l’heure du serveur."""

    A_VENIR = "a_venir", "À venir"
    OUVERTE = "ouverte", "Ouverte"
    CLOSE = "close", "Close"

    @property
    def couleur(self) -> str:
        return {"a_venir": "info", "ouverte": "success"}.get(self.value, "")


class Acces(models.TextChoices):
    PUBLIC = "public", "Publique : annoncée à tous"
    RESTREINT = "restreint", "Restreinte : seuls ceux qui peuvent répondre la voient"


class Perimetre(models.TextChoices):
    """Qui peut répondre."""

    TOUS = "tous", "Tout le monde"
    AGENTS = "agents", "Les agents publics connectés"
    AUTORITES = "autorites", "Les collectivités, par un de leurs administrateurs"
    MEMBRES = "membres", "Les membres du programme"


class Unite(models.TextChoices):
    """Ce qui ne répond qu’une fois."""

    PERSONNE = "personne", "Une réponse par personne"
    AUTORITE = "autorite", "Une réponse par collectivité"


class BaseLegale(models.TextChoices):
    """RGPD, art. 6-1."""

    MISSION = "mission", "Mission d’intérêt public (RGPD, art. 6-1-e)"
    CONSENTEMENT = "consentement", "Consentement (RGPD, art. 6-1-a)"


class Theme(models.TextChoices):
    """De quoi parle une campagne."""

    SERVICES = "services", "Services numériques"
    ECHANGES = "echanges", "Échanges de données (Dites-le-nous une fois)"
    DONNEES = "donnees", "Données ouvertes"
    PROTECTION = "protection", "Données personnelles"
    IDENTITE = "identite", "Identité numérique"
    SECURITE = "securite", "Sécurité"
    INFRASTRUCTURES = "infrastructures", "Infrastructures et infonuagique"
    ARCHIVES = "archives", "Archives"
    CONDUITE = "conduite", "Conduite de projet"


class EtatReponse(models.TextChoices):
    BROUILLON = "brouillon", "Brouillon"
    DEPOSEE = "deposee", "Déposée"
    RETIREE = "retiree", "Retirée"

    @property
    def couleur(self) -> str:
        return {"deposee": "success", "brouillon": "info"}.get(self.value, "")
