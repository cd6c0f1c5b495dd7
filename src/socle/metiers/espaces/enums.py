from django.db import models


class TypeLivrable(models.TextChoices):
    """Sorte de document."""

    NOTE = "note", "Note de synthèse"
    GUIDE = "guide", "Guide"
    METHODE = "methode", "Méthode"
    GRILLE = "grille", "Grille ou modèle"
    REFERENTIEL = "referentiel", "Référentiel"
    SUPPORT = "support", "Support de présentation"


class Licence(models.TextChoices):
    """Ce que l’on peut en faire."""

    OUVERTE = "etalab-2.0", "Licence Ouverte 2.0"
    CC_BY = "cc-by-4.0", "CC BY 4.0"
    CC_BY_SA = "cc-by-sa-4.0", "CC BY-SA 4.0"
    RESERVEE = "reservee", "Droits réservés à l’auteur"
    INCONNUE = "inconnue", "Licence non précisée"


class Origine(models.TextChoices):
    PROGRAMME = "programme", "Le programme"
    PARTENAIRE = "partenaire", "Un partenaire"


class EtatLivrable(models.TextChoices):
    BROUILLON = "brouillon", "Brouillon"
    PUBLIE = "publie", "Publié"
    RETIRE = "retire", "Retiré"


class EtatRetour(models.TextChoices):
    """Un retour est relu par l’équipe avant de paraître."""

    BROUILLON = "brouillon", "Brouillon"
    PROPOSE = "propose", "À relire"
    A_REPRENDRE = "a_reprendre", "À reprendre"
    PUBLIE = "publie", "Publié"
    RETIRE = "retire", "Retiré"

    @property
    def couleur(self) -> str:
        couleurs = {"propose": "warning", "a_reprendre": "danger", "publie": "success"}
        return couleurs.get(self.value, "")


class AccesGroupe(models.TextChoices):
    PUBLIC = "public", "Ouvert : tout agent connecté peut lire"
    RESTREINT = "restreint", "Restreint : seuls les membres lisent"


class EtatGroupe(models.TextChoices):
    ACTIF = "actif", "Actif"
    ARCHIVE = "archive", "Archivé"


class RoleGroupe(models.TextChoices):
    ANIMATEUR = "animateur", "Animateur"
    MEMBRE = "membre", "Membre"


class SensEntree(models.TextChoices):
    """Qui a fait le premier pas."""

    INVITATION = "invitation", "Invitation"
    DEMANDE = "demande", "Demande"


class EtatEntree(models.TextChoices):
    ATTENTE = "attente", "En attente"
    ACCEPTEE = "acceptee", "Acceptée"
    REFUSEE = "refusee", "Refusée"


class GenreSujet(models.TextChoices):
    NOUVELLE = "nouvelle", "Nouvelle"
    QUESTION = "question", "Question"
    DOCUMENT = "document", "Document"


class EtatTache(models.TextChoices):
    A_FAIRE = "a_faire", "À faire"
    EN_COURS = "en_cours", "En cours"
    FAITE = "faite", "Faite"

    @property
    def couleur(self) -> str:
        return {"en_cours": "info", "faite": "success"}.get(self.value, "")
