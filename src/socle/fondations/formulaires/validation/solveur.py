"""Cherche les conditions qui ne peuvent jamais être vraies.

La condition est mise sous forme d’un « ou » de « et » (bornée), puis chaque « et » est essayé sur
le domaine de chaque champ : réponses proposées, bornes, intervalle, options cochées, lieu. On
ajoute la condition des champs cités : un champ masqué est vide, et le vide rend tout faux.
"""

import itertools
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from socle.fondations.formulaires.conditions import list_references
from socle.fondations.formulaires.conditions.evaluation import read_litteral
from socle.fondations.formulaires.definition import (
    ChampBase,
    ChampDate,
    ChoixSimple,
    Civilite,
    NombreDecimal,
    NombreEntier,
)
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.textes import fold
from socle.fondations.formulaires.types import get_type
from socle.fondations.formulaires.valeurs import AUTRE
from socle.fondations.formulaires.validation.anomalie import (
    Anomalie,
    Index,
    make_anomalie_page,
)

TERMES_MAX = 300
BUDGET_MAX = 20_000
SUITE_MAX = 20  # champs masqués l’un par l’autre : au-delà, on cesse de remonter
_OPPOSES = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
_LIEUX = {
    "in-departement": ("departement", True),
    "not-in-departement": ("departement", False),
    "in-region": ("region", True),
    "not-in-region": ("region", False),
}

Terme = tuple[Any, ...]
Conjonction = tuple[Terme, ...]


class _TropGrand(Exception):
    """La condition a trop de combinaisons : on ne conclut pas."""


@dataclass(slots=True)
class _Budget:
    """Travail permis pour tout un formulaire : au-delà, on ne conclut plus."""

    reste: int = BUDGET_MAX

    def spend(self) -> None:
        self.reste -= 1
        if self.reste < 0:
            raise _TropGrand


def check_contradictions(index: Index, fautifs: Collection[str]) -> Iterator[Anomalie]:
    """Rend les conditions impossibles. Ne signale que ce qui est certain.

    Args:
        fautifs: champs et pages dont la condition a déjà une autre erreur.
    """
    budget = _Budget()
    for element in index.elements:
        if element.id in fautifs:
            continue
        coupable = _find_contradiction(index, element.champ.condition, budget)
        if coupable is not None:
            message = _describe(index, coupable)
            yield element.make_anomalie("condition_impossible", message, attribut="condition")
    for rang, page in enumerate(index.definition.pages):
        if page.id in fautifs:
            continue
        coupable = _find_contradiction(index, page.condition, budget)
        if coupable is not None:
            yield make_anomalie_page(rang, page, "condition_impossible", _describe(index, coupable))


def _describe(index: Index, coupable: str) -> str:
    cite = index.par_id.get(coupable)
    nom = cite.nom if cite else f"« {coupable} »"
    return f"Cette condition ne peut jamais être vraie : ce qu’elle demande à {nom} se contredit."


def _find_contradiction(index: Index, condition: Any, budget: _Budget) -> str | None:
    """Rend un champ en cause si la condition est impossible, None sinon ou si l’on ne sait pas."""
    if condition is None:
        return None
    try:
        conjonctions = [
            complete
            for conjonction in _develop(condition)
            for complete in _complete(index, conjonction, frozenset(), budget)
        ]
    except _TropGrand:
        return None
    coupables = [_try_conjonction(index, conjonction) for conjonction in conjonctions]
    if not coupables or None in coupables:
        return None
    return coupables[0]


def _develop(noeud: Any) -> list[Conjonction]:
    """Rend la forme disjonctive d’une condition."""
    if not isinstance(noeud, tuple) or not noeud:
        raise _TropGrand
    if noeud[0] == "or":
        termes = [conjonction for enfant in noeud[1:] for conjonction in _develop(enfant)]
    elif noeud[0] == "and":
        termes = _multiply([_develop(enfant) for enfant in noeud[1:]])
    else:
        termes = [(noeud,)]
    if len(termes) > TERMES_MAX:
        raise _TropGrand
    return termes


def _multiply(facteurs: list[list[Conjonction]]) -> list[Conjonction]:
    total = 1
    for facteur in facteurs:
        total *= len(facteur)
    if total > TERMES_MAX:
        raise _TropGrand
    return [tuple(itertools.chain(*produit)) for produit in itertools.product(*facteurs)]


