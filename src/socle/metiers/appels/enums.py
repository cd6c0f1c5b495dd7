from django.db import models


class GenreAppel(models.TextChoices):
    AMI = "ami", "Appel à manifestation d’intérêt"
    AAP = "aap", "Appel à projets"
    SUBVENTION = "subvention", "Subvention"
    CONTRIBUTION = "contribution", "Appel à contributions"
    FORMATION = "formation", "Formation ou accompagnement"
    AUTRE = "autre", "Autre appel"


class EtatAppel(models.TextChoices):
    """Où en est un appel chez nous ; seuls « relayé » et « clos » se lisent en public."""

    PROPOSE = "propose", "Proposé"
    RELAYE = "relaye", "Relayé"
    CLOS = "clos", "Clos"
    ARCHIVE = "archive", "Archivé"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        return {"propose": "warning", "relaye": "success", "clos": "", "archive": ""}[self.value]


PUBLICS = (EtatAppel.RELAYE, EtatAppel.CLOS)


class Surete(models.TextChoices):
    """Ce que l’on sait de la clôture."""

    CONNUE = "connue", "Date connue"
    ESTIMEE = "estimee", "Date estimée"
    CONTINUE = "continue", "Au fil de l’eau"


class Theme(models.TextChoices):
    SERVICES = "services", "Services en ligne"
    SECURITE = "securite", "Cybersécurité"
    DONNEES = "donnees", "Données"
    INCLUSION = "inclusion", "Inclusion numérique"
    COMMUNS = "communs", "Logiciels libres et communs"
    IDENTITE = "identite", "Identité et connexion"
    RESEAUX = "reseaux", "Réseaux et hébergement"
    SOBRIETE = "sobriete", "Sobriété numérique"
    COMPETENCES = "competences", "Compétences"
    TERRITOIRES = "territoires", "Territoires et aménagement"


class FiltreDates(models.TextChoices):
    OUVERTS = "ouverts", "Ouverts"
    BIENTOT = "bientot", "Clos dans moins de 30 jours"
    A_VENIR = "a_venir", "Pas encore ouverts"
    REPORTES = "reportes", "Clôture reportée"
    CLOS = "clos", "Clos"


class Cadence(models.TextChoices):
    IMMEDIATE = "immediate", "Dès qu’un appel paraît"
    HEBDO = "hebdo", "Une fois par semaine, le lundi"


class GenreEnvoi(models.TextChoices):
    NOUVEAU = "nouveau", "Nouvel appel"
    RAPPEL = "rappel", "Clôture proche"


class NatureAide(models.TextChoices):
    """Vocabulaire du schéma SCDL « Subventions »."""

    NUMERAIRE = "aide en numéraire", "Aide en numéraire"
    NATURE = "aide en nature", "Aide en nature"


class EtatOctroi(models.TextChoices):
    EN_COURS = "en_cours", "En cours"
    SOLDE = "solde", "Soldé"
    ANNULE = "annule", "Annulé"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        return {"en_cours": "info", "solde": "success", "annule": ""}[self.value]


class EtatVersement(models.TextChoices):
    PREVU = "prevu", "Prévu"
    DEMANDE = "demande", "Demandé"
    VERSE = "verse", "Versé"
    REFUSE = "refuse", "Refusé"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        couleurs = {"prevu": "", "demande": "info", "verse": "success", "refuse": "danger"}
        return couleurs[self.value]


class EtatJustificatif(models.TextChoices):
    ATTENDU = "attendu", "Attendu"
    RECU = "recu", "Reçu, à vérifier"
    ACCEPTE = "accepte", "Accepté"
    REFUSE = "refuse", "À refaire"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        couleurs = {"attendu": "warning", "recu": "info", "accepte": "success", "refuse": "danger"}
        return couleurs[self.value]


# Ceux que la collectivité doit encore déposer.
A_DEPOSER = (EtatJustificatif.ATTENDU, EtatJustificatif.REFUSE)
