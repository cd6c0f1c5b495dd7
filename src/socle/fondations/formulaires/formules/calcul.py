"""Calcul d’une formule et détail de ses étapes, en français.

Le résultat vaut None quand une donnée manque : `manquants` dit lesquelles. Rien ne lève : une
division par zéro ou un nombre démesuré donne une phrase dans `erreur`.
"""

import decimal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from socle.fondations.commun.textes import format_jour
from socle.fondations.formulaires.definition import Bareme
from socle.fondations.formulaires.formules.ecriture import (
    Etape,
    Libelles,
    describe_tranche,
    write_expression,
    write_valeur,
)
from socle.fondations.formulaires.formules.lexique import ErreurFormule
from socle.fondations.formulaires.formules.syntaxe import (
    COMPARAISONS,
    Appel,
    Constante,
    Noeud,
    Nom,
    Operation,
    parse_formule,
)
from socle.fondations.formulaires.formules.typage import FONCTIONS
from socle.fondations.formulaires.textes import fold
from socle.fondations.formulaires.valeurs import Lieu, Valeur, Valeurs, compute_age

GRANDEUR_MAX = Decimal(10) ** 18
ILLISIBLE = "La formule de ce calcul est illisible."
MELANGE = "Ce calcul mélange des nombres et autre chose."
_CONTEXTE = decimal.Context(prec=28, rounding=ROUND_HALF_UP, Emin=-999, Emax=999)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContexteCalcul:
    """Ce que lit une formule.

    Attributes:
        valeurs: identifiant → valeur typée (None : vide ou masqué).
        colonnes: identifiant d’un champ de bloc → sa valeur dans chaque ligne.
        baremes: identifiant → barème.
        libelles: pour écrire les étapes ; facultatif.
        masques: champs masqués, qui ne sont pas « en attente ».
    """

    valeurs: Valeurs
    jour: date
    colonnes: Mapping[str, Sequence[Valeur]] = field(default_factory=dict)
    baremes: Mapping[str, Bareme] = field(default_factory=dict)
    libelles: Libelles = field(default_factory=Libelles)
    masques: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resultat:
    """Résultat d’une formule.

    Attributes:
        valeur: valeur typée, arrondie ; None si elle ne peut pas encore être calculée.
        manquants: identifiants des champs attendus, dans l’ordre de la formule.
        erreur: phrase quand le calcul est impossible (division par zéro, hors barème).
        etapes: détail, de la première donnée au résultat.
    """

    valeur: Valeur = None
    manquants: tuple[str, ...] = ()
    erreur: str = ""
    etapes: tuple[Etape, ...] = ()


class _CalculImpossible(Exception):
    """Interrompt un calcul avec une phrase pour la personne."""


def find_tranche(bareme: Bareme, nombre: Decimal) -> int | None:
    """Rend le rang (à partir de 0) de la tranche qui s’applique, None au-delà de la dernière."""
    for rang, tranche in enumerate(bareme.tranches):
        borne = tranche.jusqu_a
        if borne is None or nombre < borne or (bareme.borne_incluse and nombre == borne):
            return rang
    return None


def calculate_formule(
    formule: str, contexte: ContexteCalcul, *, decimales: int = 2, unite: str = ""
) -> Resultat:
    """Calcule une formule. Le nombre rendu est arrondi à `decimales`, demi vers le haut.

    >>> contexte = ContexteCalcul(valeurs={"revenu": Decimal(21600)}, jour=date(2026, 1, 1))
    >>> calculate_formule("revenu / 12 / 1,5", contexte).valeur
    Decimal('1200.00')
    """
    try:
        noeud = parse_formule(formule)
    except ErreurFormule:
        return Resultat(erreur=ILLISIBLE)
    calcul = _Calcul(contexte)
    try:
        with decimal.localcontext(_CONTEXTE):
            valeur = calcul.run(noeud)
            if isinstance(valeur, Decimal):
                valeur = _round(valeur, decimales)
            if valeur is not None:
                calcul.conclude(noeud, valeur, unite)
    except _CalculImpossible as cause:
        return Resultat(erreur=str(cause))
    except (decimal.DecimalException, ArithmeticError):
        return Resultat(erreur="Le résultat est trop grand pour être calculé.")
    if valeur is None:
        return Resultat(manquants=tuple(calcul.manquants))
    return Resultat(valeur=valeur, etapes=tuple(calcul.etapes))


def _round(nombre: Decimal, decimales: int) -> Decimal:
    return nombre.quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP)


