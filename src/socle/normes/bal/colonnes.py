"""Lire une colonne d’un bloc : la même cellule n’est jamais lue deux fois.

Une colonne dont toutes les cellules sont égales, ou déjà dans leur forme exacte, se lit d’un coup ;
c’est le cas de presque toutes.
"""

import re
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from socle.normes.bal.champs import (
    CLE_EXACTE,
    NOMBRE,
    UUID4,
    Cle,
    Contexte,
    Lecteur,
    Lecture,
    build_lecteur,
)
from socle.normes.bal.lecture import COUPE
from socle.normes.bal.vocabulaire import FORMATS, LANGUES, REGIONAUX

_MEMOIRE = 16_384  # cellules différentes retenues par colonne
_CLE_EXACTE = "00000_0000_00000"  # tient la place d’une clé à lire à part

Notables = list[tuple[int, Lecture]]  # (rang, lecture) des cellules qui ont un code


class _Memoire(dict[str, Any]):
    """Valeurs déjà lues d’une colonne ; `notables` garde celles qui ont un code."""

    def __init__(self, lecteur: Lecteur) -> None:
        self.lecteur = lecteur
        self.notables: dict[str, Lecture] = {}

    def __missing__(self, brut: str) -> Any:
        lecture = self.lecteur(brut)
        if lecture.codes:
            self.notables[brut] = lecture
        valeur = self[brut] = lecture.valeur
        return valeur

    def prune(self) -> None:
        """Oublie tout quand la colonne a trop de cellules différentes."""
        if len(self) > _MEMOIRE:
            self.clear()
            self.notables.clear()

    def read(self, bruts: Sequence[str]) -> tuple[list[Any], Notables]:
        self.prune()
        premier, nombre = bruts[0], len(bruts)
        if bruts.count(premier) == nombre:
            valeurs, lecture = [self[premier]] * nombre, self.notables.get(premier)
            return valeurs, [(i, lecture) for i in range(nombre)] if lecture else []
        valeurs, notables = list(map(self.__getitem__, bruts)), self.notables
        if not notables or notables.keys().isdisjoint(bruts):
            return valeurs, []
        return valeurs, [(i, notables[brut]) for i, brut in enumerate(bruts) if brut in notables]


class _Forme:
    """Forme exacte d’une cellule, comparée à une colonne entière avant de l’être à chacune."""

    def __init__(self, cellule: re.Pattern[str]) -> None:
        self.conforme = cellule.fullmatch
        self.colonne = re.compile(f"(?:{cellule.pattern}{COUPE})*+").fullmatch

    def list_autres(self, bruts: Sequence[str]) -> list[int]:
        """Rend les rangs des cellules qui n’ont pas cette forme."""
        if self.colonne(COUPE.join(bruts) + COUPE):
            return []
        return [i for i, brut in enumerate(bruts) if not self.conforme(brut)]


_NOMBRES, _UUIDS, _CLES = _Forme(NOMBRE), _Forme(UUID4), _Forme(CLE_EXACTE)


class Colonne:
    """Une colonne du fichier qui est un champ du format.

    Attributes:
        rang: place dans la ligne. nom: « toponyme_bre ». champ: « toponyme ».
    """

    def __init__(self, rang: int, nom: str, champ: str, contexte: Contexte) -> None:
        self.rang, self.nom, self.champ = rang, nom, champ
        self.memoire = _Memoire(build_lecteur(champ, contexte, localise=nom != champ))

    def read(self, bruts: Sequence[str]) -> tuple[list[Any], Notables]:
        """Rend les valeurs, et (rang, lecture) pour les cellules qui ont un code."""
        return self.memoire.read(bruts)

    def _correct(self, valeurs: list[Any], bruts: Sequence[str], autres: list[int]) -> Notables:
        """Lit à part les cellules qui ne sont pas dans leur forme exacte."""
        self.memoire.prune()
        for i in autres:
            valeurs[i] = self.memoire[bruts[i]]
        lues = self.memoire.notables
        return [(i, lues[bruts[i]]) for i in autres if bruts[i] in lues]


class _ColonneDeNombres(Colonne):
    def read(self, bruts: Sequence[str]) -> tuple[list[Any], Notables]:
        if not bruts[0]:  # souvent, la colonne entière est vide
            return super().read(bruts)
        autres = _NOMBRES.list_autres(bruts)
        if not autres:
            return list(map(float, bruts)), []
        ecartes = frozenset(autres)
        valeurs: list[Any] = [0.0 if i in ecartes else float(b) for i, b in enumerate(bruts)]
        return valeurs, self._correct(valeurs, bruts, autres)


class _ColonneUnique(Colonne):
    """Identifiants presque tous différents : les retenir ne servirait à rien."""

    def read(self, bruts: Sequence[str]) -> tuple[list[Any], Notables]:
        if not bruts[0]:
            return super().read(bruts)
        valeurs = list(bruts)
        return valeurs, self._correct(valeurs, bruts, _UUIDS.list_autres(bruts))


class ColonneDeCles(Colonne):
    """Dans leur forme exacte, les clés d’une même voie ne diffèrent que par leur numéro."""

    def __init__(self, rang: int, nom: str, champ: str, contexte: Contexte) -> None:
        super().__init__(rang, nom, champ, contexte)
        lire = self.memoire.lecteur

        def read_debut(debut: str) -> Lecture:
            lecture = lire(f"{debut}00000")
            return lecture._replace(valeur=lecture.valeur[0])

        self.debuts = _Memoire(read_debut)

    def read_cles(
        self, bruts: Sequence[str]
    ) -> tuple[list[Cle | None], list[int | None], Notables]:
        """Rend les débuts de clé, leurs numéros, et les cellules qui ont un code."""
        autres = _CLES.list_autres(bruts)
        exactes = list(bruts)
        for i in autres:
            exactes[i] = _CLE_EXACTE
        cles, notables = self.debuts.read([cle[:11] for cle in exactes])
        numeros: list[int | None] = [int(cle[11:16]) or None for cle in exactes]
        if autres:
            lues: list[Any] = [None] * len(bruts)
            codes = self._correct(lues, bruts, autres)
            for i in autres:
                cles[i], numeros[i] = lues[i] or (None, None)
            ecartes = frozenset(autres)
            notables = [notable for notable in notables if notable[0] not in ecartes]
            notables = sorted(notables + codes, key=itemgetter(0))
        return cles, numeros, notables


_SORTES: dict[str, type[Colonne]] = {
    "cle_interop": ColonneDeCles, "id_ban_adresse": _ColonneUnique,
    "x": _ColonneDeNombres, "y": _ColonneDeNombres,
    "long": _ColonneDeNombres, "lat": _ColonneDeNombres,
}  # fmt: skip


def find_colonnes(entetes: Sequence[str], contexte: Contexte) -> list[Colonne]:
    """Rend les colonnes connues : chaque champ à son nom exact, puis ses langues régionales."""
    rangs: dict[str, int] = {}
    for rang, nom in enumerate(entetes):
        rangs.setdefault(nom, rang)
    colonnes = []
    for champ in FORMATS:
        if champ not in rangs:
            continue
        colonnes.append(_SORTES.get(champ, Colonne)(rangs[champ], champ, champ, contexte))
        if champ in REGIONAUX:
            regionales = [nom for langue in LANGUES if (nom := f"{champ}_{langue}") in rangs]
            colonnes += [Colonne(rangs[nom], nom, champ, contexte) for nom in regionales]
    return colonnes
