"""Refus de lire un bordereau."""


class BordereauIllisible(Exception):
    """Le bordereau ne se lit pas ; `detail` complète le code CHECK_SEDA."""

    def __init__(self, message: str, *, detail: str = "NOT_XML_FILE", lieu: str = "") -> None:
        """`lieu` situe le défaut, par exemple « ligne 12 »."""
        super().__init__(message)
        self.message, self.detail, self.lieu = message, detail, lieu
