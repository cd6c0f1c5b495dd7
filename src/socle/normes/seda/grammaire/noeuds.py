"""Lecture de la grammaire : du texte de `definitions` à un arbre par type, pour une version."""

import re
from dataclasses import dataclass, field, replace
from functools import cache

from socle.normes.seda.grammaire import VERSIONS
from socle.normes.seda.grammaire.definitions import SUITES, TYPES

ELEMENT, SUITE, CHOIX, OUVERT, LIBRE = "element", "suite", "choix", "ouvert", "libre"
TOUS = "tous"
JETON = "jeton"
_MOT = re.compile(r"%[A-Z]+|[A-Za-z]+(?::\w+)?|[(|)]|[?*+](?!\w)|@-?\d\.\d|!|OUVERT|LIBRE")
_BORNES = {"?": (0, 1), "*": (0, None), "+": (1, None)}


@dataclass(frozen=True, slots=True)
class Noeud:
    """Morceau d’une règle. `maxi` None : sans limite. `type` : type simple, ou nom d’une règle."""

    genre: str
    nom: str = ""
    type: str = ""
    enfants: tuple["Noeud", ...] = ()
    mini: int = 1
    maxi: int | None = 1
    depuis: str = VERSIONS[0]
    jusqua: str = VERSIONS[-1]
    extension: bool = False

    def iter_elements(self) -> "list[Noeud]":
        """Tous les éléments de ce niveau, à travers suites et choix, dans l’ordre."""
        if self.genre == ELEMENT:
            return [self]
        return [element for enfant in self.enfants for element in enfant.iter_elements()]

    @property
    def obligatoire(self) -> bool:
        """Il en faut au moins un."""
        return self.mini > 0


@dataclass(slots=True)
class _Lecture:
    mots: list[str]
    place: int = 0
    types: frozenset[str] = field(default_factory=frozenset)

    def read_suite(self) -> Noeud:
        """Une suite, ou un choix de suites si des barres les séparent."""
        branches: list[list[Noeud]] = [[]]
        while self.place < len(self.mots) and self.mots[self.place] != ")":
            mot = self.mots[self.place]
            self.place += 1
            if mot == "|":
                branches.append([])
            else:
                branches[-1].append(self._read_item(mot))
        suites = [Noeud(SUITE, enfants=tuple(b)) if len(b) != 1 else b[0] for b in branches]
        return suites[0] if len(suites) == 1 else Noeud(CHOIX, enfants=tuple(suites))

    def _read_item(self, mot: str) -> Noeud:
        if mot == "(":
            noeud = self.read_suite()
            self.place += 1  # la parenthèse qui ferme
            if noeud.genre == ELEMENT:
                noeud = Noeud(SUITE, enfants=(noeud,))
        elif mot in {"OUVERT", "LIBRE"}:
            noeud = Noeud(mot.lower(), mini=0, maxi=None)
        else:
            nom, _, type_ = mot.partition(":")
            noeud = Noeud(ELEMENT, nom=nom, type=type_ or (nom if nom in self.types else JETON))
        return self._read_marques(noeud)

    def _read_marques(self, noeud: Noeud) -> Noeud:
        while self.place < len(self.mots) and self.mots[self.place][0] in "?*+@!":
            marque = self.mots[self.place]
            self.place += 1
            if marque in _BORNES:
                mini, maxi = _BORNES[marque]
                noeud = replace(noeud, mini=mini, maxi=maxi)
            elif marque == "!":
                noeud = replace(noeud, extension=True)
            elif marque.startswith("@-"):
                noeud = replace(noeud, jusqua=marque[2:])
            else:
                noeud = replace(noeud, depuis=marque[1:])
        return noeud


@cache
def _read_types() -> dict[str, Noeud]:
    lignes = dict(ligne.split(" = ", 1) for ligne in TYPES.strip().splitlines())
    types = frozenset(lignes)
    regles = {}
    for nom, texte in lignes.items():
        mots = _MOT.findall(_expand(texte).removeprefix("TOUS "))
        racine = _Lecture(mots, types=types).read_suite()
        if texte.startswith("TOUS "):
            racine = replace(racine, genre=TOUS)
        regles[nom] = racine if racine.genre != ELEMENT else Noeud(SUITE, enfants=(racine,))
    return regles


def _expand(texte: str) -> str:
    while "%" in texte:
        texte = re.sub(r"%([A-Z]+)", lambda trouve: SUITES[trouve[1]], texte)
    return texte


@cache
def get_grammaire(version: str, *, vitam: bool = False) -> dict[str, Noeud]:
    """Règles d’une version, par nom de type.

    Args:
        version: « 2.1 », « 2.2 » ou « 2.3 ».
        vitam: garde aussi les extensions de Vitam, et les éléments des autres versions, qu’il
            admet toutes.
    """
    if version not in VERSIONS:
        raise ValueError(f"SEDA {version} n’a pas de grammaire ici.")
    filtrees = {nom: _filter(noeud, version, vitam) for nom, noeud in _read_types().items()}
    return {nom: noeud for nom, noeud in filtrees.items() if noeud is not None}


def _filter(noeud: Noeud, version: str, vitam: bool) -> Noeud | None:
    if not vitam and (noeud.extension or not noeud.depuis <= version <= noeud.jusqua):
        return None
    enfants = [_filter(enfant, version, vitam) for enfant in noeud.enfants]
    return replace(noeud, enfants=tuple(enfant for enfant in enfants if enfant is not None))