def _complete(
    index: Index, conjonction: Conjonction, vus: frozenset[str], budget: _Budget
) -> list[Conjonction]:
    """Ajoute à une conjonction les conditions des champs qu’elle veut remplis."""
    budget.spend()
    facteurs: list[list[Conjonction]] = [[conjonction]]
    for identifiant in sorted(_list_exiges(conjonction) - vus):
        element = index.par_id.get(identifiant)
        if element is None or len(vus) >= SUITE_MAX:
            continue
        facteurs.extend(
            _complete_suites(index, condition, vus | {identifiant}, budget)
            for condition in (element.champ.condition, element.page.condition)
            if condition is not None
        )
    return _multiply(facteurs)


def _complete_suites(
    index: Index, condition: Any, vus: frozenset[str], budget: _Budget
) -> list[Conjonction]:
    suites = [
        complete
        for suite in _develop(condition)
        for complete in _complete(index, suite, vus, budget)
    ]
    if len(suites) > TERMES_MAX:
        raise _TropGrand
    return suites


def _list_exiges(conjonction: Conjonction) -> set[str]:
    exiges: set[str] = set()
    for terme in conjonction:
        if terme[0] != "empty?":
            exiges |= list_references(terme)
    return exiges


@dataclass(slots=True)
class _Domaine:
    """Ce qu’une réponse peut encore être."""

    permis: set[Any] | None = None
    exclus: set[Any] = field(default_factory=set)
    bas: Any = None
    bas_strict: bool = False
    haut: Any = None
    haut_strict: bool = False
    entier: bool = False
    vide: bool | None = None
    coches: set[str] = field(default_factory=set)
    decoches: set[str] = field(default_factory=set)
    lieux: dict[str, set[str]] = field(default_factory=dict)
    hors_lieux: dict[str, set[str]] = field(default_factory=dict)
    impossible: bool = False

    def fix(self, valeurs: set[Any]) -> None:
        self.permis = valeurs if self.permis is None else self.permis & valeurs

    def raise_bas(self, borne: Any, *, strict: bool) -> None:
        if self.bas is None or borne > self.bas or (borne == self.bas and strict):
            self.bas, self.bas_strict = borne, strict

    def lower_haut(self, borne: Any, *, strict: bool) -> None:
        if self.haut is None or borne < self.haut or (borne == self.haut and strict):
            self.haut, self.haut_strict = borne, strict

    def set_vide(self, *, vide: bool) -> None:
        if self.vide is not None and self.vide != vide:
            self.impossible = True
        self.vide = vide

    def is_possible(self) -> bool:
        if self.impossible or self.coches & self.decoches:
            return False
        if any(len(codes) > 1 for codes in self.lieux.values()):
            return False
        if any(codes & self.hors_lieux.get(nom, set()) for nom, codes in self.lieux.items()):
            return False
        if self.permis is not None:
            return any(self._accepts(valeur) for valeur in self.permis)
        return self._is_intervalle_possible()

    def _accepts(self, valeur: Any) -> bool:
        if valeur in self.exclus:
            return False
        if self.bas is not None and (valeur < self.bas or (self.bas_strict and valeur == self.bas)):
            return False
        return self.haut is None or not (
            valeur > self.haut or (self.haut_strict and valeur == self.haut)
        )

    def _is_intervalle_possible(self) -> bool:
        if self.bas is None or self.haut is None:
            return True
        bas, haut = self.bas, self.haut
        if self.entier:
            premier = math.floor(bas) + 1 if self.bas_strict else math.ceil(bas)
            dernier = math.ceil(haut) - 1 if self.haut_strict else math.floor(haut)
            if dernier - premier > len(self.exclus):
                return True
            return any(Decimal(n) not in self.exclus for n in range(premier, dernier + 1))
        if bas == haut:
            return not self.bas_strict and not self.haut_strict and bas not in self.exclus
        return bool(bas < haut)


def _try_conjonction(index: Index, conjonction: Conjonction) -> str | None:
    """Rend un champ dont le domaine est vide, None si la conjonction peut être vraie."""
    domaines: dict[tuple[str, str], _Domaine] = {}
    for terme in conjonction:
        cible = _constrain(index, domaines, terme)
        if cible:
            return cible
    for (_, identifiant), domaine in domaines.items():
        if not domaine.is_possible():
            return identifiant
    return None


