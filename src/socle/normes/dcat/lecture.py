"""Lire la description JSON d’un catalogue : taille, nombre de valeurs et profondeur bornés.

La description a les noms du modèle (« titre », « jeux », « distributions »…). Ce qui n’a pas la
bonne sorte est dit et laissé vide ; le sens est jugé ensuite par `validation`.
"""

import json
import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from functools import cache
from typing import Any, NoReturn, Union, get_args, get_origin, get_type_hints

from socle.normes.dcat.errors import DescriptionIllisible
from socle.normes.dcat.modele import Agent, Catalogue, Theme
from socle.normes.dcat.validation import ANOMALIES_MAX, Anomalie, check_catalogue

TAILLE_MAX = 32 * 1024 * 1024  # octets
CONTENANTS_MAX = 1_000_000
VALEURS_MAX = 2_500_000
ELEMENTS_MAX = 50_000  # d’une liste
_JOUR = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])?)?"
)
_SORTES = {str: "un texte", int: "un nombre entier", float: "un nombre", date: "AAAA-MM-JJ"}


def read_catalogue(
    octets: bytes, *, aujourd_hui: date | None = None
) -> tuple[Catalogue, list[Anomalie]]:
    """Rend le catalogue et tout ce qui lui manque ; il ne s’écrit que si rien ne bloque.

    Args:
        octets: la description, JSON en UTF-8, 32 Mo au plus.
        aujourd_hui: s’il est donné, signale les dates à venir.

    Raises:
        DescriptionIllisible: ce n’est pas un objet JSON que l’on accepte de lire.
    """
    valeur = _parse(octets)
    if not isinstance(valeur, dict):
        raise DescriptionIllisible("json", "La description doit être un objet { … }.")
    lecteur = _Lecteur()
    catalogue = lecteur.build(Catalogue, valeur, "")
    anomalies = lecteur.anomalies
    if len(anomalies) < ANOMALIES_MAX:
        anomalies += check_catalogue(catalogue, aujourd_hui=aujourd_hui)
    return catalogue, anomalies[:ANOMALIES_MAX]


def _parse(octets: bytes) -> Any:
    if len(octets) > TAILLE_MAX:
        raise DescriptionIllisible("taille", f"La description dépasse {TAILLE_MAX >> 20} Mo.")
    if octets.count(b"{") + octets.count(b"[") > CONTENANTS_MAX or octets.count(b",") > VALEURS_MAX:
        raise DescriptionIllisible("taille", "La description compte trop de valeurs.")
    try:
        return json.loads(octets.decode("utf-8-sig"), parse_constant=_refuse_constante)
    except UnicodeDecodeError as cause:
        ligne = octets.count(b"\n", 0, cause.start) + 1
        raise DescriptionIllisible("encodage", "Enregistrez en UTF-8.", ligne=ligne) from cause
    except json.JSONDecodeError as cause:
        message = "Ce n’est pas du JSON bien formé : vérifiez les guillemets et les virgules."
        raise DescriptionIllisible("json", message, ligne=cause.lineno) from cause
    except RecursionError as cause:
        raise DescriptionIllisible("profondeur", "Trop de niveaux imbriqués.") from cause
    except ValueError as cause:
        raise DescriptionIllisible(
            "nombre", "Un nombre est démesuré, ou n’en est pas un."
        ) from cause


def _refuse_constante(nom: str) -> NoReturn:
    raise ValueError(nom)


@cache
def _list_champs(classe: type) -> dict[str, tuple[Any, bool]]:
    """Nom de chaque champ d’une classe du modèle : son type, et s’il est obligatoire."""
    types_ = get_type_hints(classe)
    return {champ.name: (types_[champ.name], champ.default is MISSING) for champ in fields(classe)}


