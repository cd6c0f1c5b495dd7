"""Petit moteur JSON Schema (draft 4), pour les profils d’unité archivistique.

Il connaît ce que ces profils emploient et refuse le reste : un mot-clé ignoré ferait accepter
ce qu’il interdit.
"""

import json
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

PROFONDEUR_MAX = 60
CARACTERES_MAX = 32_000
_SANS_EFFET = {
    "$schema", "id", "title", "description", "default", "definitions", "format", "example",
    "pattern_name",
}  # fmt: skip
_GENRES: dict[str, tuple[type, ...]] = {
    "type": (str, list),
    "required": (list,),
    "enum": (list,),
    "minLength": (int,),
    "maxLength": (int,),
    "minItems": (int,),
    "maxItems": (int,),
    "minimum": (int, float),
    "maximum": (int, float),
}
_REPETITION_EMBOITEE = re.compile(r"[+*}]\)?[+*{]|\([^)]*[+*][^)]*\)[+*{]")
_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
}


class SchemaJsonRefuse(Exception):
    """Le schéma n’est pas lisible ou emploie un mot-clé que nous ne connaissons pas."""


def load_schema_json(texte: str) -> dict[str, Any]:
    """Lit un schéma et vérifie qu’on saura l’appliquer en entier.

    Raises:
        SchemaJsonRefuse: pas du JSON, mot-clé inconnu, motif dangereux, trop profond.
    """
    try:
        schema = json.loads(texte)
    except (ValueError, RecursionError) as cause:
        raise SchemaJsonRefuse("Le schéma de contrôle n’est pas du JSON.") from cause
    _check(schema, 0)
    return dict(schema)


def _check(schema: Any, niveau: int) -> None:
    if not isinstance(schema, dict) or niveau > PROFONDEUR_MAX:
        raise SchemaJsonRefuse("Le schéma de contrôle n’est pas un objet JSON Schema.")
    inconnus = set(schema) - _SANS_EFFET - set(_MOTS) - {"$ref"}
    if inconnus:
        raise SchemaJsonRefuse(f"Le schéma emploie « {min(inconnus)} », que nous ne lisons pas.")
    for enfant in _iter_enfants(schema):
        _check(enfant, niveau + 1)
    for motif in (schema.get("pattern", ""), *schema.get("patternProperties", {})):
        compile_motif(motif)
    _check_valeurs(schema)


def _iter_enfants(schema: dict[str, Any]) -> Iterator[Any]:
    """Sous-schémas ; une valeur qui n’en est pas un sera refusée."""
    for cle in ("properties", "definitions", "patternProperties"):
        valeurs = schema.get(cle, {})
        yield from valeurs.values() if isinstance(valeurs, dict) else [None]
    for cle in ("anyOf", "allOf", "oneOf"):
        valeurs = schema.get(cle, [])
        yield from valeurs if isinstance(valeurs, list) else [None]
    for cle in ("items", "not"):
        if cle in schema:
            yield schema[cle]
    if not isinstance(schema.get("additionalProperties", True), bool):
        yield schema["additionalProperties"]


def _check_valeurs(schema: dict[str, Any]) -> None:
    """Chaque mot-clé a une valeur du genre attendu : sinon son juge s’étoufferait."""
    for cle, genres in _GENRES.items():
        if cle in schema and not isinstance(schema[cle], genres):
            raise SchemaJsonRefuse(f"Le mot-clé « {cle} » du schéma n’a pas la forme attendue.")


