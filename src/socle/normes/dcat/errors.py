"""Refus de lire une description ou d’écrire un catalogue."""

from collections.abc import Sequence
from typing import Any


class DescriptionIllisible(Exception):
    """Les octets ne sont pas une description que l’on accepte de lire.

    Attributes:
        code: nom court et stable de la cause, « taille », « json », « encodage »…
        ligne: ligne du fichier, à partir de 1 ; 0 si elle n’est pas connue.
    """

    def __init__(self, code: str, message: str, *, ligne: int = 0) -> None:
        self.code, self.message, self.ligne = code, message, ligne
        super().__init__(f"Ligne {ligne} : {message}" if ligne else message)


class CatalogueInvalide(Exception):
    """Le catalogue à écrire n’est pas conforme ; porte les anomalies."""

    def __init__(self, anomalies: Sequence[Any]) -> None:
        self.anomalies = tuple(anomalies)
        super().__init__(" ".join(str(anomalie) for anomalie in anomalies[:20]))
