"""Cache borné des versions compilées, un par processus."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeAlias

from pydantic import ValidationError

from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.errors import DefinitionInvalide
from socle.fondations.formulaires.moteur.formulaire import FormulaireCompile

CACHE_FORMULAIRES = 128
CACHE_CHAMPS = 20_000


@dataclass(slots=True)
class InfoCache:
    """Comptes du cache, pour les tests et le diagnostic."""

    presents: int = 0
    trouves: int = 0
    compiles: int = 0


_cache: "OrderedDict[str, FormulaireCompile]" = OrderedDict()
_verrou = Lock()
_info = InfoCache()

Definition: TypeAlias = Formulaire | Mapping[str, Any]


def compile_formulaire(
    definition: Definition | Callable[[], Definition],
    *,
    version: int | str | None = None,
    facultatifs: Collection[str] = (),
) -> FormulaireCompile:
    """Compile une définition, ou rend celle déjà compilée pour cette version publiée.

    Le cache est borné en nombre de formulaires et de champs. Une définition incohérente mais bien
    formée se compile : l’aperçu d’un brouillon marche, une vieille version aussi.

    Args:
        definition: définition, son JSON, ou une fonction qui le rend (lue si le cache manque).
        version: identifiant d’une version publiée, donc immuable ; None pour ne rien garder.
        facultatifs: types de champ qui ne s’exigent pas ; le cache les garde à part.

    Raises:
        DefinitionInvalide: le JSON n’a pas la structure d’un formulaire.
    """
    cle = None if version is None else ":".join([str(version), *sorted(facultatifs)])
    if cle is not None and (trouve := get_compile(cle)):
        return trouve
    brute = definition() if callable(definition) else definition
    try:
        modele = brute if isinstance(brute, Formulaire) else Formulaire.model_validate(brute)
    except ValidationError as cause:
        raise DefinitionInvalide([_describe(cause)]) from cause
    compile_ = FormulaireCompile(modele, facultatifs)
    if cle is not None:
        _keep(cle, compile_)
    return compile_


def get_compile(version: int | str) -> FormulaireCompile | None:
    """Rend la version si elle est déjà compilée : évite de lire son JSON en base."""
    with _verrou:
        trouve = _cache.get(str(version))
        if trouve is not None:
            _cache.move_to_end(str(version))
            _info.trouves += 1
        return trouve


def _keep(cle: str, compile_: FormulaireCompile) -> None:
    with _verrou:
        _cache[cle] = compile_
        _cache.move_to_end(cle)
        _info.compiles += 1
        while len(_cache) > CACHE_FORMULAIRES or (
            len(_cache) > 1 and sum(c.nombre_champs for c in _cache.values()) > CACHE_CHAMPS
        ):
            _cache.popitem(last=False)


def get_cache_info() -> InfoCache:
    """Rend les comptes du cache de ce processus."""
    return InfoCache(len(_cache), _info.trouves, _info.compiles)


def clear_cache() -> None:
    """Vide le cache (tests, changement de millésime du référentiel)."""
    with _verrou:
        _cache.clear()
        _info.trouves = _info.compiles = 0


def _describe(cause: ValidationError) -> str:
    premiere = cause.errors(include_url=False, include_input=False)[0]
    place = " › ".join(str(morceau) for morceau in premiere["loc"])
    return f"{place} : {premiere['msg']}" if place else str(premiere["msg"])
