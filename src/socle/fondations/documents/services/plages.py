"""Lecture d’un en-tête Range : une seule plage, sinon le fichier entier.

Source: RFC 9110, §14.1.2.
"""

import re
from dataclasses import dataclass
from typing import ClassVar

MOTIF = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Plage:
    """Octets `debut` à `fin`, compris."""

    debut: int
    fin: int

    IMPOSSIBLE: ClassVar["Plage"]


Plage.IMPOSSIBLE = Plage(-1, -1)


def parse_plage(entete: str, taille: int) -> Plage | None:
    """Rend la plage demandée, None s’il faut tout envoyer, `Plage.IMPOSSIBLE` pour un 416."""
    trouve = MOTIF.fullmatch(entete.strip())
    if not trouve or not (trouve[1] or trouve[2]):
        return None
    if not trouve[1]:
        longueur = min(int(trouve[2]), taille)
        return Plage(taille - longueur, taille - 1) if longueur else Plage.IMPOSSIBLE
    debut = int(trouve[1])
    fin = min(int(trouve[2]), taille - 1) if trouve[2] else taille - 1
    if debut >= taille:
        return Plage.IMPOSSIBLE
    return Plage(debut, fin) if debut <= fin else None
