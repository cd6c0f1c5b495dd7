from django.db import models


class EtatVersement(models.TextChoices):
    """Où en est un versement."""

    PREPARATION = "preparation", "À corriger"
    PRET = "pret", "Prêt à transmettre"
    TRANSMIS = "transmis", "Transmis"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        return {"preparation": "warning", "pret": "info", "transmis": "success"}[self.value]


class RolePiece(models.TextChoices):
    """Ce qu’une pièce est dans le dossier."""

    DEMANDE = "demande", "Demande"
    JUSTIFICATIF = "justificatif", "Pièce justificative"
    ACCUSE = "accuse", "Accusé de réception"
    ECHANGE = "echange", "Échange"
    DECISION = "decision", "Décision"
    DECISION_RETIREE = "decision_retiree", "Décision remplacée"
    PREUVE = "preuve", "Preuve"
