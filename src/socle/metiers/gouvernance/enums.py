"""Natures, collèges, états. Les pouvoirs de chaque nature d’instance se lisent ici."""

from django.db import models


class Pouvoir(models.TextChoices):
    """Ce qu’une instance peut faire ; ce qui n’est pas écrit ici lui est refusé."""

    PREPARER = "preparer", "préparer un sujet"
    OUVRIR = "ouvrir", "ouvrir un atelier à tous les agents"
    PROPOSER = "proposer", "proposer une décision"
    DECIDER = "decider", "prendre une décision"
    VALIDER_FEUILLE = "valider_feuille", "valider la feuille de route"


class NatureInstance(models.TextChoices):
    """Bilan 2018-2020, gouvernance partagée, recommandation 2 : trois natures à distinguer."""

    POLITIQUE = "politique", "Instance politique"
    TRAVAIL = "travail", "Instance de travail"
    CONCERTATION = "concertation", "Instance de concertation"

    @property
    def pouvoirs(self) -> frozenset[Pouvoir]:
        return POUVOIRS[self]

    @property
    def role(self) -> str:
        """Ce que fait cette nature d’instance, en une phrase."""
        return ROLES[self]


POUVOIRS: dict[NatureInstance, frozenset[Pouvoir]] = {
    NatureInstance.POLITIQUE: frozenset({Pouvoir.DECIDER, Pouvoir.VALIDER_FEUILLE}),
    NatureInstance.TRAVAIL: frozenset({Pouvoir.PROPOSER, Pouvoir.PREPARER}),
    NatureInstance.CONCERTATION: frozenset({Pouvoir.PREPARER, Pouvoir.OUVRIR}),
}
ROLES = {
    NatureInstance.POLITIQUE: "Prend les décisions et valide la feuille de route.",
    NatureInstance.TRAVAIL: "Propose et débat les actions, les calendriers et les livrables.",
    NatureInstance.CONCERTATION: "Prépare, avec tous ceux que le sujet concerne. Ne décide pas.",
}


class College(models.TextChoices):
    ETAT = "etat", "État"
    COLLECTIVITES = "collectivites", "Collectivités"
    AUTRES = "autres", "Autres partenaires"

    @property
    def en_toutes_lettres(self) -> str:
        """« Collège de l’État », « Collège des collectivités »."""
        return {
            "etat": "Collège de l’État",
            "collectivites": "Collège des collectivités",
            "autres": "Autres partenaires",
        }[self.value]


# Les deux collèges dont l’accord fait une décision ; « autres » donne son avis.
DECIDEURS = (College.COLLECTIVITES, College.ETAT)


class RegleDeVote(models.TextChoices):
    MAJORITE = "majorite", "Majorité des sièges présents"
    UNANIMITE = "unanimite", "Unanimité des sièges qui s’expriment"


class EtatReunion(models.TextChoices):
    PREVUE = "prevue", "En préparation"
    CONVOQUEE = "convoquee", "Convoquée"
    TENUE = "tenue", "Tenue"
    ANNULEE = "annulee", "Annulée"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        return {"convoquee": "info", "tenue": "success", "annulee": "danger"}.get(self.value, "")


class EtatEnvoi(models.TextChoices):
    A_ENVOYER = "a_envoyer", "À envoyer"
    ENVOYEE = "envoyee", "Envoyée"
    SANS_COURRIEL = "sans_courriel", "Sans adresse"
    ECHEC = "echec", "Non remise"


class Reponse(models.TextChoices):
    """Ce que le membre répond à la convocation."""

    SANS = "sans", "Sans réponse"
    PRESENT = "present", "Présent"
    EXCUSE = "excuse", "Excusé"
    REPRESENTE = "represente", "Représenté"

    @property
    def couleur(self) -> str:
        return {"present": "success", "represente": "info"}.get(self.value, "")


class Presence(models.TextChoices):
    """Ce que le secrétariat note en séance."""

    NON_NOTEE = "non_notee", "Non notée"
    PRESENT = "present", "Présent"
    REPRESENTE = "represente", "Représenté"
    EXCUSE = "excuse", "Excusé"
    ABSENT = "absent", "Absent"


SIEGE_PRESENT = (Presence.PRESENT, Presence.REPRESENTE)


class EtatDecision(models.TextChoices):
    PROPOSEE = "proposee", "Proposée"
    EN_VALIDATION = "en_validation", "En cours de validation"
    SANS_QUORUM = "sans_quorum", "Quorum non atteint"
    PRISE = "prise", "Prise"
    REFUSEE = "refusee", "Refusée"
    RETIREE = "retiree", "Retirée"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        couleurs = {
            "en_validation": "info",
            "sans_quorum": "warning",
            "prise": "success",
            "refusee": "danger",
        }
        return couleurs.get(self.value, "")


# Publiques dès que leur texte est figé ; une proposition en cours d’écriture ne l’est pas.
DECISIONS_PUBLIQUES = tuple(e for e in EtatDecision if e != EtatDecision.PROPOSEE)
DECISIONS_OUVERTES = (EtatDecision.EN_VALIDATION, EtatDecision.SANS_QUORUM)
DECISIONS_FINIES = (EtatDecision.PRISE, EtatDecision.REFUSEE, EtatDecision.RETIREE)


class Sens(models.TextChoices):
    POUR = "pour", "Pour"
    CONTRE = "contre", "Contre"
    ABSTENTION = "abstention", "Abstention"


class ATitre(models.TextChoices):
    """À quel titre une personne vote pour un siège."""

    TITULAIRE = "titulaire", "titulaire"
    SUPPLEANT = "suppleant", "suppléance"
    DELEGATION = "delegation", "délégation"


class Canal(models.TextChoices):
    EN_LIGNE = "en_ligne", "en ligne"
    EN_SEANCE = "en_seance", "en séance"


class Resultat(models.TextChoices):
    VALIDEE = "validee", "Validée"
    REFUSEE = "refusee", "Refusée"


class NatureEffet(models.TextChoices):
    """Ce qu’une décision change ailleurs."""

    ACTION = "action", "Nouvelle action"
    ETAT = "etat", "Nouvel état"
    DATE = "date", "Nouvelle date"
    FEUILLE = "feuille", "Ligne de la feuille de route"
    AUTRE = "autre", "Autre suite"


class EtatEffet(models.TextChoices):
    A_APPLIQUER = "a_appliquer", "À appliquer"
    APPLIQUE = "applique", "Appliqué"
    ECARTE = "ecarte", "Écarté"

    @property
    def couleur(self) -> str:
        return {"a_appliquer": "warning", "applique": "success"}.get(self.value, "")


class EtatFeuille(models.TextChoices):
    BROUILLON = "brouillon", "En préparation"
    FIGEE = "figee", "Figée, à valider"
    VALIDEE = "validee", "Validée"
    ABANDONNEE = "abandonnee", "Abandonnée"

    @property
    def couleur(self) -> str:
        return {"figee": "info", "validee": "success"}.get(self.value, "")


class Changement(models.TextChoices):
    """Ce qui change d’une feuille de route à la suivante, ligne par ligne."""

    IDENTIQUE = "identique", "Inchangée"
    NOUVELLE = "nouvelle", "Nouvelle"
    MODIFIEE = "modifiee", "Modifiée"
    RETIREE = "retiree", "Retirée"

    @property
    def couleur(self) -> str:
        return {"nouvelle": "success", "modifiee": "info", "retiree": "warning"}.get(self.value, "")
