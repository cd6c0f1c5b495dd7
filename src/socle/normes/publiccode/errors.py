"""Refus de lire ou d’écrire une fiche."""

from collections.abc import Sequence
from typing import Any


class PubliccodeIllisible(Exception):
    """Le fichier n’est pas un document YAML que l’on accepte de lire.

    Attributes:
        ligne: ligne du fichier, à partir de 1 ; 0 si elle n’est pas connue.
    """

    def __init__(self, message: str, *, ligne: int = 0) -> None:
        self.message, self.ligne = message, ligne
        super().__init__(f"Ligne {ligne} : {message}" if ligne else message)


class PubliccodeInvalide(Exception):
    """La fiche à écrire n’est pas conforme ; porte les anomalies."""

    def __init__(self, anomalies: Sequence[Any]) -> None:
        self.anomalies = tuple(anomalies)
        super().__init__(" ".join(str(anomalie) for anomalie in anomalies))
