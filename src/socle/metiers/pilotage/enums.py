from django.db import models


class EtatAction(models.TextChoices):
    """Où en est une action ou une recommandation ; une preuve justifie chaque changement."""

    A_DEMARRER = "a_demarrer", "À démarrer"
    EN_COURS = "en_cours", "En cours"
    EN_SERVICE = "en_service", "En service"
    FAITE = "faite", "Faite"
    ABANDONNEE = "abandonnee", "Abandonnée"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        couleurs = {"en_cours": "warning", "en_service": "success", "faite": "success"}
        return couleurs.get(self.value, "")


class Horizon(models.TextChoices):
    """Quand l’effet est attendu."""

    RAPIDE = "rapide", "Gain rapide"
    MOYEN = "moyen", "Moyen terme"
    LONG = "long", "Long terme"


class GenrePartenaire(models.TextChoices):
    ETAT = "etat", "État"
    ETABLISSEMENT = "etablissement", "Autorité ou établissement public"
    ASSOCIATION = "association", "Association de collectivités"
    RESEAU = "reseau", "Réseau de professionnels ou opérateur public de services numériques"
    COLLECTIVITE = "collectivite", "Collectivité"
    AUTRE = "autre", "Autre"


class SourceIndicateur(models.TextChoices):
    """D’où viennent les valeurs d’un indicateur."""

    DECLAREE = "declaree", "Déclaré"
    MESUREE = "mesuree", "Mesuré par Socle"
    IMPORTEE = "importee", "Importé"


class Qualificatif(models.TextChoices):
    """Ce que le document dit du nombre. « Plus de 100 » s’accorde avec 112, pas avec 99."""

    EXACT = "exact", ""
    PLUS_DE = "plus_de", "plus de"
    MOINS_DE = "moins_de", "moins de"
    ENVIRON = "environ", "environ"


class PrecisionDate(models.TextChoices):
    """Ce que l’on sait de la date d’une valeur."""

    JOUR = "jour", "Au jour près"
    MOIS = "mois", "Au mois près"
    ANNEE = "annee", "À l’année près"


class Ecart(models.TextChoices):
    """Comment les valeurs d’un même jour vont ensemble."""

    ACCORD = "accord", "Ces valeurs s’accordent"
    NUANCE = "nuance", "Même nombre, dit autrement"
    CONTRADICTION = "contradiction", "Ces valeurs se contredisent"


class SortImport(models.TextChoices):
    """Ce qu’un import ferait d’une ligne du fichier."""

    AJOUTEE = "ajoutee", "Ajoutée"
    CONNUE = "connue", "Déjà notée"
    RETIREE = "retiree", "Retirée avant"


class GenreChangement(models.TextChoices):
    """Ce qui est arrivé à un objet du programme."""

    CREE = "cree", "Création"
    CHANGE = "change", "Modification"
    AVANCE = "avance", "Avancement"
    RETIRE = "retire", "Retrait"
    RETABLI = "retabli", "Rétablissement"