class _Lecteur:
    """Construit les objets du modèle d’après leurs types ; retient ce qui ne convient pas."""

    def __init__(self) -> None:
        self.anomalies: list[Anomalie] = []

    def build(self, classe: type, valeur: Mapping[str, Any], lieu: str) -> Any:
        champs = _list_champs(classe)
        for nom in [nom for nom in valeur if nom not in champs][:100]:
            message = f"Au choix : {', '.join(champs)}."
            self._fault("inconnu", f"{lieu}{_clean(nom)}", message, nom)
        lus: dict[str, Any] = {}
        for nom, (type_, requis) in champs.items():
            brut = valeur.get(nom)
            if brut is not None:
                lu = self.read(type_, brut, f"{lieu}{nom}")
                if lu is not None:
                    lus[nom] = lu
            if requis and nom not in lus:
                lus[nom] = Agent(uri="", nom="") if type_ is Agent else ""
        return classe(**lus)

    def read(self, type_: Any, valeur: Any, lieu: str) -> Any:
        """Une valeur du type voulu, ou None et une anomalie."""
        if get_origin(type_) is tuple:
            return self._read_liste(get_args(type_)[0], valeur, lieu)
        if get_origin(type_) in {Union, types.UnionType}:
            return self._read_union(
                [t for t in get_args(type_) if t is not type(None)], valeur, lieu
            )
        if type_ in _SIMPLES:
            return self._read_simple(type_, valeur, lieu)
        if isinstance(valeur, dict):
            return self.build(type_, valeur, f"{lieu}.")
        self._fault("type", lieu, "Écrivez un objet { … }.", valeur)
        return None

    def _read_liste(self, type_: Any, valeur: Any, lieu: str) -> tuple[Any, ...] | None:
        if not isinstance(valeur, list) or len(valeur) > ELEMENTS_MAX:
            message = f"Écrivez une liste [ … ] de {ELEMENTS_MAX} éléments au plus."
            self._fault("type", lieu, message, valeur)
            return None
        lus = []
        for rang, element in enumerate(valeur):
            if len(self.anomalies) >= ANOMALIES_MAX:
                break
            lus.append(self.read(type_, element, f"{lieu}[{rang}]"))
        return tuple(lu for lu in lus if lu is not None)

    def _read_union(self, choix: list[Any], valeur: Any, lieu: str) -> Any:
        """Un jour ou un instant ; un thème nommé ou décrit ; sinon le seul type possible."""
        if datetime in choix:
            return self._read_jour(valeur, lieu)
        if Theme in choix:
            return self.read(Theme if isinstance(valeur, dict) else str, valeur, lieu)
        return self.read(choix[0], valeur, lieu)

    def _read_simple(self, type_: type, valeur: Any, lieu: str) -> Any:
        if type_ is date:
            return self._read_jour(valeur, lieu, heure=False)
        admis = (int, float) if type_ is float else (type_,)
        if isinstance(valeur, admis) and not isinstance(valeur, bool) and _is_borne(valeur):
            return valeur if type_ is not float else float(valeur)  # type: ignore[arg-type]
        self._fault("type", lieu, f"Écrivez {_SORTES[type_]}.", valeur)
        return None

    def _read_jour(self, valeur: Any, lieu: str, *, heure: bool = True) -> date | datetime | None:
        trouve = _JOUR.fullmatch(valeur) if isinstance(valeur, str) else None
        try:
            if trouve and not trouve[1]:
                return date.fromisoformat(valeur)
            if trouve and heure:
                return datetime.fromisoformat(valeur)
        except ValueError:
            pass
        forme = "AAAA-MM-JJ, ou AAAA-MM-JJTHH:MM:SS+01:00" if heure else "AAAA-MM-JJ"
        self._fault("type", lieu, f"Écrivez {forme}.", valeur)
        return None

    def _fault(self, code: str, lieu: str, message: str, valeur: Any) -> None:
        if len(self.anomalies) < ANOMALIES_MAX:
            montre = _clean(valeur) if isinstance(valeur, str) else type(valeur).__name__
            self.anomalies.append(Anomalie(code, lieu, message, valeur=montre))


_SIMPLES = {str, int, float, date}


def _is_borne(valeur: Any) -> bool:
    return isinstance(valeur, str) or abs(valeur) < 10**30


def _clean(texte: str) -> str:
    return "".join(signe if signe.isprintable() else "\ufffd" for signe in texte[:80])
