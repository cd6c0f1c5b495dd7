"""Ce qu’une norme offre à la ligne de commande."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from socle.serveur.arguments import Analyseur

VALIDE, INVALIDE, INUTILISABLE = 0, 1, 2
Avance = Callable[[str], None]


class Inutilisable(Exception):
    """Le fichier ne se lit pas du tout (code de sortie 2)."""

    def __init__(self, message: str, *, code: str = "source-error") -> None:
        self.message, self.code = message, code
        super().__init__(message)


def count(nombre: int, nom: str) -> str:
    """« 1 ligne conforme », « 3 lignes conformes » : `nom` s’écrit au singulier."""
    return f"{nombre} {nom}" if nombre < 2 else f"{nombre} {nom.replace(' ', 's ')}s"


@dataclass(slots=True)
class Resultat:
    """Ce qu’un verbe a trouvé ou fait.

    Attributes:
        objet: l’objet de `--json`, avec « valide » et les fautes de la norme.
        phrases: le résumé, une phrase par ligne.
        fautes: (lieu, code, message) de chaque faute, dans l’ordre.
        notes: (lieu, code, message) de ce qui n’empêche rien.
    """

    objet: Mapping[str, Any]
    valide: bool
    phrases: list[str] = field(default_factory=list)
    fautes: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Verbe:
    """Une action sur un fichier.

    Attributes:
        prepare: ajoute les options du verbe.
        run: reçoit les options (`options.fichier` est un `Path`) et de quoi dire l’avancement.
    """

    resume: str
    run: Callable[[Any, Avance], Resultat]
    prepare: Callable[[Analyseur], None] = lambda _: None
    fichier: str = "fichier à lire"


Verbes = Mapping[str, Verbe]
