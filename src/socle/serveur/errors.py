"""Erreurs prévues de la ligne de commande : une phrase, puis ce qu’il faut faire."""


class ErreurServeur(Exception):
    """Refus ou panne que l’exploitant peut comprendre et réparer.

    Args:
        message: ce qui ne va pas, en une phrase.
        suite: ce qu’il faut faire ; vide si la phrase suffit.
    """

    def __init__(self, message: str, suite: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suite = suite

    def __str__(self) -> str:
        return f"{self.message}\n{self.suite}" if self.suite else self.message
