"""Registre d’implémentations : le seul mécanisme d’extension de Socle."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Port = TypeVar("Port")


class Registre(Generic[Port]):
    """Ensemble nommé des implémentations d’un port.

    >>> transmissions: Registre[str] = Registre("transmission")
    >>> transmissions.register("factice", "un objet qui respecte le port")
    >>> "factice" in transmissions
    True
    """

    def __init__(self, nom: str) -> None:
        self.nom = nom
        self._par_code: dict[str, Port] = {}

    def register(self, code: str, implementation: Port) -> None:
        """Ajoute une implémentation. Deux fois le même code est une erreur de programmation."""
        if code in self._par_code:
            raise ValueError(f"« {code} » existe déjà dans le registre « {self.nom} ».")
        self._par_code[code] = implementation

    def __getitem__(self, code: str) -> Port:
        return self._par_code[code]

    def get(self, code: str) -> Port | None:
        return self._par_code.get(code)

    def __contains__(self, code: object) -> bool:
        return code in self._par_code

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._par_code))

    def __len__(self) -> int:
        return len(self._par_code)
