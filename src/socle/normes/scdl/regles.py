"""Les règles d’une colonne : son type, puis ses contraintes.

Chaque règle est un masque de polars, calculé pour tout le lot. Un masque peut être trop sévère,
jamais trop indulgent : les valeurs qu’il arrête sont relues une à une par `valeurs`, qui fait foi.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from socle.normes.scdl.motifs import compile_motif
from socle.normes.scdl.schema import Champ
from socle.normes.scdl.valeurs import Lecteur, build_lecteur

if TYPE_CHECKING:
    import polars as pl

BORNES = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
NUMERIQUES = frozenset({"integer", "number", "year"})
LIBRES = frozenset({"string", "any", "list"})
STRICTES = frozenset({"uri", "email", "uuid", "binary"})
JOURS = frozenset({"default", "%Y-%m-%d"})
_ENTIER_MAX = 2**62
_SURS = {
    "number": r"\A-?[0-9]{1,15}(?:\.[0-9]{0,15})?\z",
    "year": r"\A[0-9]{4}\z",
}
_ADMIS = {
    "string": ("required", "minLength", "maxLength", "pattern", "enum"),
    "array": ("required", "minLength", "maxLength", "enum"),
    "object": ("required", "minLength", "maxLength", "enum"),
    "list": ("required", "minLength", "maxLength"),
} | dict.fromkeys(
    ("integer", "number", "year", "yearmonth", "date", "datetime", "time"),
    ("required", *BORNES, "enum"),
)
Juge = Callable[[str], bool]


@dataclass(slots=True)
class Colonne:
    """Une colonne du schéma trouvée dans le fichier.

    Attributes:
        source: nom de la colonne de texte dans le lot (« 0 », « 1 »…).
        contraintes: nom → (masque en bloc ou None, juge valeur par valeur ou None).
    """

    champ: Champ
    source: str
    lecteur: Lecteur = field(init=False)
    contraintes: dict[str, tuple["pl.Expr | None", Juge | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lecteur = build_lecteur(self.champ)
        admises = _ADMIS.get(self.champ.type, ("required", "enum"))
        for nom in admises:
            if self.champ.contraintes.get(nom) not in {None, False} if nom == "required" else (
                self.champ.contraintes.get(nom) is not None
            ):  # fmt: skip
                self.contraintes[nom] = _build_contrainte(self, nom)
        if self.champ.element is not None:
            self.contraintes["element"] = (None, _build_elements(self.champ))

    @property
    def libre(self) -> bool:
        """Vrai si toute cellule remplie est du type."""
        return self.champ.type in LIBRES and self.champ.format not in STRICTES

    @property
    def typee(self) -> str:
        """Nom de la colonne typée ; une colonne libre est la sienne."""
        return self.source if self.libre else f"t{self.source}"


def build_type(colonne: Colonne) -> "pl.Expr":
    """Rend la colonne typée, nulle où la cellule n’est pas sûrement du type."""
    import polars as pl  # noqa: PLC0415

    champ, texte = colonne.champ, pl.col(colonne.source)
    if champ.type in NUMERIQUES:
        return _build_type_numerique(champ, texte)
    if champ.type == "string" and champ.format == "uri":
        sur = texte.str.contains(r"\A[a-zA-Z][a-zA-Z0-9+.\-]*:")
        return pl.when(sur).then(texte)
    if champ.type == "date" and champ.format not in JOURS:
        return pl.lit(None, dtype=pl.Date)
    if champ.type == "date":
        sur = texte.str.contains(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z") & (texte > "0001")
        return pl.when(sur).then(texte).str.to_date("%Y-%m-%d", strict=False, cache=False)
    if champ.type == "boolean":
        sur = texte.is_in([*champ.vrais, *champ.faux])
        return pl.when(sur).then(texte)
    return pl.lit(None, dtype=pl.String)


def _build_type_numerique(champ: Champ, texte: "pl.Expr") -> "pl.Expr":
    import polars as pl  # noqa: PLC0415

    genre = pl.Float64 if champ.type == "number" else pl.Int64
    if champ.options and champ.type != "year":  # « 1 234,5 € » : Python lit tout
        return pl.lit(None, dtype=genre)
    if champ.type == "integer":  # moins de 19 signes : une somme ne débordera pas
        return pl.when(texte.str.len_bytes() < 19).then(texte).cast(genre, strict=False)
    return pl.when(texte.str.contains(_SURS[champ.type])).then(texte).cast(genre, strict=False)


def convert(champ: Champ, valeur: Any) -> Any:
    """Met une valeur lue par Python dans le type de la colonne typée."""
    if champ.type == "number":
        return float(valeur)
    if champ.type in {"integer", "year"}:
        return max(-_ENTIER_MAX, min(_ENTIER_MAX, valeur))
    return valeur if champ.type == "date" else str(valeur)


def _build_contrainte(colonne: Colonne, nom: str) -> "tuple[pl.Expr | None, Juge | None]":
    import polars as pl  # noqa: PLC0415

    champ, borne = colonne.champ, colonne.champ.contraintes[nom]
    texte, typee = pl.col(colonne.source), pl.col(colonne.typee)
    if nom == "required":
        return texte.is_null(), None
    if nom == "pattern":
        return _build_motif(texte, borne)
    if nom == "enum":
        return _build_liste(colonne, borne)
    if nom in {"minLength", "maxLength"}:
        if champ.type != "string":
            return None, _build_juge_longueur(colonne.lecteur, nom, borne)
        longueur = texte.str.len_chars()
        return (longueur < borne if nom == "minLength" else longueur > borne), None
    lue = _read_borne(colonne, borne)
    if lue is None:
        return None, None
    if champ.type in NUMERIQUES or champ.type == "date":
        hors = {
            "minimum": typee < pl.lit(convert(champ, lue)),
            "maximum": typee > pl.lit(convert(champ, lue)),
            "exclusiveMinimum": typee <= pl.lit(convert(champ, lue)),
            "exclusiveMaximum": typee >= pl.lit(convert(champ, lue)),
        }[nom]
        return (hors | typee.is_nan() if champ.type == "number" else hors), None
    return None, _build_juge_borne(colonne.lecteur, nom, lue)


def _read_borne(colonne: Colonne, borne: Any) -> Any:
    return colonne.lecteur(str(borne))


def _build_motif(texte: "pl.Expr", motif: str) -> "tuple[pl.Expr | None, Juge]":
    import polars as pl  # noqa: PLC0415

    suit = compile_motif(motif)

    def is_fautive(cellule: str) -> bool:
        return not suit(cellule)

    expression = rf"\A(?:^{motif}$)"
    try:
        pl.Series(["essai"]).str.contains(expression)
    except pl.exceptions.PolarsError:  # le motif demande ce que Rust ne sait pas faire
        return None, is_fautive
    return ~texte.str.contains(expression), is_fautive


def _build_liste(colonne: Colonne, permises: list[Any]) -> "tuple[pl.Expr | None, Juge | None]":
    import polars as pl  # noqa: PLC0415

    textes = [valeur for valeur in permises if isinstance(valeur, str)]
    if colonne.champ.type in {"string", "any"}:
        return ~pl.col(colonne.source).is_in(textes), None
    lues = [colonne.lecteur(str(valeur)) for valeur in permises]
    return None, lambda cellule: colonne.lecteur(cellule) not in lues


def _build_juge_longueur(lecteur: Lecteur, nom: str, borne: int) -> Juge:
    if nom == "minLength":
        return lambda cellule: len(lecteur(cellule)) < borne
    return lambda cellule: len(lecteur(cellule)) > borne


def _build_juge_borne(lecteur: Lecteur, nom: str, borne: Any) -> Juge:
    def is_hors(cellule: str) -> bool:
        valeur = lecteur(cellule)
        try:
            return not {
                "minimum": lambda: valeur >= borne,
                "maximum": lambda: valeur <= borne,
                "exclusiveMinimum": lambda: valeur > borne,
                "exclusiveMaximum": lambda: valeur < borne,
            }[nom]()
        except TypeError:  # une heure avec fuseau, l’autre sans
            return True

    return is_hors


def list_fautes_elements(champ: Champ, cellule: str) -> set[str]:
    """Fautes des éléments d’une liste JSON : « type » ou noms de contraintes."""
    element = champ.element or {}
    interne = Champ(
        champ.nom,
        element.get("type") or "any",
        format=element.get("format") or "default",
        contraintes=element.get("constraints") or {},
    )
    lecteur, fautes = build_lecteur(interne), set[str]()
    for valeur in build_lecteur(champ)(cellule) or []:
        fautes |= _judge_element(interne, lecteur, valeur)
    return fautes


def _judge_element(interne: Champ, lecteur: Lecteur, valeur: Any) -> set[str]:
    contraintes = interne.contraintes
    if valeur is None or valeur == "":
        return {"required"} if contraintes.get("required") else set()
    lue = lecteur(valeur) if isinstance(valeur, str) else _accept(interne, valeur)
    if lue is None:
        return {"type"}
    fautes = {"enum"} if lue not in contraintes.get("enum", [lue]) else set()
    return fautes | _judge_texte(contraintes, lue) if interne.type == "string" else fautes


def _accept(interne: Champ, valeur: Any) -> Any:
    nombre = isinstance(valeur, int | float | Decimal) and not isinstance(valeur, bool)
    return valeur if interne.type == "any" or (nombre and interne.type in NUMERIQUES) else None


def _judge_texte(contraintes: Mapping[str, Any], lue: str) -> set[str]:
    motif, fautes = contraintes.get("pattern"), set()
    if motif is not None and not _compile_element(motif)(lue):
        fautes.add("pattern")
    if len(lue) > contraintes.get("maxLength", len(lue)):
        fautes.add("maxLength")
    if len(lue) < contraintes.get("minLength", 0):
        fautes.add("minLength")
    return fautes


_compile_element = cache(compile_motif)  # un élément se juge seul, des milliers de fois


def _build_elements(champ: Champ) -> Juge:
    return lambda cellule: bool(list_fautes_elements(champ, cellule))


def find_fautives(valeurs: Iterable[str], juge: Juge) -> list[str]:
    """Les valeurs que le juge refuse."""
    return [valeur for valeur in valeurs if juge(valeur)]
