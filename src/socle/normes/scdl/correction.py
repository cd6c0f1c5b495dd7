"""Corriger ce qui n’a qu’une bonne réponse, et dire chaque changement.

Espaces autour, date à la française, virgule décimale, espaces d’un nombre ou d’un SIRET, casse
d’une valeur de liste ou d’un titre, séparateur, encodage, lignes vides, cellules vides en trop.
Rien n’est deviné : une valeur n’est changée que si la nouvelle convient et que l’ancienne ne
convenait pas.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from socle.normes.scdl.classeurs import is_classeur, open_classeur
from socle.normes.scdl.errors import FichierInutilisable
from socle.normes.scdl.francais import fold
from socle.normes.scdl.lots import read_lignes
from socle.normes.scdl.messages import guess_jour, guess_nombre
from socle.normes.scdl.motifs import compile_motif
from socle.normes.scdl.schema import Champ, Schema
from socle.normes.scdl.source import find_octet_abime, read_forme
from socle.normes.scdl.valeurs import build_lecteur

CACHE_MAX = 50_000  # valeurs retenues par colonne
CHANGEMENTS_MAX = 100_000  # gardés ; les suivants sont comptés
_BORDS = " \t\r\n\u00a0\u202f\ufeff\u200b"
_SEPARES = re.compile(r"[\s\u00a0\u202f.\-]")
NOMS = {
    "espaces": "espaces ôtés autour",
    "date": "date mise au format AAAA-MM-JJ",
    "nombre": "nombre écrit avec un point et sans espace",
    "chiffres": "espaces ôtés entre les chiffres",
    "casse": "valeur écrite comme dans la liste",
    "titre": "titre de colonne écrit comme dans le schéma",
    "ligne-vide": "ligne vide retirée",
    "cellules-vides": "cellules vides en trop retirées",
    "encodage": "texte récrit en UTF-8",
    "separateur": "colonnes séparées par une virgule",
}


@dataclass(frozen=True, slots=True)
class Changement:
    """Une correction : `ligne` est celle du fichier d’origine, l’en-tête étant 1."""

    ligne: int
    champ: str | None
    code: str
    avant: str = ""
    apres: str = ""

    @property
    def message(self) -> str:
        if not self.avant and not self.apres:
            return f"{NOMS[self.code].capitalize()}."
        return f"« {self.avant[:80]} » devient « {self.apres[:80]} » : {NOMS[self.code]}."

    def to_json(self) -> dict[str, Any]:
        return {
            "ligne": self.ligne,
            "champ": self.champ,
            "code": self.code,
            "avant": self.avant,
            "apres": self.apres,
            "message": self.message,
        }


class Changements(list[Changement]):
    """Les cent mille premiers changements, dans l’ordre du fichier ; `nombre` les compte tous."""

    nombre = 0

    def note(
        self, ligne: int, champ: str | None, code: str, avant: str = "", apres: str = ""
    ) -> None:
        """Ajoute un changement, ou le compte seulement."""
        self.nombre += 1
        if self.nombre <= CHANGEMENTS_MAX:
            self.append(Changement(ligne, champ, code, avant, apres))


def correct_fichier(
    entree: BinaryIO,
    sortie: BinaryIO,
    schema: Schema,
    *,
    avance: Callable[[int], None] | None = None,
) -> Changements:
    """Écrit dans `sortie` le fichier corrigé : CSV, UTF-8, virgules, fins de ligne CRLF.

    Returns:
        les changements, dans l’ordre du fichier.

    Raises:
        FichierInutilisable: le fichier ne se lit pas comme un tableau.
    """
    changements = Changements()
    entete, lignes = _open(entree, schema, changements)
    titres = _correct_titres(entete, schema, changements)
    texte = io.TextIOWrapper(sortie, encoding="utf-8", newline="", write_through=False)
    plume = csv.writer(texte, lineterminator="\r\n")
    plume.writerow(titres)
    champs = {champ.nom: champ for champ in schema.champs}
    correcteurs = [_Correcteur(champs.get(titre)) for titre in titres]
    for numero, ligne in enumerate(lignes, 2):
        if not ligne or not any(cellule.strip(_BORDS) for cellule in ligne):
            changements.note(numero, None, "ligne-vide")
            continue
        plume.writerow(_correct_ligne(ligne, numero, titres, correcteurs, changements))
        if avance and numero % 20_000 == 0:
            avance(numero)
    texte.flush()
    texte.detach()
    return changements


def _open(
    flux: BinaryIO, schema: Schema, changements: Changements
) -> tuple[Sequence[str], Iterator[list[str]]]:
    if is_classeur(flux):
        _, lignes = open_classeur(flux)
        return next(lignes, []), lignes
    forme = read_forme(flux, [champ.nom for champ in schema.champs])
    if not forme.encodage.startswith("utf-"):
        _check_encodage(flux)
    if not forme.encodage.startswith("utf-8"):
        changements.note(1, None, "encodage", forme.encodage, "utf-8")
    if forme.separateur != ",":
        changements.note(1, None, "separateur", forme.separateur, ",")
    return forme.entete, read_lignes(flux, forme)


def _check_encodage(flux: BinaryIO) -> None:
    """Refuse un fichier en UTF-8 à quelques octets près : le récrire en gâterait les accents."""
    if ligne := find_octet_abime(flux):
        raise FichierInutilisable(
            f"Ce fichier est en UTF-8, sauf des octets abîmés (le premier, ligne {ligne}) : le "
            "corriger changerait ses accents. Réparez cette ligne, ou refaites l’export en UTF-8.",
            code="encoding-error",
        )


def _correct_titres(entete: Sequence[str], schema: Schema, changements: Changements) -> list[str]:
    noms = {fold(champ.nom): champ.nom for champ in schema.champs}
    presents, titres = set(entete), []
    for titre in entete:
        juste = noms.get(fold(titre.strip(_BORDS)), titre)
        if juste != titre and juste not in presents:
            changements.note(1, juste, "titre", titre, juste)
            presents.add(juste)
            titres.append(juste)
        else:
            titres.append(titre)
    return titres


def _correct_ligne(
    ligne: list[str],
    numero: int,
    titres: list[str],
    correcteurs: "list[_Correcteur]",
    changements: Changements,
) -> list[str]:
    surplus = ligne[len(titres) :]
    if surplus and not any(cellule.strip(_BORDS) for cellule in surplus):
        changements.note(numero, None, "cellules-vides")
        ligne = ligne[: len(titres)]
    juste = list(ligne)
    for rang, (cellule, correcteur) in enumerate(zip(ligne, correcteurs, strict=False)):
        code, valeur = correcteur.correct(cellule)
        if code:
            juste[rang] = valeur
            changements.note(numero, titres[rang], code, cellule, valeur)
    return juste


class _Correcteur:
    """Corrige les cellules d’une colonne ; se souvient des valeurs déjà vues."""

    def __init__(self, champ: Champ | None) -> None:
        self.champ, self.vues = champ, dict[str, tuple[str, str]]()
        self.lecteur = build_lecteur(champ) if champ else None
        motif = champ.contraintes.get("pattern") if champ and champ.type == "string" else None
        self.suit = None if motif is None else compile_motif(motif)

    def correct(self, cellule: str) -> tuple[str, str]:
        """Rend (code, valeur) ; code vide si rien ne change."""
        if cellule in self.vues:
            return self.vues[cellule]
        rendu = self._find(cellule)
        if len(self.vues) < CACHE_MAX:
            self.vues[cellule] = rendu
        return rendu

    def _find(self, cellule: str) -> tuple[str, str]:
        nue = cellule.strip(_BORDS)
        if self._accepts(nue):
            return ("espaces", nue) if nue != cellule else ("", cellule)
        for code, essai in self._list_essais(nue):
            if essai and essai != cellule and self._accepts(essai):
                return code, essai
        # « 202 » et une espace est une année pour Validata, « 202 » n’en est pas une.
        garde = nue == cellule or self._accepts(cellule)
        return ("", cellule) if garde else ("espaces", nue)

    def _list_essais(self, cellule: str) -> Iterator[tuple[str, str]]:
        champ = self.champ
        if champ is None:
            return
        if champ.type == "date" and champ.format in {"default", "%Y-%m-%d"}:
            yield "date", guess_jour(cellule)
        if champ.type in {"number", "integer"}:
            yield "nombre", guess_nombre(cellule)
        if champ.type == "string" and champ.contraintes.get("pattern"):
            serre = _SEPARES.sub("", cellule)
            yield "chiffres", serre if serre.isdigit() else ""
        permises = champ.contraintes.get("enum") or ()
        if champ.type == "boolean":
            permises = (*champ.vrais, *champ.faux)
        proches = [valeur for valeur in permises if fold(str(valeur)) == fold(cellule)]
        yield "casse", str(proches[0]) if len(proches) == 1 else ""

    def _accepts(self, cellule: str) -> bool:
        champ = self.champ
        if champ is None or self.lecteur is None or not cellule:
            return True
        contraintes = champ.contraintes
        if self.lecteur(cellule) is None:
            return False
        if champ.type == "string" and (
            ("enum" in contraintes and cellule not in contraintes["enum"])
            or len(cellule) < (contraintes.get("minLength") or 0)
        ):
            return False
        return self.suit is None or self.suit(cellule)