class _Calcul:
    def __init__(self, contexte: ContexteCalcul) -> None:
        self.contexte = contexte
        self.manquants: dict[str, None] = {}
        self.etapes: list[Etape] = []
        self.cites: set[str] = set()
        self.resultats: dict[int, Valeur] = {}

    def run(self, noeud: Noeud) -> Valeur:
        if isinstance(noeud, Constante):
            return noeud.valeur
        if isinstance(noeud, Nom):
            return self.read_nom(noeud)
        if isinstance(noeud, Operation):
            return self.run_operation(noeud)
        valeur = self.run_appel(noeud)
        self.resultats[id(noeud)] = valeur
        return valeur

    def read_nom(self, noeud: Nom) -> Valeur:
        valeur = self.contexte.valeurs.get(noeud.nom)
        if isinstance(valeur, Lieu):
            valeur = valeur.code
        if valeur is None:
            if noeud.nom not in self.contexte.masques:
                self.manquants[noeud.nom] = None
        elif noeud.nom not in self.cites:
            self.cites.add(noeud.nom)
            self.etapes.append(self.contexte.libelles.make_entree(noeud.nom, valeur))
        return valeur

    def run_operation(self, noeud: Operation) -> Valeur:
        gauche = Decimal(0) if noeud.gauche is None else self.run(noeud.gauche)
        droite = self.run(noeud.droite)
        if gauche is None or droite is None:
            return None
        if noeud.signe in COMPARAISONS:
            return _compare(noeud.signe, gauche, droite)
        if not isinstance(gauche, Decimal) or not isinstance(droite, Decimal):
            raise _CalculImpossible(MELANGE)
        if noeud.signe == "/" and not droite:
            raise _CalculImpossible("Ce calcul divise par zéro.")
        return _bound(_ARITHMETIQUE[noeud.signe](gauche, droite))

    def run_appel(self, noeud: Appel) -> Valeur:
        signature = FONCTIONS.get(noeud.fonction)
        if signature is None or not signature.accept_nombre(len(noeud.arguments)):
            raise _CalculImpossible(ILLISIBLE)
        fonction = _FONCTIONS.get(noeud.fonction)
        if fonction is not None:
            return fonction(self, noeud)
        nombres = self.read_nombres(noeud)
        return None if nombres is None else _bound(_SIMPLES[noeud.fonction](nombres))

    def read_nombres(self, noeud: Appel) -> list[Decimal] | None:
        """Rend les nombres des arguments, ou de la colonne d’un bloc ; None s’il en manque."""
        valeurs: list[Valeur] = []
        for argument in noeud.arguments:
            if isinstance(argument, Nom) and argument.nom in self.contexte.colonnes:
                colonne = self.contexte.colonnes[argument.nom]
                if None in colonne:
                    self.manquants[argument.nom] = None
                valeurs.extend(colonne)
            else:
                valeurs.append(self.run(argument))
        if None in valeurs:
            return None
        nombres = [v for v in valeurs if isinstance(v, Decimal)]
        if len(nombres) != len(valeurs):
            raise _CalculImpossible(MELANGE)
        return nombres

    def add_etape(self, libelle: str, valeur: str, source: str = "") -> None:
        self.etapes.append(Etape(libelle=libelle, valeur=valeur, source=source))

    def write(self, noeud: Noeud) -> str:
        return write_expression(noeud, self.contexte, self.resultats)

    def conclude(self, noeud: Noeud, valeur: Valeur, unite: str) -> None:
        """Ajoute la dernière étape, « 21 600 € ÷ 12 ÷ 1,5 » = « 1 200 € »."""
        if isinstance(noeud, Operation) or (
            isinstance(noeud, Appel) and noeud.fonction not in _DETAILLEES
        ):
            self.add_etape(self.write(noeud), write_valeur(valeur, unite))


def _bound(nombre: Decimal) -> Decimal:
    if not nombre.is_finite() or abs(nombre) > GRANDEUR_MAX:
        raise _CalculImpossible("Le résultat est trop grand pour être calculé.")
    return nombre


_ARITHMETIQUE: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
_ORDRES: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _compare(signe: str, gauche: Valeur, droite: Valeur) -> bool:
    if isinstance(gauche, str) and isinstance(droite, str):
        gauche, droite = fold(gauche), fold(droite)
    ordonnable = isinstance(gauche, Decimal | date) or signe in ("=", "<>")
    if type(gauche) is not type(droite) or not ordonnable:
        raise _CalculImpossible("Ce calcul compare deux réponses de nature différente.")
    return bool(_ORDRES[signe](gauche, droite))


def _run_si(calcul: _Calcul, noeud: Appel) -> Valeur:
    condition = calcul.run(noeud.arguments[0])
    if condition is None:
        return None
    phrase = calcul.write(noeud.arguments[0])
    calcul.add_etape(phrase, "oui" if condition else "non")
    branche = noeud.arguments[1 if condition else 2]
    valeur = calcul.run(branche)
    if valeur is not None and isinstance(branche, Operation):
        calcul.add_etape(calcul.write(branche), write_valeur(valeur))
    return valeur


