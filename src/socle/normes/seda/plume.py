"""Écriture XML en flux : un élément par ligne, sans arbre en mémoire."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import StrEnum
from types import TracebackType
from typing import Self

# Caractères interdits par XML 1.0 : ils seraient refusés par tout lecteur.
INTERDITS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_A_CHANGER = re.compile('[&<>"\r\n\t\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')
_NOM_XML = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
_TEXTE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUT = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;",
     "\t": "&#9;"}
)  # fmt: skip


class Plume:
    """Écrit des éléments XML, indentés, par appels à `ecrire(texte)`.

    Une plume est aussi le contexte de l’élément qu’elle vient d’ouvrir : `with element(…)`
    n’alloue rien, ce qui compte quand un versement a cent mille unités.
    """

    __slots__ = ("_ecrire", "_marge", "_ouverts")

    def __init__(self, ecrire: Callable[[str], object]) -> None:
        """`ecrire` reçoit des morceaux de texte, dans l’ordre."""
        self._ecrire = ecrire
        self._marge = ""
        self._ouverts: list[str] = []

    def element(self, nom: str, **attributs: str) -> Self:
        """Ouvre un élément qui en contient d’autres ; le bloc `with` le ferme."""
        suite = _attributs(attributs) if attributs else ""
        self._ecrire(f"{self._marge}<{nom}{suite}>\n")
        self._marge += "  "
        self._ouverts.append(nom)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        genre: type[BaseException] | None,
        erreur: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._marge = self._marge[2:]
        nom = self._ouverts.pop()
        if genre is None:
            self._ecrire(f"{self._marge}</{nom}>\n")

    def feuille(self, nom: str, valeur: object, **attributs: str) -> None:
        """Écrit `<nom>valeur</nom>` ; rien si la valeur est None ou vide."""
        if valeur is None or valeur == "":
            return
        texte = valeur.strip() if type(valeur) is str else to_texte(valeur)
        if not texte:
            return
        if _A_CHANGER.search(texte):
            texte = INTERDITS.sub("\ufffd", texte).translate(_TEXTE)
        suite = _attributs(attributs) if attributs else ""
        self._ecrire(f"{self._marge}<{nom}{suite}>{texte}</{nom}>\n")

    def feuilles(self, nom: str, valeurs: Iterable[object]) -> None:
        """Écrit une feuille par valeur."""
        for valeur in valeurs:
            self.feuille(nom, valeur)


def to_texte(valeur: object) -> str:
    """Donne la forme XML d’une valeur : dates ISO 8601 à la seconde, booléens en minuscules.

    Raises:
        ValueError: instant sans fuseau, dont personne ne saurait dire l’heure dans dix ans.
    """
    if valeur is None:
        return ""
    if isinstance(valeur, StrEnum):
        return valeur.value
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    if isinstance(valeur, datetime):
        if valeur.tzinfo is None:
            raise ValueError(f"L’instant {valeur.isoformat()} n’a pas de fuseau horaire.")
        return valeur.isoformat(timespec="seconds")
    if isinstance(valeur, date):
        return valeur.isoformat()
    return str(valeur).strip()


def check_nom_xml(identifiant: str) -> str:
    """Rend l’identifiant s’il peut servir d’attribut `id` ; sinon lève ValueError."""
    if not _NOM_XML.fullmatch(identifiant):
        raise ValueError(f"« {identifiant} » n’est pas un identifiant XML.")
    return identifiant


def _attributs(attributs: dict[str, str]) -> str:
    texte = ""
    for nom, brut in attributs.items():
        valeur = brut
        if _A_CHANGER.search(brut):
            valeur = INTERDITS.sub("\ufffd", brut).translate(_ATTRIBUT)
        texte += f' {nom}="{valeur}"'
    return texte
