from django.db import models


class GenreArticle(models.TextChoices):
    ACTUALITE = "actualite", "Actualité"
    RESULTAT = "resultat", "Résultat"
    PRESSE = "presse", "Presse"


class EtatParution(models.TextChoices):
    """Vie d’un article ou d’un évènement."""

    BROUILLON = "brouillon", "Brouillon"
    PUBLIE = "publie", "Publié"
    RETIRE = "retire", "Retiré"


class EtatAbonne(models.TextChoices):
    ACTIF = "actif", "Abonné"
    SUSPENDU = "suspendu", "Suspendu : son adresse refuse nos lettres"
    DESABONNE = "desabonne", "Désabonné"


class EtatLettre(models.TextChoices):
    BROUILLON = "brouillon", "Brouillon"
    EN_FILE = "en_file", "En cours d’envoi"
    ENVOYEE = "envoyee", "Envoyée"


class EtatRemise(models.TextChoices):
    """Où en est la lettre d’un abonné.

    « engagée » est écrit juste avant le dernier signe envoyé au serveur de courriel : une lettre
    engagée n’est jamais envoyée de nouveau d’elle-même.
    """

    A_ENVOYER = "a_envoyer", "À envoyer"
    ENGAGEE = "engagee", "Engagée"
    REMISE = "remise", "Remise au serveur"
    INCERTAINE = "incertaine", "Issue inconnue : un arrêt est survenu pendant l’envoi"
    REFUSEE = "refusee", "Refusée par le serveur"
    REJETEE = "rejetee", "Revenue : adresse inconnue"


class GenreEvenement(models.TextChoices):
    FORUM = "forum", "Forum"
    WEBINAIRE = "webinaire", "Webinaire"
    SALON = "salon", "Salon"
    ATELIER = "atelier", "Atelier"


class EtatInscription(models.TextChoices):
    INSCRITE = "inscrite", "Inscrite"
    ATTENTE = "attente", "Sur liste d’attente"
    ANNULEE = "annulee", "Annulée"


class Theme(models.TextChoices):
    """Sujets auxquels on s’abonne."""

    PROGRAMME = "programme", "Vie du programme"
    IDENTITE = "identite", "Identité numérique"
    DONNEES = "donnees", "Données et API"
    ACCESSIBILITE = "accessibilite", "Accessibilité et qualité"
    SECURITE = "securite", "Sécurité"
    ARCHIVAGE = "archivage", "Archivage et RGPD"
    FINANCEMENT = "financement", "Financement et appels à projets"
