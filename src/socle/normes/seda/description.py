"""Un versement décrit en JSON : les champs du modèle, et un fichier par unité.

Les clés sont celles des classes de `modele` ; les dates sont en AAAA-MM-JJ ou ISO 8601. Une unité
peut nommer son `fichier` (chemin dans le dossier de la description) : son objet et son groupe
s’en déduisent, et ses identifiants aussi s’ils manquent.
"""

import dataclasses
import json
import mimetypes
import re
import types
import typing
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from socle.normes.seda.modele import Contenu, Gestion, GroupeObjets, ObjetBinaire, Transfert, Unite

OCTETS_MAX = 64 << 20
NIVEAUX_MAX = 90
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT")


class DescriptionInvalide(Exception):
    """La description ne se lit pas ; `lieu` dit où, par exemple « unites[2].debut »."""

    def __init__(self, message: str, lieu: str = "") -> None:
        super().__init__(message)
        self.message, self.lieu = message, lieu


def read_description(octets: bytes, dossier: Path) -> Transfert:
    """Lit la description d’un versement.

    Args:
        octets: le JSON, en UTF-8.
        dossier: dossier des fichiers à verser ; rien n’est lu hors de lui.

    Raises:
        DescriptionInvalide: JSON illisible, clé inconnue, valeur du mauvais genre, fichier absent.
    """
    if len(octets) > OCTETS_MAX:
        raise DescriptionInvalide(f"Cette description dépasse {OCTETS_MAX >> 20} Mo.")
    try:
        objet = json.loads(octets.decode("utf-8-sig"))
    except (ValueError, RecursionError) as cause:
        raise DescriptionInvalide("Ce fichier n’est pas du JSON en UTF-8.") from cause
    if not isinstance(objet, dict):
        raise DescriptionInvalide("Une description est un objet JSON.")
    lecture = _Lecture(dossier)
    brutes = objet.pop("unites", [])
    unites = tuple(lecture.iter_unites(brutes, "unites", 1))
    transfert = build_valeur(objet | {"groupes": [], "unites": []}, Transfert, "")
    return dataclasses.replace(transfert, unites=unites, groupes=tuple(lecture.groupes))


