"""Reconnaissance des formats PRONOM (PUID) par un processus ouvrier, si pygfried est installé."""

import importlib.util
import json
import selectors
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from socle.normes.seda.modele import Format

_OUVRIER = Path(__file__).with_name("ouvrier_formats.py")
_SECONDES_PAR_FICHIER = 30.0


class Identifieur(Protocol):
    """Reconnaît le format d’un fichier."""

    def identify(self, chemin: Path) -> Format | None:
        """Donne le format, ou None s’il est inconnu."""
        ...


class IdentifieurDeFormats:
    """Dialogue avec l’ouvrier. Après une panne, rend None à tout : un format inconnu se dit."""

    def __init__(self, ouvrier: subprocess.Popen[str], secondes: float) -> None:
        """`secondes` borne l’attente de chaque réponse."""
        self._ouvrier = ouvrier
        self._secondes = secondes
        self._en_panne = False

    def identify(self, chemin: Path) -> Format | None:
        """Donne le format d’un fichier ; None si inconnu, illisible ou trop long à reconnaître."""
        if self._en_panne:
            return None
        try:
            reponse = self._demande(chemin)
        except (OSError, ValueError, TimeoutError):
            self._en_panne = True
            self._ouvrier.kill()
            return None
        return Format(**reponse) if reponse else None

    def _demande(self, chemin: Path) -> dict[str, str] | None:
        entree, sortie = self._ouvrier.stdin, self._ouvrier.stdout
        assert entree is not None and sortie is not None  # noqa: S101, PT018
        entree.write(json.dumps(str(chemin)) + "\n")
        entree.flush()
        with selectors.DefaultSelector() as attente:
            attente.register(sortie, selectors.EVENT_READ)
            if not attente.select(self._secondes):
                raise TimeoutError
        ligne = sortie.readline()
        if not ligne:
            raise ValueError("L’ouvrier s’est arrêté.")
        reponse: dict[str, str] | None = json.loads(ligne)
        return reponse


def is_pygfried_installe() -> bool:
    """Dit si la reconnaissance des formats est possible ici."""
    return importlib.util.find_spec("pygfried") is not None


@contextmanager
def open_identifieur(
    *, secondes: float = _SECONDES_PAR_FICHIER
) -> Iterator[IdentifieurDeFormats | None]:
    """Démarre un ouvrier le temps du bloc ; donne None si pygfried n’est pas installé.

    Args:
        secondes: attente maximale par fichier ; au-delà, l’ouvrier est arrêté.
    """
    if not is_pygfried_installe():
        yield None
        return
    ouvrier = subprocess.Popen(  # noqa: S603 : notre propre script, sans argument extérieur
        [sys.executable, "-I", str(_OUVRIER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    try:
        yield IdentifieurDeFormats(ouvrier, secondes)
    finally:
        ouvrier.kill()
        ouvrier.communicate()
