from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from socle.fondations.commun.presentation import Etat, Genre


class GenreEditeur(models.TextChoices):
    PUBLIC = "public", "Organisme public"
    ASSOCIATION = "association", "Association"
    ENTREPRISE = "entreprise", "Entreprise"
    COMMUNAUTE = "communaute", "Communauté"


class EtatSolution(models.TextChoices):
    """Vie d’une fiche. Une fiche retirée garde son adresse et dit pourquoi."""

    BROUILLON = "brouillon", "Brouillon"
    PUBLIEE = "publiee", "Publiée"
    RETIREE = "retiree", "Retirée"


class Besoin(models.TextChoices):
    """Ce qu’une collectivité cherche, dans ses mots ; liste à nous."""

    DEMARCHES = "demarches", "Mettre des démarches en ligne"
    IDENTITE = "identite", "Identifier les usagers ou les agents"
    MESSAGERIE = "messagerie", "Échanger entre agents"
    HEBERGEMENT = "hebergement", "Héberger des applications"
    ACTES = "actes", "Transmettre et signer des actes"
    ASSEMBLEES = "assemblees", "Préparer les assemblées"
    ARCHIVES = "archives", "Archiver"
    DONNEES = "donnees", "Publier ou échanger des données"
    RENDEZ_VOUS = "rendez_vous", "Prendre des rendez-vous"
    AIDE = "aide", "Aider les personnes dans leurs démarches"
    PARTICIPATION = "participation", "Faire participer les habitants"
    FINANCEMENT = "financement", "Trouver un financement"


class Taille(models.TextChoices):
    """Pour quelles collectivités la solution convient ; bornes de `referentiels.Tranche`."""

    PETITE = "petite", "Moins de 3 500 habitants"
    MOYENNE = "moyenne", "De 3 500 à 49 999 habitants"
    GRANDE = "grande", "50 000 habitants et plus, départements et régions"


class Moyens(models.TextChoices):
    """Ce qu’il faut avoir chez soi pour s’en servir, du plus léger au plus lourd."""

    AUCUN = "aucun", "Personne en informatique : un service prêt à l’emploi"
    MUTUALISE = "mutualise", "Un opérateur mutualisé ou un prestataire"
    EQUIPE = "equipe", "Une équipe informatique qui installe et maintient"


class EtatLogiciel(models.TextChoices):
    """`developmentStatus` de publiccode.yml."""

    CONCEPT = "concept", "Idée"
    DEVELOPPEMENT = "development", "En développement"
    ESSAI = "beta", "En essai"
    STABLE = "stable", "Stable"
    ABANDONNE = "obsolete", "Plus maintenu"


class TypeLogiciel(models.TextChoices):
    """`softwareType` de publiccode.yml."""

    WEB = "standalone/web", "Application web"
    MOBILE = "standalone/mobile", "Application mobile"
    BUREAU = "standalone/desktop", "Logiciel de bureau"
    SERVEUR = "standalone/backend", "Logiciel serveur"
    OBJET = "standalone/iot", "Objet connecté"
    AUTRE = "standalone/other", "Autre logiciel"
    GREFFON = "addon", "Greffon"
    BIBLIOTHEQUE = "library", "Bibliothèque"
    REGLAGES = "configurationFiles", "Fichiers de réglages"


class Maintenance(models.TextChoices):
    """`maintenance/type` de publiccode.yml."""

    INTERNE = "internal", "Par son propriétaire"
    CONTRAT = "contract", "Par contrat"
    COMMUNAUTE = "community", "Par une communauté"
    AUCUNE = "none", "Plus maintenu"


class EtatEtape(models.TextChoices):
    PREVUE = "prevue", "Prévue"
    EN_COURS = "en_cours", "En cours"
    FAITE = "faite", "Faite"
    REPORTEE = "reportee", "Reportée"
    ABANDONNEE = "abandonnee", "Abandonnée"


class EtatDemande(models.TextChoices):
    """Demande d’accompagnement d’une collectivité."""

    NOUVELLE = "nouvelle", "Nouvelle"
    EN_COURS = "en_cours", "En cours"
    EN_ATTENTE = "en_attente", "En attente de la collectivité"
    DEPLOYEE = "deployee", "Solution déployée"
    ABANDONNEE = "abandonnee", "Sans suite"

    @property
    def couleur(self) -> Genre:
        return COULEURS_DEMANDE.get(self.value, "")


COULEURS_DEMANDE: dict[str, Genre] = {
    "nouvelle": "info", "en_attente": "warning", "deployee": "success"
}  # fmt: skip


class Cote(models.TextChoices):
    """De quel côté une personne écrit."""

    COLLECTIVITE = "collectivite", "La collectivité"
    EQUIPE = "equipe", "L’équipe du programme"
    EDITEUR = "editeur", "L’éditeur"


class EtatReferentiel(models.TextChoices):
    BROUILLON = "brouillon", "Brouillon"
    EN_VIGUEUR = "en_vigueur", "En vigueur"
    REMPLACE = "remplace", "Remplacé"


