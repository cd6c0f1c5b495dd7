"""Écriture XML en flux : un élément par ligne, sans arbre en mémoire."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from xml.sax.saxutils import escape

# Caractères interdits par XML 1.0 : ils seraient refusés par tout lecteur.
_INTERDITS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOM_XML = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
_GUILLEMETS = {'"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


class Plume:
    """Écrit des éléments XML, indentés, par appels à `ecrire(texte)`."""

    def __init__(self, ecrire: Callable[[str], object]) -> None:
        """`ecrire` reçoit des morceaux de texte, dans l’ordre."""
        self._ecrire = ecrire
        self._profondeur = 0

    @contextmanager
    def element(self, nom: str, **attributs: str) -> Iterator[None]:
        """Ouvre un élément qui en contient d’autres, et le ferme à la sortie du bloc."""
        marge = "  " * self._profondeur
        self._ecrire(f"{marge}<{nom}{_attributs(attributs)}>\n")
        self._profondeur += 1
        yield
        self._profondeur -= 1
        self._ecrire(f"{marge}</{nom}>\n")

    def feuille(self, nom: str, valeur: object, **attributs: str) -> None:
        """Écrit `<nom>valeur</nom>` ; rien si la valeur est None ou vide."""
        texte = to_texte(valeur)
        if texte:
            marge = "  " * self._profondeur
            self._ecrire(f"{marge}<{nom}{_attributs(attributs)}>{_echappe(texte)}</{nom}>\n")

    def feuilles(self, nom: str, valeurs: tuple[object, ...]) -> None:
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


def _echappe(texte: str) -> str:
    return escape(_INTERDITS.sub("\ufffd", texte), {"\r": "&#13;"})


def _attributs(attributs: dict[str, str]) -> str:
    if not attributs:
        return ""
    return "".join(
        f' {nom}="{escape(_INTERDITS.sub(chr(0xFFFD), valeur), _GUILLEMETS)}"'
        for nom, valeur in attributs.items()
    )