def compile_motif(motif: Any) -> re.Pattern[str]:
    """Compile un motif reçu d’ailleurs.

    Raises:
        SchemaJsonRefuse: trop long, mal formé, ou à répétitions emboîtées (temps sans fin).
    """
    if not isinstance(motif, str) or len(motif) > 500 or _REPETITION_EMBOITEE.search(motif):
        raise SchemaJsonRefuse("Un motif du schéma est trop long ou trop coûteux.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # « [[ » : ambigu, mais compilé
            return re.compile(motif)
    except (re.error, OverflowError) as cause:
        raise SchemaJsonRefuse(f"Le motif « {motif[:60]} » ne se lit pas.") from cause


def check_json(valeur: Any, schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Donne (champ, phrase) pour chaque défaut de `valeur`."""
    yield from _Juge(schema).check(valeur, schema, "", 0)


class _Juge:
    def __init__(self, racine: dict[str, Any]) -> None:
        self.racine = racine

    def check(
        self, valeur: Any, schema: dict[str, Any], lieu: str, niveau: int
    ) -> Iterator[tuple[str, str]]:
        if niveau > PROFONDEUR_MAX:
            yield lieu, "Le profil renvoie à lui-même sans fin."
            return
        if "$ref" in schema:
            schema = self._resolve(schema["$ref"])
        for mot, attendu in schema.items():
            if mot in _MOTS:
                yield from _MOTS[mot](self, valeur, attendu, schema, lieu, niveau)

    def _resolve(self, renvoi: Any) -> dict[str, Any]:
        cible: Any = self.racine
        for pas in str(renvoi).removeprefix("#").strip("/").split("/"):
            cible = cible.get(pas) if isinstance(cible, dict) and pas else cible
        return cible if isinstance(cible, dict) else {"not": {}}

    def is_valide(self, valeur: Any, schema: dict[str, Any], niveau: int) -> bool:
        return next(self.check(valeur, schema, "", niveau + 1), None) is None


_Mot = Callable[[_Juge, Any, Any, dict[str, Any], str, int], Iterator[tuple[str, str]]]


def _type(_: _Juge, v: Any, attendu: Any, *reste: Any) -> Iterator[tuple[str, str]]:
    types = attendu if isinstance(attendu, list) else [attendu]
    if not any(_TYPES.get(t, lambda _: False)(v) for t in types):
        yield reste[1], f"La valeur n’est pas du type attendu ({', '.join(map(str, types))})."


def _required(_: _Juge, v: Any, attendu: Any, *reste: Any) -> Iterator[tuple[str, str]]:
    for champ in attendu if isinstance(v, dict) else ():
        if champ not in v:
            yield _join(reste[1], champ), f"Le champ « {champ} » manque. Ajoutez-le."


def _properties(
    juge: _Juge, v: Any, attendu: Any, _: Any, lieu: str, niveau: int
) -> Iterator[tuple[str, str]]:
    for champ, schema in attendu.items() if isinstance(v, dict) else ():
        if champ in v:
            yield from juge.check(v[champ], schema, _join(lieu, champ), niveau + 1)


def _additional(
    juge: _Juge, v: Any, attendu: Any, schema: dict[str, Any], lieu: str, niveau: int
) -> Iterator[tuple[str, str]]:
    if not isinstance(v, dict) or attendu is True:
        return
    motifs = [compile_motif(motif) for motif in schema.get("patternProperties", {})]
    for champ in v:
        if champ in schema.get("properties", {}) or any(m.search(champ) for m in motifs):
            continue
        if attendu is False:
            yield _join(lieu, champ), f"Le champ « {champ} » n’est pas prévu. Retirez-le."
        else:
            yield from juge.check(v[champ], attendu, _join(lieu, champ), niveau + 1)


def _pattern_properties(
    juge: _Juge, v: Any, attendu: Any, _: Any, lieu: str, niveau: int
) -> Iterator[tuple[str, str]]:
    for motif, schema in attendu.items() if isinstance(v, dict) else ():
        for champ in v:
            if compile_motif(motif).search(champ):
                yield from juge.check(v[champ], schema, _join(lieu, champ), niveau + 1)


def _items(
    juge: _Juge, v: Any, attendu: Any, _: Any, lieu: str, niveau: int
) -> Iterator[tuple[str, str]]:
    for rang, element in enumerate(v if isinstance(v, list) else ()):
        schema = attendu if isinstance(attendu, dict) else {}
        yield from juge.check(element, schema, f"{lieu}[{rang + 1}]", niveau + 1)


def _enum(_: _Juge, v: Any, attendu: Any, *reste: Any) -> Iterator[tuple[str, str]]:
    if v not in attendu:
        choix = ", ".join(str(valeur) for valeur in attendu[:10])
        yield reste[1], f"La valeur « {str(v)[:60]} » n’est pas admise. Choisissez : {choix}."


def _pattern(_: _Juge, v: Any, attendu: Any, *reste: Any) -> Iterator[tuple[str, str]]:
    if isinstance(v, str) and not compile_motif(attendu).search(v[:CARACTERES_MAX]):
        yield reste[1], f"La valeur « {v[:60]} » n’a pas la forme attendue ({attendu})."


def _borne(phrase: str, juge: Callable[[Any, Any], bool], genre: type | Any) -> _Mot:
    def check(_: _Juge, v: Any, attendu: Any, *reste: Any) -> Iterator[tuple[str, str]]:
        if isinstance(v, genre) and not isinstance(v, bool) and not juge(v, attendu):
            yield reste[1], phrase.format(attendu)

    return check


def _combine(accepte: Callable[[int, int], bool]) -> _Mot:
    def check(
        juge: _Juge, v: Any, attendu: Any, _: Any, lieu: str, niveau: int
    ) -> Iterator[tuple[str, str]]:
        bons = sum(juge.is_valide(v, schema, niveau) for schema in attendu)
        if not accepte(bons, len(attendu)):
            yield lieu, "La valeur ne suit pas les choix du profil."

    return check


def _not(
    juge: _Juge, v: Any, attendu: Any, _: Any, lieu: str, niveau: int
) -> Iterator[tuple[str, str]]:
    if juge.is_valide(v, attendu, niveau):
        yield lieu, "Le profil interdit cette valeur."


_MOTS: dict[str, _Mot] = {
    "type": _type,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "patternProperties": _pattern_properties,
    "items": _items,
    "enum": _enum,
    "pattern": _pattern,
    "minLength": _borne("Il faut au moins {} caractères.", lambda v, n: len(v) >= n, str),
    "maxLength": _borne("Il faut au plus {} caractères.", lambda v, n: len(v) <= n, str),
    "minItems": _borne("Il en faut au moins {}.", lambda v, n: len(v) >= n, list),
    "maxItems": _borne("Il en faut au plus {}.", lambda v, n: len(v) <= n, list),
    "minimum": _borne("Le minimum est {}.", lambda v, n: v >= n, (int, float)),
    "maximum": _borne("Le maximum est {}.", lambda v, n: v <= n, (int, float)),
    "anyOf": _combine(lambda bons, _: bons > 0),
    "oneOf": _combine(lambda bons, _: bons == 1),
    "allOf": _combine(lambda bons, tous: bons == tous),
    "not": _not,
}


def _join(lieu: str, champ: str) -> str:
    return f"{lieu}.{champ}" if lieu else champ
