from django.db import models


class EtatVersement(models.TextChoices):
    """Où en est un versement."""

    PREPARATION = "preparation", "À corriger"
    PRET = "pret", "Prêt à transmettre"
    TRANSMIS = "transmis", "Transmis"
    ACCUSE = "accuse", "Reçu par les archives"
    ACCEPTE = "accepte", "Accepté"
    REFUSE = "refuse", "Refusé"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        couleurs = {"preparation": "warning", "accepte": "success", "refuse": "danger"}
        return couleurs.get(self.value, "info")


# Attendent une réponse du service d’archives.
EN_ATTENTE = (EtatVersement.TRANSMIS, EtatVersement.ACCUSE)
# Le service d’archives a le paquet : la suite est un versement complémentaire.
REMIS = (*EN_ATTENTE, EtatVersement.ACCEPTE)
ENVOYES = (*REMIS, EtatVersement.REFUSE)


class SensDeReponse(models.TextChoices):
    """Ce que dit le service d’archives. Mêmes valeurs que l’état qui s’ensuit."""

    ACCUSE = "accuse", "Il a bien reçu le paquet"
    ACCEPTE = "accepte", "Il l’accepte et le prend en charge"
    REFUSE = "refuse", "Il le refuse"

    @property
    def en_bref(self) -> str:
        return {"accuse": "Reçu", "accepte": "Accepté", "refuse": "Refusé"}[self.value]


class RolePiece(models.TextChoices):
    """Ce qu’une pièce est dans le dossier."""

    DEMANDE = "demande", "Demande"
    JUSTIFICATIF = "justificatif", "Pièce justificative"
    ACCUSE = "accuse", "Accusé de réception"
    ECHANGE = "echange", "Échange"
    DECISION = "decision", "Décision"
    DECISION_RETIREE = "decision_retiree", "Décision remplacée"
    PREUVE = "preuve", "Preuve"
