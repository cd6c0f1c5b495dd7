"""Jauge d’un XML lu en flux : ce que l’arbre garde en mémoire ne dépasse jamais une borne.

Un fichier de quelques centaines de kilo-octets, déployé, peut porter des millions d’éléments vides
que l’analyseur garderait tous. On les compte au passage, sans les analyser.
"""

from typing import IO

from socle.normes.seda.controles.errors import BordereauIllisible

GARDES_MAX = 1_000_000  # éléments lus et pas encore oubliés
FAITS_MAX = 16_000_000  # éléments lus, une unité ou un objet en valant quarante de plus
POIDS = 40
ATTRIBUTS_DE_GRACE = 100_000


class Jauge:
    """Flux qui refuse de continuer quand trop d’éléments attendent d’être oubliés."""

    def __init__(self, flux: IO[bytes]) -> None:
        self._flux = flux
        self._finis = 0
        self._attributs = 0
        self._faits = 0
        self.oublies = 0

    def read(self, nombre: int = -1) -> bytes:
        """Lit un morceau et le compte.

        Raises:
            BordereauIllisible: trop d’éléments gardés, ou trop d’attributs.
        """
        morceau = self._flux.read(nombre)
        self._finis += morceau.count(b"</") + morceau.count(b"/>")
        self._attributs += morceau.count(b'="') + morceau.count(b"='")
        if self._finis - self.oublies > GARDES_MAX:
            raise _trop("Une partie du bordereau porte trop d’éléments.")
        if self._attributs > 2 * self._finis + ATTRIBUTS_DE_GRACE:
            raise _trop("Un élément du bordereau porte trop d’attributs.")
        return morceau

    def add_faits(self, nombre: int) -> None:
        """Compte des valeurs retenues.

        Raises:
            BordereauIllisible: au-delà de la borne.
        """
        self._faits += nombre
        if self._faits > FAITS_MAX:
            raise _trop("Le bordereau décrit trop d’unités ou de valeurs.")


def _trop(message: str) -> BordereauIllisible:
    return BordereauIllisible(f"{message} Partagez le versement en plusieurs paquets.")
