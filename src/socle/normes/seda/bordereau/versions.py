"""Plume qui sait dans quelle version de SEDA elle écrit."""

from collections.abc import Callable

from socle.normes.seda.grammaire import VERSIONS
from socle.normes.seda.plume import Plume


class ChampHorsVersion(ValueError):
    """Le modèle dit quelque chose que la version de SEDA choisie ne sait pas dire."""


class PlumeSeda(Plume):
    """Plume d’une version de SEDA ; refuse ce que cette version ne connaît pas."""

    __slots__ = ("version",)

    def __init__(self, ecrire: Callable[[str], object], version: str) -> None:
        super().__init__(ecrire)
        if version not in VERSIONS:
            raise ChampHorsVersion(f"On n’écrit pas en SEDA {version}.")
        self.version = version

    def check(self, element: str, depuis: str = "", jusqua: str = "") -> None:
        """Lève ChampHorsVersion si l’élément n’existe pas dans cette version : rien n’est tu."""
        if self.version < depuis or (jusqua and self.version > jusqua):
            quand = f"avant SEDA {depuis}" if self.version < depuis else f"après SEDA {jusqua}"
            raise ChampHorsVersion(
                f"« {element} » n’existe pas {quand} ; ce versement est en SEDA {self.version}."
            )
