"""Lecture des arguments, aides et refus en français."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from socle.serveur.errors import ErreurServeur

TRADUCTIONS = {
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s.\n",
    "usage: ": "usage : ",
    "positional arguments": "arguments",
    "options": "options",
    "show this help message and exit": "montre cette aide",
    "unrecognized arguments: %s": "argument inconnu : %s",
    "the following arguments are required: %s": "il manque : %s",
    "expected one argument": "une valeur est attendue",
    "expected at least one argument": "au moins une valeur est attendue",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "invalid %(type)s value: %(value)r": "« %(value)s » ne convient pas",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "« %(value)s » ne convient pas ; au choix : %(choices)s"
    ),
    "not allowed with argument %s": "incompatible avec %s",
    "one of the arguments %s is required": "il manque l’un de : %s",
    "ambiguous option: %(option)s could match %(matches)s": (
        "« %(option)s » est ambigu : %(matches)s"
    ),
}
# argparse passe chaque message par ce nom de son module ; sans catalogue installé, il est anglais.
vars(argparse)["_"] = lambda message: TRADUCTIONS.get(message, message)


class UsageIncorrect(ErreurServeur):
    """La ligne de commande ne se comprend pas (code de sortie 2)."""


class Analyseur(argparse.ArgumentParser):
    """Analyseur d’une commande : refuse par une phrase et une suite."""

    def __init__(self, commande: str, description: str) -> None:
        super().__init__(
            prog=f"./socle {commande}",
            description=description,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        raise UsageIncorrect(f"{message[:1].upper()}{message[1:]}.", f"L’aide : {self.prog} --help")

    def add_donnees(self) -> None:
        """Ajoute `--donnees DOSSIER`."""
        self.add_argument(
            "--donnees", type=Path, metavar="DOSSIER", help="dossier des données (sinon donnees/)"
        )

    def add_port(self, defaut: int | None = None) -> None:
        """Ajoute `--port N`."""
        self.add_argument("--port", type=read_port, metavar="N", default=defaut, help="port HTTP")

    def add_json(self, aide: str = "résultat en JSON") -> None:
        """Ajoute `--json`."""
        self.add_argument("--json", action="store_true", help=aide)


def read_port(texte: str) -> int:
    """Lit un numéro de port, de 1 à 65535."""
    port = int(texte)
    if not 1 <= port <= 65_535:
        raise ValueError
    return port


Commande = Callable[[list[str]], int]