def _run_et(calcul: _Calcul, noeud: Appel) -> Valeur:
    valeurs = [calcul.run(argument) for argument in noeud.arguments]
    if False in valeurs:
        return False
    return None if None in valeurs else True


def _run_ou(calcul: _Calcul, noeud: Appel) -> Valeur:
    valeurs = [calcul.run(argument) for argument in noeud.arguments]
    if True in valeurs:
        return True
    return None if None in valeurs else False


def _run_non(calcul: _Calcul, noeud: Appel) -> Valeur:
    valeur = calcul.run(noeud.arguments[0])
    return None if valeur is None else not valeur


def _run_age(calcul: _Calcul, noeud: Appel) -> Valeur:
    naissance = calcul.run(noeud.arguments[0])
    if not isinstance(naissance, date):
        return None
    age = compute_age(naissance, calcul.contexte.jour)
    if age is None:
        raise _CalculImpossible("La date de naissance est dans le futur.")
    calcul.add_etape(f"Âge au {format_jour(calcul.contexte.jour)}", f"{age} an{'s' * (age > 1)}")
    return Decimal(age)


def _run_aujourdhui(calcul: _Calcul, noeud: Appel) -> Valeur:
    return calcul.contexte.jour


def _run_nb(calcul: _Calcul, noeud: Appel) -> Valeur:
    bloc = noeud.arguments[0]
    nombre = calcul.contexte.valeurs.get(bloc.nom) if isinstance(bloc, Nom) else None
    return nombre if isinstance(nombre, Decimal) else Decimal(0)


def _run_contient(calcul: _Calcul, noeud: Appel) -> Valeur:
    choix, option = calcul.run(noeud.arguments[0]), calcul.run(noeud.arguments[1])
    return None if not isinstance(choix, frozenset) else option in choix


def _run_defaut(calcul: _Calcul, noeud: Appel) -> Valeur:
    attendus = dict(calcul.manquants)
    valeur = calcul.run(noeud.arguments[0])
    if valeur is not None:
        return valeur
    calcul.manquants = attendus
    return calcul.run(noeud.arguments[1])


def _run_arrondi(calcul: _Calcul, noeud: Appel) -> Valeur:
    nombre = calcul.run(noeud.arguments[0])
    decimales = calcul.run(noeud.arguments[1]) if len(noeud.arguments) == 2 else Decimal(0)
    if not isinstance(nombre, Decimal) or not isinstance(decimales, Decimal):
        return None
    return _round(nombre, min(max(int(decimales), 0), 6))


def _run_bareme(calcul: _Calcul, noeud: Appel) -> Valeur:
    table, argument = noeud.arguments
    bareme = calcul.contexte.baremes.get(table.nom) if isinstance(table, Nom) else None
    if bareme is None:
        raise _CalculImpossible("Le barème de ce calcul est introuvable.")
    nombre = calcul.run(argument)
    if not isinstance(nombre, Decimal):
        return None
    if isinstance(argument, Operation):
        calcul.add_etape(calcul.write(argument), write_valeur(nombre, bareme.unite))
    rang = find_tranche(bareme, nombre)
    if rang is None:
        raise _CalculImpossible(f"Le barème « {bareme.libelle or bareme.id} » s’arrête avant.")
    valeur = bareme.tranches[rang].valeur
    calcul.add_etape(
        describe_tranche(bareme, rang), write_valeur(valeur, bareme.unite_valeur), bareme.acte
    )
    return valeur


_FONCTIONS: dict[str, Callable[[_Calcul, Appel], Valeur]] = {
    "SI": _run_si,
    "ET": _run_et,
    "OU": _run_ou,
    "NON": _run_non,
    "AGE": _run_age,
    "AUJOURDHUI": _run_aujourdhui,
    "NB": _run_nb,
    "CONTIENT": _run_contient,
    "DEFAUT": _run_defaut,
    "ARRONDI": _run_arrondi,
    "BAREME": _run_bareme,
}
_SIMPLES: dict[str, Callable[[list[Decimal]], Decimal]] = {
    "MIN": lambda nombres: min(nombres, default=Decimal(0)),
    "MAX": lambda nombres: max(nombres, default=Decimal(0)),
    "SOMME": lambda nombres: sum(nombres, Decimal(0)),
    "ENTIER": lambda nombres: nombres[0].to_integral_value(rounding=ROUND_FLOOR),
    "ABS": lambda nombres: abs(nombres[0]),
}
_DETAILLEES = frozenset({"SI", "AGE", "BAREME", "DEFAUT", "AUJOURDHUI"})