def _constrain(index: Index, domaines: dict[tuple[str, str], _Domaine], terme: Terme) -> str | None:
    """Réduit les domaines par un terme. Rend un champ si le terme est faux à lui seul."""
    operateur, *arguments = terme
    for identifiant in list_references(terme):
        _get_domaine(index, domaines, "champ", identifiant).set_vide(vide=operateur == "empty?")
    if len(arguments) != 2:
        return None
    gauche, droite = arguments
    if not isinstance(gauche, tuple):
        gauche, droite, operateur = droite, gauche, _OPPOSES.get(operateur, "?")
    cle = _read_cle(gauche, droite)
    if cle is None:
        return None
    domaine = _get_domaine(index, domaines, *cle)
    valeur = Decimal(0) if cle[0] == "relatif" else _read_valeur(index, cle, droite)
    if valeur is not None:
        _apply(domaine, operateur, valeur)
    return None


def _read_cle(gauche: Any, droite: Any) -> tuple[str, str] | None:
    """Rend la variable comparée : réponse, âge, ou écart entre une date et aujourd’hui."""
    if not isinstance(gauche, tuple) or len(gauche) != 2:
        return None
    references = sorted(list_references(gauche))
    if len(references) != 1:
        return None
    if gauche[0] == "champ" and droite == ("aujourdhui",):
        return "relatif", references[0]
    return None if isinstance(droite, tuple) else (str(gauche[0]), references[0])


def _get_domaine(
    index: Index, domaines: dict[tuple[str, str], _Domaine], genre: str, identifiant: str
) -> _Domaine:
    cle = (genre, identifiant)
    if cle not in domaines:
        element = index.par_id.get(identifiant)
        domaines[cle] = _make_domaine(genre, element.champ if element else None)
    return domaines[cle]


def _make_domaine(genre: str, champ: ChampBase | None) -> _Domaine:
    if genre == "age":
        return _Domaine(bas=Decimal(0), entier=True)
    if genre == "relatif":
        return _make_domaine_relatif(champ)
    domaine = _Domaine()
    if isinstance(champ, NombreEntier | NombreDecimal):
        domaine.entier = isinstance(champ, NombreEntier)
        domaine.bas = None if champ.minimum is None else Decimal(champ.minimum)
        domaine.haut = None if champ.maximum is None else Decimal(champ.maximum)
    elif isinstance(champ, ChampDate):
        domaine.entier = True
        domaine.bas, domaine.haut = _number(champ.au_plus_tot), _number(champ.au_plus_tard)
    elif isinstance(champ, ChoixSimple):
        autre = {AUTRE} if champ.autre else set()
        domaine.permis = {fold(option.id) for option in champ.options} | autre
    elif isinstance(champ, Civilite):
        domaine.permis = {fold(code) for code in ("Mme", "M.")}
    elif champ is not None and get_type(champ).nature is Nature.BOOLEEN:
        domaine.permis = {True, False}
    return domaine


def _number(jour: date | str | None) -> Decimal | None:
    """Rend le numéro d’un jour : les dates se comparent alors comme des entiers."""
    return Decimal(jour.toordinal()) if isinstance(jour, date) else None


def _make_domaine_relatif(champ: ChampBase | None) -> _Domaine:
    domaine = _Domaine(entier=True)
    if isinstance(champ, ChampDate):
        domaine.bas = Decimal(0) if champ.au_plus_tot == "aujourdhui" else None
        domaine.haut = Decimal(0) if champ.au_plus_tard == "aujourdhui" else None
    return domaine


def _read_valeur(index: Index, cle: tuple[str, str], constante: Any) -> Any:
    litteral = read_litteral(constante)
    element = index.par_id.get(cle[1])
    if litteral is None or element is None:
        return None
    if cle[0] == "age":
        return litteral.nombre
    nature = element.nature
    if nature is Nature.DATE:
        return _number(litteral.jour)
    if nature is Nature.BOOLEEN:
        return litteral.booleen
    if nature in (Nature.NOMBRE, Nature.LIGNES, Nature.PIECES):
        return litteral.nombre
    return litteral.texte


def _apply(domaine: _Domaine, operateur: str, valeur: Any) -> None:
    if operateur == "=":
        domaine.fix({valeur})
    elif operateur == "!=":
        domaine.exclus.add(valeur)
    elif operateur in ("<", "<="):
        domaine.lower_haut(valeur, strict=operateur == "<")
    elif operateur in (">", ">="):
        domaine.raise_bas(valeur, strict=operateur == ">")
    elif operateur == "includes":
        domaine.coches.add(valeur)
    elif operateur == "excludes":
        domaine.decoches.add(valeur)
    elif operateur in _LIEUX:
        attribut, dedans = _LIEUX[operateur]
        codes = domaine.lieux if dedans else domaine.hors_lieux
        codes.setdefault(attribut, set()).add(valeur)
