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


class EtatReponse(models.TextChoices):
    BROUILLON = "brouillon", "Brouillon"
    DEPOSEE = "deposee", "Déposée"
    RETIREE = "retiree", "Retirée"

    @property
    def couleur(self) -> str:
        return {"deposee": "success", "brouillon": "info"}.get(self.value, "")


# Évaluation : grille, jury, notes, résultats ------------------------------------------------------
class EtapeInstruction(models.TextChoices):
    """Où en est l’évaluation d’une campagne ; chaque pas est un service."""

    PREPARATION = "preparation", "En préparation"
    NOTATION = "notation", "Notation en cours"
    DELIBERATION = "deliberation", "Délibération"
    VALIDEE = "validee", "Résultats arrêtés"
    PUBLIEE = "publiee", "Résultats publiés"

    @property
    def couleur(self) -> str:
        couleurs = {"notation": "info", "deliberation": "warning", "publiee": "success"}
        return couleurs.get(self.value, "")


class CollegeJury(models.TextChoices):
    ETAT = "etat", "État"
    COLLECTIVITES = "collectivites", "Collectivités"
    AUTRES = "autres", "Autres"


# Ceux dont une note est exigée quand la campagne veut une note par collège.
COLLEGES_EXIGES = (CollegeJury.ETAT, CollegeJury.COLLECTIVITES)


class FonctionJury(models.TextChoices):
    PRESIDENT = "president", "Présidence"
    VICE_PRESIDENT = "vice_president", "Vice-présidence"
    MEMBRE = "membre", "Membre"


class OrigineDeport(models.TextChoices):
    """Pourquoi un membre ne voit ni ne note un dossier."""

    AUTORITE = "autorite", "Sa collectivité répond"
    TERRITOIRE = "territoire", "Son intercommunalité ou son département est concerné"
    PARTENAIRE = "partenaire", "Son organisation est citée dans le dossier"
    DECLARE = "declare", "Intérêt déclaré par le membre"
    EQUIPE = "equipe", "Intérêt signalé par l’équipe"


# Constatés dans les tables : personne ne peut passer outre.
DEPORTS_FERMES = (OrigineDeport.AUTORITE, OrigineDeport.TERRITOIRE)


class Issue(models.TextChoices):
    RETENU = "retenu", "Retenu"
    COMPLEMENTAIRE = "complementaire", "Liste complémentaire"
    NON_RETENU = "non_retenu", "Non retenu"

    @property
    def couleur(self) -> str:
        return {"retenu": "success", "complementaire": "info"}.get(self.value, "")
