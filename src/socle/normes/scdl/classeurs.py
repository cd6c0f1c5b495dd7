"""Tableurs XLSX et ODS d’un inconnu, lus au fil de l’eau et bornés."""

from collections.abc import Iterator
from typing import BinaryIO

from socle.normes.scdl.errors import FichierInutilisable


def is_classeur(flux: BinaryIO) -> bool:
    """Vrai si le fichier commence comme un ZIP ; le flux revient au début."""
    flux.seek(0)
    debut = flux.read(4)
    flux.seek(0)
    return debut == b"PK\3\4"


def open_classeur(flux: BinaryIO) -> tuple[str, Iterator[list[str]]]:
    raise FichierInutilisable("Les tableurs ne sont pas encore lus : enregistrez en CSV.")
