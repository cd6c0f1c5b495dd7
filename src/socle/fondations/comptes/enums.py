from django.db import models


class GenreCompte(models.TextChoices):
    USAGER = "usager", "Usager"
    AGENT = "agent", "Agent"


class Role(models.TextChoices):
    INSTRUCTEUR = "instructeur", "Instructeur"
    VALIDEUR = "valideur", "Valideur"
    ADMINISTRATEUR = "administrateur", "Administrateur"
    DPO = "dpo", "Délégué à la protection des données"
    ARCHIVISTE = "archiviste", "Archiviste"
    OPERATEUR = "operateur", "Opérateur"

    @property
    def is_par_service(self) -> bool:
        """Vrai si ce rôle peut n’être donné que pour un service ; les autres regardent tout."""
        return self in (Role.INSTRUCTEUR, Role.VALIDEUR, Role.ADMINISTRATEUR)


class RoleProgramme(models.TextChoices):
    """Rôles au niveau de l’installation, pour le programme commun."""

    EQUIPE = "equipe", "Équipe du programme"
    EDITEUR = "editeur", "Éditeur de logiciel"
    PARTENAIRE = "partenaire", "Partenaire"


class AuthentificationClient(models.TextChoices):
    """Comment Socle se prouve au fournisseur (valeurs d’OpenID Connect)."""

    SECRET_POST = "client_secret_post", "Secret, dans le formulaire"
    SECRET_BASIC = "client_secret_basic", "Secret, dans l’en-tête"
    CLE = "private_key_jwt", "Signature par clé"


class FormeInformations(models.TextChoices):
    SIGNEES = "signees", "Signées (JWT)"
    JSON = "json", "JSON non signé"
    AUCUNE = "aucune", "Aucune : tout est dans le jeton d’identité"


class EtatDemande(models.TextChoices):
    EN_ATTENTE = "en_attente", "En attente"
    ACCEPTEE = "acceptee", "Acceptée"
    REFUSEE = "refusee", "Refusée"
