"""Retrouver la place d’une valeur dans un texte JSON, sans le lire une seconde fois en objets."""

import re
from collections.abc import Iterable
from json import decoder
from typing import Any

from socle.normes.decp.rapport import Chemin

_JETON = re.compile(r'[ \t\r\n]*([{}\[\]:,"]|[^\s{}\[\]:,"]+)')
_VOULU = object()
_read_chaine: Any = decoder.scanstring  # type: ignore[attr-defined]  # en C, absent des types


def find_lignes(texte: str, chemins: Iterable[Chemin]) -> dict[Chemin, int]:
    """Rend la ligne de chaque chemin trouvé ; `texte` est un JSON déjà reconnu bien formé."""
    return {chemin: ligne for chemin, (ligne, _) in find_places(texte, chemins).items()}


def find_places(texte: str, chemins: Iterable[Chemin]) -> dict[Chemin, tuple[int, int]]:
    """Comme `find_lignes`, avec le rang du premier signe de la valeur.

    Une clé répétée donne la place de la dernière, celle que la lecture retient.
    """
    arbre: dict[Any, Any] = {}
    for chemin in chemins:
        branche = arbre
        for pas in chemin:
            branche = branche.setdefault(pas, {})
        branche[_VOULU] = chemin
    return _Balayage(texte, arbre).run()


def find_fin(texte: str, debut: int) -> int:
    """Rend le rang qui suit une valeur simple, texte, nombre ou mot, commencée à `debut`."""
    if texte[debut] == '"':
        return int(_read_chaine(texte, debut + 1, True)[1])
    jeton = _JETON.match(texte, debut)
    return jeton.end(1) if jeton else debut


class _Balayage:
    """Suit les jetons ; ne garde des branches que celles où quelque chose est cherché."""

    def __init__(self, texte: str, arbre: dict[Any, Any]) -> None:
        self.texte, self.arbre = texte, arbre
        self.places: dict[Chemin, tuple[int, int]] = {}
        self.pile: list[list[Any]] = []  # [est un objet, clé ou rang, branche]
        self.compte, self.vu = 1, 0
        self.cle = False

    def run(self) -> dict[Chemin, tuple[int, int]]:
        position, longueur = 0, len(self.texte)
        while position < longueur:
            jeton = _JETON.match(self.texte, position)
            if not jeton:
                break
            position = self._follow(jeton[1], jeton.start(1), jeton.end(1))
        return self.places

    def _follow(self, signe: str, debut: int, fin: int) -> int:
        if signe == '"':
            valeur, fin = _read_chaine(self.texte, fin, True)
            if self.cle:
                self.pile[-1][1] = valeur
            else:
                self._meet(debut)
        elif signe == ":":
            self.cle = False
        elif signe == ",":
            self._advance()
        elif signe in "]}":
            self.pile.pop()
            self.cle = False
        else:
            self._open(signe, debut)
        return fin

    def _advance(self) -> None:
        sommet = self.pile[-1]
        if sommet[0]:
            self.cle = True
        else:
            sommet[1] += 1

    def _open(self, signe: str, debut: int) -> None:
        branche = self._meet(debut)
        if signe in "[{":
            objet = signe == "{"
            self.pile.append([objet, None if objet else 0, branche])
            self.cle = objet

    def _meet(self, debut: int) -> dict[Any, Any] | None:
        """Une valeur commence : note sa ligne si elle est cherchée."""
        branche: dict[Any, Any] | None = self.arbre
        if self.pile:
            _objet, pas, parent = self.pile[-1]
            branche = parent.get(pas) if parent else None
        if branche and _VOULU in branche:
            self.compte += self.texte.count("\n", self.vu, debut)
            self.vu = debut
            self.places[branche[_VOULU]] = (self.compte, debut)
        return branche
