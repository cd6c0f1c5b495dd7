from enum import StrEnum


class Geste(StrEnum):
    """Ce que l’on demande pour un fichier. TELECHARGER corrige et rend le fichier aussitôt."""

    VERIFIER = "verifier"
    CORRIGER = "corriger"
    TELECHARGER = "telecharger"
