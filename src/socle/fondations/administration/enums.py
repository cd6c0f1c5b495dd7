from django.db import models


class Niveau(models.TextChoices):
    """Gravité d’un constat."""

    BIEN = "bien", "En marche"
    INACTIF = "inactif", "Sans emploi"
    ATTENTION = "attention", "À voir"
    PANNE = "panne", "En panne"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        couleurs = {"bien": "success", "inactif": "", "attention": "warning", "panne": "danger"}
        return couleurs[self.value]
