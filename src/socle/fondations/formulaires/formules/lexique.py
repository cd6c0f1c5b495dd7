"""Découpe une formule en mots. Chaque mot garde sa position, pour dire où est l’erreur."""

import re
from dataclasses import dataclass

LONGUEUR_MAX = 1000


class ErreurFormule(ValueError):
    """Une faute dans une formule.

    Attributes:
        position: rang du caractère fautif, à partir de 1.
        raison: phrase en français.
    """

    def __init__(self, position: int, raison: str) -> None:
        self.position = position
        self.raison = raison
        super().__init__(f"{raison} (caractère {position})")


@dataclass(frozen=True, slots=True)
class Mot:
    genre: str  # nombre, texte, nom, signe, fin
    texte: str
    position: int


_MOTIF = re.compile(
    r"(?P<blanc>\s+)"
    r"|(?P<nombre>(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+)(?:[.,]\d+)?)"
    r'|(?P<texte>"[^"\n]{0,200}")'
    r"|(?P<nom>[^\W\d]\w*)"
    r"|(?P<signe><=|>=|<>|!=|[-+*/×÷−=<>≤≥≠();,])"
)
_SIGNES = {"×": "*", "÷": "/", "−": "-", "≤": "<=", "≥": ">=", "≠": "<>", "!=": "<>"}
_BLANCS = re.compile(r"\s")


def read_mots(formule: str) -> list[Mot]:
    """Rend les mots d’une formule, terminés par un mot « fin ».

    La virgule entre deux chiffres est décimale, sauf dans les parenthèses d’une fonction sans
    point-virgule : « MIN(1,5) » y serait ambigu, et il est refusé.

    Raises:
        ErreurFormule: caractère inconnu, formule trop longue, virgule ambiguë.
    """
    if len(formule) > LONGUEUR_MAX:
        raise ErreurFormule(LONGUEUR_MAX, f"Une formule a {LONGUEUR_MAX} caractères au plus.")
    mots: list[Mot] = []
    fonctions: list[bool] = []
    claires = _find_claires(formule)
    position = 0
    while position < len(formule):
        trouve = _MOTIF.match(formule, position)
        if trouve is None:
            raise ErreurFormule(position + 1, f"Le caractère « {formule[position]} » est inconnu.")
        genre, texte = str(trouve.lastgroup), trouve.group()
        if genre != "blanc":
            mots.append(_make_mot(genre, texte, position + 1, dans_fonction=any(fonctions[-1:])))
            _follow_parentheses(mots, fonctions, claires)
        position = trouve.end()
    mots.append(Mot("fin", "", len(formule) + 1))
    return mots


def _make_mot(genre: str, texte: str, position: int, *, dans_fonction: bool) -> Mot:
    if genre == "nombre":
        if "," in texte and dans_fonction:
            avant, apres = texte.split(",")
            raise ErreurFormule(
                position + len(avant),
                f"« {texte} » est ambigu dans une fonction : écrivez « {avant}.{apres} » pour un "
                f"nombre, « {avant} ; {apres} » pour deux éléments.",
            )
        return Mot(genre, _BLANCS.sub("", texte).replace(",", "."), position)
    if genre == "texte":
        return Mot(genre, texte[1:-1], position)
    return Mot(genre, _SIGNES.get(texte, texte), position)


def _follow_parentheses(mots: list[Mot], fonctions: list[bool], claires: set[int]) -> None:
    """Tient la pile des parenthèses ouvertes : vrai là où une virgule serait ambiguë."""
    mot = mots[-1]
    if mot.genre == "signe" and mot.texte == "(":
        fonction = len(mots) > 1 and mots[-2].genre == "nom"
        fonctions.append(fonction and mot.position not in claires)
    elif mot.genre == "signe" and mot.texte == ")" and fonctions:
        fonctions.pop()


def _find_claires(formule: str) -> set[int]:
    """Rend la position des parenthèses qui séparent leurs éléments par des points-virgules."""
    claires: set[int] = set()
    ouvertes: list[int] = []
    dans_texte = False
    for position, signe in enumerate(formule, 1):
        if signe == '"':
            dans_texte = not dans_texte
        elif dans_texte:
            continue
        elif signe == "(":
            ouvertes.append(position)
        elif signe == ")" and ouvertes:
            ouvertes.pop()
        elif signe == ";" and ouvertes:
            claires.add(ouvertes[-1])
    return claires
