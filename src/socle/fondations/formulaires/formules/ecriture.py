"""Écriture d’un calcul : ce que la personne lit sous « Comment ce calcul est fait »."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from socle.fondations.commun.textes import format_jour
from socle.fondations.formulaires.definition import Bareme
from socle.fondations.formulaires.formules.syntaxe import Appel, Constante, Noeud, Nom
from socle.fondations.formulaires.textes import format_nombre
from socle.fondations.formulaires.valeurs import Valeur, Valeurs

_SIGNES = {"*": "×", "/": "÷", "-": "−", "<>": "≠", "<=": "≤", ">=": "≥"}
_FORCES = {"*": 2, "/": 2, "+": 1, "-": 1}
_MOTS = {
    "MIN": "le plus petit de",
    "MAX": "le plus grand de",
    "SOMME": "la somme de",
    "ARRONDI": "l’arrondi de",
    "ENTIER": "la partie entière de",
    "ABS": "la valeur sans signe de",
    "NB": "le nombre de lignes de",
    "NON": "le contraire de",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Etape:
    """Une ligne du détail : « Nombre de parts » et « 1,5 », ou « 21 600 € ÷ 12 ÷ 1,5 » et
    « 1 200 € ».

    Attributes:
        libelle: donnée lue ou opération faite.
        valeur: résultat écrit avec son unité.
        source: d’où vient la donnée, ou l’acte qui fixe le barème ; vide sinon.
        champ: identifiant du champ lu ; vide pour une opération.
    """

    libelle: str
    valeur: str
    source: str = ""
    champ: str = ""

    @property
    def phrase(self) -> str:
        """Rend la ligne en une phrase : « 21 600 € ÷ 12 ÷ 1,5 = 1 200 € »."""
        return (
            f"{self.libelle} : {self.valeur}" if self.champ else f"{self.libelle} = {self.valeur}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Libelles:
    """Libellé, unité et provenance de chaque champ, pour écrire les étapes."""

    libelles: Mapping[str, str] = field(default_factory=dict)
    unites: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def make_entree(self, champ: str, valeur: Valeur) -> Etape:
        """Rend l’étape qui montre une donnée lue."""
        return Etape(
            libelle=self.libelles.get(champ, champ),
            valeur=self.write(champ, valeur),
            source=self.sources.get(champ, ""),
            champ=champ,
        )

    def write(self, champ: str, valeur: Valeur) -> str:
        """Écrit la valeur d’un champ avec son unité, ou le libellé de l’option choisie."""
        options = self.options.get(champ, {})
        if isinstance(valeur, frozenset):
            return ", ".join(sorted(options.get(v, v) for v in valeur))
        if isinstance(valeur, str):
            return options.get(valeur, valeur)
        return write_valeur(valeur, self.unites.get(champ, ""))


class ContexteEcriture(Protocol):
    @property
    def valeurs(self) -> Valeurs: ...
    @property
    def baremes(self) -> Mapping[str, Bareme]: ...
    @property
    def libelles(self) -> Libelles: ...


def write_valeur(valeur: Valeur, unite: str = "") -> str:
    """Écrit une valeur typée en français."""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, Decimal):
        return format_nombre(valeur, unite)
    if isinstance(valeur, date):
        return format_jour(valeur)
    return "" if valeur is None else str(valeur)


def write_expression(
    noeud: Noeud, contexte: ContexteEcriture, resultats: Mapping[int, Valeur], force: int = 0
) -> str:
    """Écrit une expression en remplaçant chaque champ par sa valeur.

    Args:
        resultats: valeur des appels de fonction déjà calculés, par `id` du nœud.
        force: priorité de l’opération qui entoure, pour ne mettre que les parenthèses utiles.
    """
    if isinstance(noeud, Constante):
        return write_valeur(noeud.valeur)
    if isinstance(noeud, Nom):
        return contexte.libelles.write(noeud.nom, contexte.valeurs.get(noeud.nom))
    if isinstance(noeud, Appel):
        return _write_appel(noeud, contexte, resultats)
    propre = _FORCES.get(noeud.signe, 0)
    signe = _SIGNES.get(noeud.signe, noeud.signe)
    droite = write_expression(noeud.droite, contexte, resultats, propre + 1)
    if noeud.gauche is None:
        texte = f"−{droite}"
    else:
        gauche = write_expression(noeud.gauche, contexte, resultats, propre)
        texte = f"{gauche} {signe} {droite}"
    return f"({texte})" if propre < force else texte


def _write_appel(noeud: Appel, contexte: ContexteEcriture, resultats: Mapping[int, Valeur]) -> str:
    """Écrit un appel par ses mots s’il est simple, par son résultat s’il a déjà son étape."""
    mots = _MOTS.get(noeud.fonction)
    if mots is None:
        return write_valeur(resultats.get(id(noeud)))
    arguments = noeud.arguments[:1] if noeud.fonction == "ARRONDI" else noeud.arguments
    if noeud.fonction == "NB" or any(_is_colonne(a, contexte) for a in arguments):
        noms = [
            contexte.libelles.libelles.get(a.nom, a.nom) for a in arguments if isinstance(a, Nom)
        ]
        return f"{mots} « {' », « '.join(noms)} »"
    ecrits = [write_expression(a, contexte, resultats) for a in arguments]
    return f"{mots} {' et '.join(ecrits)}"


def _is_colonne(noeud: Noeud, contexte: ContexteEcriture) -> bool:
    return isinstance(noeud, Nom) and noeud.nom not in contexte.valeurs


def describe_tranche(bareme: Bareme, rang: int) -> str:
    """Décrit une tranche : « Tranche 4, plus de 800 € et jusqu’à 1 000 € »."""
    nom = f"Tranche {rang + 1}"
    basse = bareme.tranches[rang - 1].jusqu_a if rang else None
    haute = bareme.tranches[rang].jusqu_a
    bornes = []
    if basse is not None:
        mots = "plus de" if bareme.borne_incluse else "à partir de"
        bornes.append(f"{mots} {format_nombre(basse, bareme.unite)}")
    if haute is not None:
        mots = "jusqu’à" if bareme.borne_incluse else "moins de"
        bornes.append(f"{mots} {format_nombre(haute, bareme.unite)}")
    return f"{nom}, {' et '.join(bornes)}" if bornes else nom
