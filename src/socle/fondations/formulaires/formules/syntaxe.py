"""Arbre d’une formule : analyse par descente récursive, bornée en profondeur et en taille."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from socle.fondations.formulaires.formules.lexique import ErreurFormule, Mot, read_mots
from socle.fondations.formulaires.textes import fold

NOEUDS_MAX = 150
PROFONDEUR_MAX = 20
NOMBRE_MAX = Decimal(10) ** 15


@dataclass(frozen=True, slots=True, eq=False)
class Constante:
    valeur: Decimal | str | bool
    position: int


@dataclass(frozen=True, slots=True, eq=False)
class Nom:
    nom: str
    position: int


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """Opération à deux membres, ou à un seul pour le signe moins (gauche vaut alors None)."""

    signe: str
    gauche: "Noeud | None"
    droite: "Noeud"
    position: int


@dataclass(frozen=True, slots=True, eq=False)
class Appel:
    fonction: str
    arguments: "tuple[Noeud, ...]"
    position: int


Noeud: TypeAlias = Constante | Nom | Operation | Appel

COMPARAISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_NIVEAUX = (COMPARAISONS, frozenset({"+", "-"}), frozenset({"*", "/"}))
_LOGIQUES = {"vrai": True, "faux": False}


class _Analyse:
    def __init__(self, formule: str) -> None:
        self.mots = read_mots(formule)
        self.rang = 0
        self.noeuds = 0
        self.profondeur = 0

    @property
    def mot(self) -> Mot:
        return self.mots[self.rang]

    def is_signe(self, *signes: str) -> bool:
        return self.mot.genre == "signe" and self.mot.texte in signes

    def advance(self) -> Mot:
        self.noeuds += 1
        if self.noeuds > 2 * NOEUDS_MAX:
            raise ErreurFormule(self.mot.position, "Cette formule est trop longue.")
        self.rang += 1
        return self.mots[self.rang - 1]

    def expect(self, signe: str) -> None:
        if not self.is_signe(signe):
            raise ErreurFormule(self.mot.position, f"Il manque « {signe} » ici.")
        self.advance()

    def parse(self) -> Noeud:
        if self.mot.genre == "fin":
            raise ErreurFormule(1, "La formule est vide.")
        noeud = self.parse_niveau(0)
        if self.mot.genre != "fin":
            raise ErreurFormule(self.mot.position, f"« {self.mot.texte} » n’est pas attendu ici.")
        return noeud

    def parse_niveau(self, niveau: int) -> Noeud:
        if niveau == len(_NIVEAUX):
            return self.parse_unaire()
        noeud = self.parse_niveau(niveau + 1)
        while self.is_signe(*_NIVEAUX[niveau]):
            signe = self.advance()
            droite = self.parse_niveau(niveau + 1)
            noeud = Operation(signe.texte, noeud, droite, signe.position)
            if niveau == 0 and self.is_signe(*COMPARAISONS):
                raise ErreurFormule(self.mot.position, "Une seule comparaison à la fois : ET(…).")
        return noeud

    def parse_unaire(self) -> Noeud:
        if not self.is_signe("-"):
            return self.parse_atome()
        signe = self.advance()
        self.enter(signe)
        noeud = Operation("-", None, self.parse_unaire(), signe.position)
        self.profondeur -= 1
        return noeud

    def parse_atome(self) -> Noeud:
        mot = self.advance()
        if mot.genre == "nombre":
            return self.parse_nombre(mot)
        if mot.genre == "texte":
            return Constante(mot.texte, mot.position)
        if mot.genre == "nom":
            return self.parse_nom(mot)
        if mot.texte == "(" and mot.genre == "signe":
            self.enter(mot)
            noeud = self.parse_niveau(0)
            self.expect(")")
            self.profondeur -= 1
            return noeud
        attendu = "Il manque une valeur ici." if mot.genre == "fin" else ""
        raise ErreurFormule(mot.position, attendu or f"« {mot.texte} » n’est pas attendu ici.")

    def enter(self, mot: Mot) -> None:
        self.profondeur += 1
        if self.profondeur > PROFONDEUR_MAX:
            raise ErreurFormule(mot.position, "Cette formule a trop de parenthèses.")

    def parse_nombre(self, mot: Mot) -> Noeud:
        nombre = Decimal(mot.texte) if len(mot.texte) <= 30 else NOMBRE_MAX + 1
        if nombre > NOMBRE_MAX:
            raise ErreurFormule(mot.position, "Ce nombre est trop grand.")
        return Constante(nombre, mot.position)

    def parse_nom(self, mot: Mot) -> Noeud:
        if not self.is_signe("("):
            logique = _LOGIQUES.get(fold(mot.texte))
            return Nom(mot.texte, mot.position) if logique is None else Constante(
                logique, mot.position
            )  # fmt: skip
        self.enter(mot)
        self.advance()
        arguments: list[Noeud] = []
        while not self.is_signe(")"):
            if arguments:
                if not self.is_signe(";", ","):
                    raise ErreurFormule(self.mot.position, "Il manque « ; » ou « ) » ici.")
                self.advance()
            arguments.append(self.parse_niveau(0))
        self.advance()
        self.profondeur -= 1
        return Appel(fold(mot.texte).upper(), tuple(arguments), mot.position)


@lru_cache(maxsize=512)
def parse_formule(formule: str) -> Noeud:
    """Analyse une formule.

    Raises:
        ErreurFormule: la formule est mal écrite, trop longue ou trop profonde.
    """
    return _Analyse(formule).parse()


def iter_noeuds(noeud: Noeud) -> Iterator[Noeud]:
    """Donne le nœud et tous ceux qu’il contient."""
    yield noeud
    if isinstance(noeud, Operation):
        if noeud.gauche is not None:
            yield from iter_noeuds(noeud.gauche)
        yield from iter_noeuds(noeud.droite)
    elif isinstance(noeud, Appel):
        for argument in noeud.arguments:
            yield from iter_noeuds(argument)


def list_noms(formule: str) -> frozenset[str]:
    """Rend les noms (champs et barèmes) cités par une formule ; vide si elle est illisible."""
    try:
        return frozenset(n.nom for n in iter_noeuds(parse_formule(formule)) if isinstance(n, Nom))
    except ErreurFormule:
        return frozenset()
