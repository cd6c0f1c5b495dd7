"""Types d’une formule, vérifiés à la publication : aucune surprise quand la personne remplit."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from socle.fondations.formulaires.enums import Nature
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


class TypeFormule(StrEnum):
    NOMBRE = "un nombre"
    TEXTE = "un texte"
    BOOLEEN = "oui ou non"
    DATE = "une date"
    CHOIX = "un choix multiple"
    NOMBRES = "une colonne de nombres"
    LIGNES = "un bloc"
    BAREME = "un barème"


_PAR_NATURE = {
    Nature.NOMBRE: TypeFormule.NOMBRE,
    Nature.TEXTE: TypeFormule.TEXTE,
    Nature.CHOIX: TypeFormule.TEXTE,
    Nature.LIEU: TypeFormule.TEXTE,
    Nature.BOOLEEN: TypeFormule.BOOLEEN,
    Nature.DATE: TypeFormule.DATE,
    Nature.CHOIX_MULTIPLE: TypeFormule.CHOIX,
    Nature.LIGNES: TypeFormule.LIGNES,
}


def type_of_nature(nature: Nature, *, en_colonne: bool = False) -> TypeFormule | None:
    """Rend le type d’un champ dans une formule ; None s’il ne peut pas y servir.

    `en_colonne` : le champ est dans un bloc et la formule est dehors.
    """
    if en_colonne:
        return TypeFormule.NOMBRES if nature is Nature.NOMBRE else None
    return _PAR_NATURE.get(nature)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironnementTypes:
    """Ce que les noms d’une formule désignent.

    Attributes:
        types: identifiant de champ → type.
        baremes: identifiants des barèmes.
        options: identifiant d’un champ de choix → identifiants de ses options.
        muets: champs qui existent mais ne peuvent pas tous servir dans une formule.
    """

    types: Mapping[str, TypeFormule]
    baremes: frozenset[str] = frozenset()
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)
    muets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fonction:
    """Signature : types attendus (le dernier se répète si `repete`), résultat, mode d’emploi."""

    attendus: tuple[TypeFormule | None, ...]
    resultat: TypeFormule | None
    emploi: str
    repete: bool = False
    minimum: int | None = None

    def accept_nombre(self, nombre: int) -> bool:
        minimum = len(self.attendus) if self.minimum is None else self.minimum
        return nombre >= minimum and (self.repete or nombre <= len(self.attendus))

    def expect(self, rang: int) -> TypeFormule | None:
        return self.attendus[min(rang, len(self.attendus) - 1)]


_N, _T, _B, _D = TypeFormule.NOMBRE, TypeFormule.TEXTE, TypeFormule.BOOLEEN, TypeFormule.DATE
FONCTIONS: dict[str, Fonction] = {
    "SI": Fonction((_B, None, None), None, "SI(condition ; valeur si oui ; valeur si non)"),
    "ET": Fonction((_B,), _B, "ET(condition ; condition…)", repete=True),
    "OU": Fonction((_B,), _B, "OU(condition ; condition…)", repete=True),
    "NON": Fonction((_B,), _B, "NON(condition)"),
    "MIN": Fonction((_N,), _N, "MIN(nombre ; nombre…) ou MIN(colonne d’un bloc)", repete=True),
    "MAX": Fonction((_N,), _N, "MAX(nombre ; nombre…) ou MAX(colonne d’un bloc)", repete=True),
    "SOMME": Fonction((_N,), _N, "SOMME(nombre ; nombre…) ou SOMME(colonne)", repete=True),
    "ARRONDI": Fonction((_N, _N), _N, "ARRONDI(nombre ; décimales)", minimum=1),
    "ENTIER": Fonction((_N,), _N, "ENTIER(nombre), arrondi à l’entier inférieur"),
    "ABS": Fonction((_N,), _N, "ABS(nombre), sans son signe"),
    "AGE": Fonction((_D,), _N, "AGE(date), en années révolues"),
    "AUJOURDHUI": Fonction((), _D, "AUJOURDHUI(), le jour de la demande"),
    "NB": Fonction((TypeFormule.LIGNES,), _N, "NB(bloc), nombre de lignes"),
    "CONTIENT": Fonction((TypeFormule.CHOIX, _T), _B, 'CONTIENT(choix multiple ; "option")'),
    "DEFAUT": Fonction((None, None), None, "DEFAUT(champ ; valeur si le champ est vide)"),
    "BAREME": Fonction((TypeFormule.BAREME, _N), _N, "BAREME(table ; nombre)"),
}
_COLONNES = frozenset({"MIN", "MAX", "SOMME"})


def check_formule(
    formule: str, environnement: EnvironnementTypes
) -> tuple[TypeFormule | None, list[ErreurFormule]]:
    """Vérifie une formule : son type (None s’il est inconnu) et toutes ses erreurs."""
    try:
        noeud = parse_formule(formule)
    except ErreurFormule as erreur:
        return None, [erreur]
    typage = _Typage(environnement)
    resultat = typage.type_noeud(noeud)
    if resultat in (TypeFormule.NOMBRES, TypeFormule.LIGNES, TypeFormule.CHOIX, TypeFormule.BAREME):
        typage.refuse(noeud, f"Le résultat est {resultat} ; il faut une seule valeur.")
    return resultat, typage.erreurs


class _Typage:
    def __init__(self, environnement: EnvironnementTypes) -> None:
        self.environnement = environnement
        self.erreurs: list[ErreurFormule] = []

    def refuse(self, noeud: Noeud, raison: str) -> None:
        self.erreurs.append(ErreurFormule(noeud.position, raison))

    def type_noeud(self, noeud: Noeud) -> TypeFormule | None:
        if isinstance(noeud, Constante):
            if isinstance(noeud.valeur, bool):
                return _B
            return _T if isinstance(noeud.valeur, str) else _N
        if isinstance(noeud, Nom):
            return self.type_nom(noeud)
        if isinstance(noeud, Operation):
            return self.type_operation(noeud)
        return self.type_appel(noeud)

    def type_nom(self, noeud: Nom) -> TypeFormule | None:
        if noeud.nom in self.environnement.baremes:
            return TypeFormule.BAREME
        trouve = self.environnement.types.get(noeud.nom)
        if trouve is None and noeud.nom in self.environnement.muets:
            self.refuse(noeud, f"« {noeud.nom} » ne peut pas servir dans cette formule.")
        elif trouve is None:
            connus = [*self.environnement.types, *self.environnement.baremes]
            self.refuse(noeud, f"« {noeud.nom} » n’existe pas ici.{_suggest(noeud.nom, connus)}")
        return trouve

    def type_operation(self, noeud: Operation) -> TypeFormule | None:
        droite = self.type_noeud(noeud.droite)
        gauche = self.type_noeud(noeud.gauche) if noeud.gauche is not None else _N
        if noeud.signe in COMPARAISONS:
            self.check_comparaison(noeud, gauche, droite)
            return _B
        for cote, trouve in ((noeud.gauche, gauche), (noeud.droite, droite)):
            if cote is not None and trouve not in (None, _N):
                self.refuse(cote, f"« {noeud.signe} » attend un nombre, ceci est {trouve}.")
        if noeud.signe == "/" and isinstance(noeud.droite, Constante) and not noeud.droite.valeur:
            self.refuse(noeud.droite, "On ne peut pas diviser par zéro.")
        return _N

    def check_comparaison(
        self, noeud: Operation, gauche: TypeFormule | None, droite: TypeFormule | None
    ) -> None:
        if gauche is None or droite is None:
            return
        if gauche != droite or gauche not in (_N, _T, _B, _D):
            self.refuse(noeud, f"On ne compare pas {gauche} avec {droite}.")
        elif noeud.signe not in ("=", "<>") and gauche not in (_N, _D):
            self.refuse(noeud, f"« {noeud.signe} » ne s’applique qu’aux nombres et aux dates.")
        for nom, constante in ((noeud.gauche, noeud.droite), (noeud.droite, noeud.gauche)):
            self.check_option(nom, constante)

    def check_option(self, nom: Noeud | None, constante: Noeud | None) -> None:
        if not isinstance(nom, Nom) or not isinstance(constante, Constante):
            return
        options = self.environnement.options.get(nom.nom)
        if options is not None and constante.valeur not in options:
            connues = [o for o in options if isinstance(constante.valeur, str)]
            indice = _suggest(str(constante.valeur), connues)
            self.refuse(constante, f"« {constante.valeur} » n’est pas une option.{indice}")

    def type_appel(self, noeud: Appel) -> TypeFormule | None:
        fonction = FONCTIONS.get(noeud.fonction)
        trouves = [self.type_noeud(argument) for argument in noeud.arguments]
        if fonction is None:
            indice = _suggest(noeud.fonction, list(FONCTIONS))
            self.refuse(noeud, f"La fonction « {noeud.fonction} » n’existe pas.{indice}")
            return None
        if not fonction.accept_nombre(len(trouves)):
            self.refuse(noeud, f"Mode d’emploi : {fonction.emploi}.")
            return fonction.resultat
        if noeud.fonction in _COLONNES and trouves == [TypeFormule.NOMBRES]:
            return _N
        self.check_arguments(noeud, fonction, trouves)
        return _RESULTATS.get(noeud.fonction, _fixe)(self, noeud, trouves) or fonction.resultat

    def check_arguments(
        self, noeud: Appel, fonction: Fonction, trouves: Sequence[TypeFormule | None]
    ) -> None:
        for rang, (argument, trouve) in enumerate(zip(noeud.arguments, trouves, strict=True)):
            attendu = fonction.expect(rang)
            if trouve is not None and attendu is not None and trouve != attendu:
                self.refuse(
                    argument,
                    f"{noeud.fonction} attend {attendu} ici, ceci est {trouve}. "
                    f"Mode d’emploi : {fonction.emploi}.",
                )

    def unify(self, noeud: Appel, branches: Sequence[TypeFormule | None]) -> TypeFormule | None:
        """SI et DEFAUT rendent le type commun de leurs deux valeurs."""
        gauche, droite = branches
        if gauche is not None and droite is not None and gauche != droite:
            self.refuse(noeud, f"Les deux valeurs diffèrent : {gauche} et {droite}.")
        return gauche or droite


def _fixe(
    typage: _Typage, noeud: Appel, trouves: Sequence[TypeFormule | None]
) -> TypeFormule | None:
    return None


def _unify_si(
    typage: _Typage, noeud: Appel, trouves: Sequence[TypeFormule | None]
) -> TypeFormule | None:
    return typage.unify(noeud, trouves[1:])


def _unify_defaut(
    typage: _Typage, noeud: Appel, trouves: Sequence[TypeFormule | None]
) -> TypeFormule | None:
    return typage.unify(noeud, trouves)


def _check_contient(
    typage: _Typage, noeud: Appel, trouves: Sequence[TypeFormule | None]
) -> TypeFormule | None:
    typage.check_option(noeud.arguments[0], noeud.arguments[1])
    return None


def _check_decimales(
    typage: _Typage, noeud: Appel, trouves: Sequence[TypeFormule | None]
) -> TypeFormule | None:
    if len(noeud.arguments) == 2:
        decimales = noeud.arguments[1]
        if not isinstance(decimales, Constante) or decimales.valeur not in range(7):
            typage.refuse(decimales, "Le nombre de décimales s’écrit en chiffres, de 0 à 6.")
    return None


_RESULTATS: dict[
    str, Callable[[_Typage, Appel, Sequence[TypeFormule | None]], TypeFormule | None]
] = {
    "SI": _unify_si,
    "DEFAUT": _unify_defaut,
    "CONTIENT": _check_contient,
    "ARRONDI": _check_decimales,
}


def _suggest(nom: str, connus: Sequence[str]) -> str:
    proches = difflib.get_close_matches(nom, connus[:500], n=1, cutoff=0.6)
    return f" Vouliez-vous dire « {proches[0]} » ?" if proches else ""
