"""Ce qu’est un schéma, et comment lire celui d’un inconnu (Table Schema 1.0, JSON)."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from socle.normes.scdl.errors import SchemaInvalide

TAILLE_MAX = 2 * 1024 * 1024  # octets
CHAMPS_MAX = 2_000
MOTIF_MAX = 20_000  # signes d’une expression régulière
TYPES = (
    "string", "number", "integer", "boolean", "date", "datetime", "time", "year", "yearmonth",
    "array", "object", "geopoint", "geojson", "duration", "any", "list",
)  # fmt: skip
_BORNE = (str | int | float, "un nombre ou un texte")
_GENRES: dict[str, tuple[Any, str]] = {
    "required": (bool | int | str, "vrai ou faux"),
    "unique": (bool | int | str, "vrai ou faux"),
    "minLength": (int, "un nombre entier"),
    "maxLength": (int, "un nombre entier"),
    "minimum": _BORNE,
    "maximum": _BORNE,
    "exclusiveMinimum": _BORNE,
    "exclusiveMaximum": _BORNE,
}
VRAIS = ("true", "True", "TRUE", "1")
FAUX = ("false", "False", "FALSE", "0")


@dataclass(frozen=True, slots=True)
class Champ:
    """Une colonne attendue.

    Attributes:
        contraintes: noms et valeurs de Table Schema (« required », « pattern »…).
        forme: la forme attendue dite en clair, « 14 chiffres, sans espace ».
        element: description des éléments d’une liste (« arrayItem »).
    """

    nom: str
    type: str = "string"
    titre: str = ""
    format: str = "default"
    contraintes: Mapping[str, Any] = field(default_factory=dict)
    forme: str = ""
    exemple: str = ""
    vrais: tuple[str, ...] = VRAIS
    faux: tuple[str, ...] = FAUX
    element: Mapping[str, Any] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def obligatoire(self) -> bool:
        return bool(self.contraintes.get("required"))


@dataclass(frozen=True, slots=True)
class Controle:
    """Une règle de Validata en plus du schéma (« custom check »)."""

    nom: str
    parametres: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Schema:
    """Un tableau attendu : ses colonnes, dans l’ordre, et ses contrôles."""

    nom: str
    version: str
    champs: tuple[Champ, ...]
    titre: str = ""
    controles: tuple[Controle, ...] = ()
    cle: tuple[str, ...] = ()
    manquants: tuple[str, ...] = ("",)
    adresse: str = ""

    @property
    def code(self) -> str:
        return f"{self.nom}@{self.version}" if self.version else self.nom


def read_table_schema(octets: bytes, *, nom: str = "schéma") -> Schema:
    """Lit un Table Schema en JSON, 2 Mio au plus.

    Raises:
        SchemaInvalide: ce n’en est pas un, ou il demande ce que l’on ne sait pas vérifier.
    """
    if len(octets) > TAILLE_MAX:
        raise SchemaInvalide("Le schéma dépasse 2 Mo.")
    try:
        lu = json.loads(octets.decode("utf-8-sig"))
        json.dumps(lu, ensure_ascii=False).encode()  # refuse un demi-caractère (« \\ud800 »)
    except (ValueError, RecursionError) as cause:
        raise SchemaInvalide("Le schéma n’est pas du JSON bien formé, en UTF-8.") from cause
    if not isinstance(lu, dict) or not isinstance(lu.get("fields"), list) or not lu["fields"]:
        raise SchemaInvalide(
            "Le schéma n’a pas de liste « fields » : ce n’est pas un Table Schema."
        )
    if len(lu["fields"]) > CHAMPS_MAX:
        raise SchemaInvalide(f"Le schéma a plus de {CHAMPS_MAX} colonnes.")
    champs = tuple(_read_champ(brut) for brut in lu["fields"])
    if len({champ.nom for champ in champs}) != len(champs):
        raise SchemaInvalide("Le schéma nomme deux fois la même colonne.")
    return Schema(
        nom=str(lu.get("name") or nom)[:200],
        version=str(lu.get("version") or "")[:40],
        titre=str(lu.get("title") or "")[:300],
        champs=champs,
        controles=tuple(_read_controles(lu.get("custom_checks"))),
        cle=tuple(_read_noms(lu.get("primaryKey"))),
        manquants=tuple(_read_noms(lu.get("missingValues"))) or ("",),
        adresse=str(lu.get("path") or "")[:500],
    )


def _read_champ(brut: Any) -> Champ:
    if not isinstance(brut, dict) or not isinstance(brut.get("name"), str):
        raise SchemaInvalide("Une colonne du schéma n’a pas de nom (« name »).")
    nom = brut["name"]
    genre = brut.get("type") or "string"
    if genre not in TYPES:
        raise SchemaInvalide(f"La colonne « {nom} » a un type inconnu : « {str(genre)[:80]} ».")
    contraintes = brut.get("constraints") or {}
    if not isinstance(contraintes, dict):
        raise SchemaInvalide(f"Les contraintes de « {nom} » ne sont pas des « clé: valeur ».")
    _check_contraintes(nom, contraintes)
    exemple = brut.get("example", "")
    return Champ(
        nom=nom,
        type=genre,
        titre=str(brut.get("title") or "")[:300],
        format=str(brut.get("format") or "default").removeprefix("fmt:"),
        contraintes=contraintes,
        exemple=exemple if isinstance(exemple, str) else "",
        vrais=tuple(_read_noms(brut.get("trueValues"))) or VRAIS,
        faux=tuple(_read_noms(brut.get("falseValues"))) or FAUX,
        element=_read_element(nom, brut.get("arrayItem")) if genre == "array" else None,
        options={
            cle: brut[cle]
            for cle in ("decimalChar", "groupChar", "bareNumber", "delimiter", "itemType")
            if cle in brut
        },
    )


def _read_element(nom: str, brut: Any) -> dict[str, Any] | None:
    """Ce que doit être chaque élément d’une liste ; même exigence que pour une colonne."""
    if not isinstance(brut, dict):
        return None
    contraintes = brut.get("constraints") or {}
    if (brut.get("type") or "any") not in TYPES or not isinstance(contraintes, dict):
        raise SchemaInvalide(f"Les éléments de « {nom} » (« arrayItem ») sont mal décrits.")
    _check_contraintes(nom, contraintes)
    return brut | {"constraints": contraintes}


def _check_contraintes(nom: str, contraintes: dict[str, Any]) -> None:
    motif = contraintes.get("pattern")
    if motif is not None:
        try:
            if not isinstance(motif, str) or len(motif) > MOTIF_MAX:
                raise SchemaInvalide(f"Le motif de « {nom} » n’est pas utilisable.")
            re.compile(f"^{motif}$")
        except (re.error, RecursionError, OverflowError) as cause:
            raise SchemaInvalide(f"Le motif de « {nom} » est mal formé.") from cause
    if not isinstance(contraintes.get("enum", []), list):
        raise SchemaInvalide(f"Les valeurs permises de « {nom} » ne sont pas une liste.")
    for cle, (genres, attendu) in _GENRES.items():
        if not isinstance(contraintes.get(cle), genres | None):
            raise SchemaInvalide(f"« {cle} » de « {nom} » n’est pas {attendu}.")


def _read_controles(bruts: Any) -> Iterable[Controle]:
    for brut in bruts if isinstance(bruts, list) else []:
        parametres = brut.get("params") if isinstance(brut, dict) else None
        if not isinstance(parametres, dict) or not isinstance(brut.get("name"), str):
            raise SchemaInvalide("Un contrôle (« custom_checks ») n’a pas de nom ou de paramètres.")
        yield Controle(brut["name"], parametres)


def _read_noms(brut: Any) -> list[str]:
    if isinstance(brut, str):
        return [brut]
    return [nom for nom in brut if isinstance(nom, str)] if isinstance(brut, list) else []
