"""Ce que l’appelant sait du code officiel géographique, rangé pour les règles de l’adresse.

Trois communes n’y sont pas elles-mêmes : une adresse de Paris, Lyon ou Marseille porte le code de
son arrondissement (75101, 69381, 13201…), et les noms s’écrivent avec l’apostrophe droite.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

_ARRONDISSEMENTS = {
    "75056": ("Paris", 75100, 20),
    "69123": ("Lyon", 69380, 9),
    "13055": ("Marseille", 13200, 16),
}


@dataclass(frozen=True, slots=True)
class Communes:
    """Communes actuelles et anciennes.

    Attributes:
        noms: code Insee → nom, communes actuelles et arrondissements municipaux.
        anciens: code actuel → codes qui y ont été réunis.
        codes_anciens: tous les codes qui ne sont plus ceux d’une commune.
    """

    noms: Mapping[str, str]
    anciens: Mapping[str, frozenset[str]]
    codes_anciens: frozenset[str]


def build_communes(lignes: Iterable[tuple[str, str, Collection[str]]]) -> Communes:
    """Range des communes actuelles : code Insee, nom, codes anciens (déléguées comprises)."""
    noms: dict[str, str] = {}
    anciens: dict[str, frozenset[str]] = {}
    for code, nom, codes in lignes:
        if code in _ARRONDISSEMENTS:
            ville, base, nombre = _ARRONDISSEMENTS[code]
            for rang in range(1, nombre + 1):
                ordre = f"{rang}er" if rang == 1 else f"{rang}e"
                noms[f"{base + rang:05d}"] = f"{ville} {ordre} Arrondissement"
            continue
        noms[code] = nom.replace("’", "'")
        if codes:
            anciens[code] = frozenset(codes)
    tous = frozenset(code for liste in anciens.values() for code in liste)
    return Communes(noms, anciens, tous - noms.keys())