class _Lecture:
    """Lit les unités, et forme un groupe d’objets par fichier."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier.resolve()
        self._rang = 0
        self.groupes: list[GroupeObjets] = []

    def iter_unites(self, brutes: Any, lieu: str, niveau: int) -> Iterator[Unite]:
        if not isinstance(brutes, list) or niveau > NIVEAUX_MAX:
            raise DescriptionInvalide("Il faut une liste d’unités, sans excès de niveaux.", lieu)
        for rang, brute in enumerate(brutes):
            ici = f"{lieu}[{rang + 1}]"
            if not isinstance(brute, dict):
                raise DescriptionInvalide("Une unité est un objet JSON.", ici)
            yield self._read_unite(dict(brute), ici, niveau)

    def _read_unite(self, brute: dict[str, Any], lieu: str, niveau: int) -> Unite:
        self._rang += 1
        rang = self._rang
        filles = tuple(self.iter_unites(brute.pop("unites", []), f"{lieu}.unites", niveau + 1))
        gestion = brute.pop("gestion", None)
        groupe = self._add_fichier(brute, rang, lieu) if "fichier" in brute else ""
        return Unite(
            identifiant=str(brute.pop("identifiant", f"U{rang}")),
            profil=str(brute.pop("profil", "")),
            gestion=None if gestion is None else build_valeur(gestion, Gestion, f"{lieu}.gestion"),
            contenu=build_valeur(brute, Contenu, lieu),
            unites=filles,
            groupe=groupe,
        )

    def _add_fichier(self, brute: dict[str, Any], rang: int, lieu: str) -> str:
        nom = brute.pop("fichier")
        chemin = (self._dossier / str(nom)).resolve()
        if not chemin.is_relative_to(self._dossier) or not chemin.is_file():
            raise DescriptionInvalide(f"Le fichier « {nom} » n’est pas dans le dossier.", lieu)
        objet = ObjetBinaire(
            identifiant=f"O{rang}",
            nom=chemin.name,
            ouvrir=lambda: chemin.open("rb"),
            type_mime=mimetypes.guess_type(chemin.name)[0] or "",
            usage=str(brute.pop("usage", "BinaryMaster_1")),
        )
        self.groupes.append(GroupeObjets(identifiant=f"G{rang}", objets=(objet,)))
        return f"G{rang}"


def build_valeur(brute: Any, genre: Any, lieu: str) -> Any:
    """Met une valeur JSON au genre d’un champ du modèle.

    Raises:
        DescriptionInvalide: la valeur ne convient pas.
    """
    if dataclasses.is_dataclass(genre):
        return _build_objet(brute, genre, lieu)
    origine = typing.get_origin(genre)
    if origine in {types.UnionType, typing.Union}:
        return _build_union(brute, typing.get_args(genre), lieu)
    if origine is not None:  # tuple[X, ...], Iterable[X]
        if not isinstance(brute, list):
            raise DescriptionInvalide("Il faut une liste.", lieu)
        contenu = typing.get_args(genre)[0]
        return tuple(build_valeur(v, contenu, f"{lieu}[{i + 1}]") for i, v in enumerate(brute))
    return _build_simple(brute, genre, lieu)


def _build_objet(brute: Any, genre: Any, lieu: str) -> Any:
    if not isinstance(brute, dict):
        raise DescriptionInvalide("Il faut un objet.", lieu)
    genres = typing.get_type_hints(genre)
    if inconnues := set(brute) - set(genres):
        cle = min(inconnues)
        raise DescriptionInvalide(f"La clé « {cle[:60]} » n’existe pas.", lieu or cle[:60])
    exiges = {
        f.name
        for f in dataclasses.fields(genre)
        if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    }
    if manquantes := exiges - set(brute):
        raise DescriptionInvalide(f"La clé « {min(manquantes)} » manque.", lieu or min(manquantes))
    prefixe = f"{lieu}." if lieu else ""
    valeurs = {cle: build_valeur(v, genres[cle], f"{prefixe}{cle}") for cle, v in brute.items()}
    try:
        return genre(**valeurs)
    except ValueError as cause:
        raise DescriptionInvalide(str(cause), lieu) from cause


def _build_union(brute: Any, genres: tuple[Any, ...], lieu: str) -> Any:
    if brute is None and type(None) in genres:
        return None
    refus: DescriptionInvalide | None = None
    for genre in sorted(genres, key=lambda g: g is str):  # le texte en dernier : il admet tout
        if genre is type(None):
            continue
        try:
            return build_valeur(brute, genre, lieu)
        except DescriptionInvalide as cause:
            refus = refus or cause
    raise refus or DescriptionInvalide("Cette valeur ne convient pas.", lieu)


def _build_simple(brute: Any, genre: Any, lieu: str) -> Any:
    if isinstance(genre, type) and issubclass(genre, Enum):
        admises = [membre.value for membre in genre]
        if brute not in admises:
            raise DescriptionInvalide(f"Au choix : {', '.join(admises)}.", lieu)
        return genre(brute)
    if genre in {date, datetime}:
        return _build_date(brute, genre, lieu)
    if genre not in {str, int, bool} or type(brute) is not genre:
        raise DescriptionInvalide("La valeur n’est pas du genre attendu.", lieu)
    return brute


def _build_date(brute: Any, genre: Any, lieu: str) -> Any:
    forme = "AAAA-MM-JJTHH:MM:SS avec le fuseau" if genre is datetime else "AAAA-MM-JJ"
    instant = isinstance(brute, str) and _INSTANT.match(brute) is not None
    if isinstance(brute, str) and instant == (genre is datetime):
        try:
            return genre.fromisoformat(brute)
        except ValueError:
            pass
    raise DescriptionInvalide(f"Écrivez la date {forme}.", lieu)