class EtatCandidature(models.TextChoices):
    """Chemin d’un label : se déclarer, être relu par un pair, être audité, être décidé."""

    DECLAREE = "declaree", "Déclarée, à relire par un pair"
    RELUE = "relue", "Relue, à auditer"
    AUDITEE = "auditee", "Auditée, à décider"
    LABELLISEE = "labellisee", "Labellisée"
    REFUSEE = "refusee", "Refusée"
    RECOURS = "recours", "Recours en cours"
    EXPIREE = "expiree", "Expirée"

    @property
    def couleur(self) -> Genre:
        return COULEURS_CANDIDATURE.get(self.value, "")


COULEURS_CANDIDATURE: dict[str, Genre] = {
    "labellisee": "success", "refusee": "danger", "recours": "warning", "declaree": "info",
    "relue": "info", "auditee": "info",
}  # fmt: skip
EN_COURS = (EtatCandidature.DECLAREE, EtatCandidature.RELUE, EtatCandidature.AUDITEE,
            EtatCandidature.RECOURS)  # fmt: skip


class NiveauEvaluation(models.TextChoices):
    DECLARATION = "declaration", "Déclaration"
    PAIR = "pair", "Relecture par un pair"
    AUDIT = "audit", "Audit"


class Avis(models.TextChoices):
    OUI = "oui", "Respecté"
    PARTIEL = "partiel", "En partie"
    NON = "non", "Non respecté"


class FormatCatalogue(models.TextChoices):
    PUBLICCODE = "publiccode", "Liste d’adresses de publiccode.yml"
    SILL = "sill", "JSON, à la façon du SILL"
    CSV = "csv", "CSV"


class Frequence(models.TextChoices):
    MANUELLE = "manuelle", "À la main"
    QUOTIDIENNE = "quotidienne", "Chaque nuit"
    HEBDOMADAIRE = "hebdomadaire", "Chaque semaine"


class EtatImport(models.TextChoices):
    EN_COURS = "en_cours", "En cours"
    REUSSI = "reussi", "Réussi"
    REFUSE = "refuse", "Refusé"


class EtatFiche(models.TextChoices):
    """Fiche venue d’un autre catalogue : rien n’entre chez nous sans une personne."""

    A_EXAMINER = "a_examiner", "À examiner"
    REPRISE = "reprise", "Reprise en une nouvelle solution"
    FUSIONNEE = "fusionnee", "Fusionnée"
    ECARTEE = "ecartee", "Écartée"


class Statut(models.TextChoices):
    """Ce que dit un banc d’essai."""

    CONFORME = "conforme", "Conforme"
    A_AMELIORER = "a_ameliorer", "Conforme, avec des conseils"
    NON_CONFORME = "non_conforme", "Non conforme"

    @property
    def couleur(self) -> Genre:
        return COULEURS_STATUT[self.value]

    def describe(self, constats: Iterable[Mapping[str, Any]]) -> Etat:
        """Rend le statut à montrer ; « déclaré » s’il tient à ce que l’éditeur a relevé lui-même.

        Une règle que nous avons mesurée et qui n’est pas respectée suffit à dire « non conforme ».
        """
        lus = list(constats)
        declare = any(lu.get("declaree") for lu in lus)
        faute_mesuree = any(lu["respectee"] is False and not lu.get("declaree") for lu in lus)
        if not declare or faute_mesuree:
            return Etat(label=str(self.label), couleur=self.couleur)
        libelle = str(self.label)
        return Etat(
            label=f"Déclaré {libelle[0].lower()}{libelle[1:]}",
            couleur=COULEURS_DECLAREES[self.value],
        )

    def sum_up(self, banc: str, constats: Iterable[Mapping[str, Any]]) -> str:
        """« Base adresse locale (BAL) : non conforme »."""
        mots = self.describe(constats).label
        return f"{banc}\N{NO-BREAK SPACE}: {mots[0].lower()}{mots[1:]}"


COULEURS_DECLAREES: dict[str, Genre] = {
    "conforme": "info", "a_ameliorer": "info", "non_conforme": "danger"
}  # fmt: skip
COULEURS_STATUT: dict[str, Genre] = {
    "conforme": "success", "a_ameliorer": "warning", "non_conforme": "danger"
}  # fmt: skip


class ThemeClause(models.TextChoices):
    IDENTITE = "identite", "Identité"
    ECHANGES = "echanges", "Échanges de données"
    ARCHIVES = "archives", "Archives"
    REVERSIBILITE = "reversibilite", "Réversibilité et licence"
    ACCESSIBILITE = "accessibilite", "Accessibilité"
    SECURITE = "securite", "Sécurité et données personnelles"
    OUVERTURE = "ouverture", "Données ouvertes"
    SOBRIETE = "sobriete", "Sobriété et performances"


class AccesApi(models.TextChoices):
    OUVERT = "ouvert", "Ouverte à tous"
    COMPTE = "compte", "Avec un compte"
    HABILITATION = "habilitation", "Sur habilitation"
