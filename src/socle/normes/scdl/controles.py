"""Les contrôles de Validata en plus du schéma, par colonnes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from socle.normes.scdl import francais
from socle.normes.scdl.regles import NUMERIQUES, Colonne
from socle.normes.scdl.schema import Controle

if TYPE_CHECKING:
    import polars as pl

ANCIENS = {
    "siret": "french-siret-value",
    "siren": "french-siren-value",
    "nomenclature-acte": "nomenclature-actes-value",
    "cohesive-columns": "cohesive-columns-value",
    "compare-columns": "compare-columns-value",
    "sum-columns": "sum-columns-value",
    "year-interval": "year-interval-value",
    "phone-number": "phone-number-value",
    "opening-hours": "opening-hours-value",
}
SENS = {
    ">": "supérieure à", ">=": "supérieure ou égale à", "==": "égale à",
    "<=": "inférieure ou égale à", "<": "inférieure à",
}  # fmt: skip
Explication = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Verification:
    """Un contrôle prêt à servir sur un lot.

    Attributes:
        champ: colonne qui porte l’erreur ; None si c’est toute la ligne.
        masque: lignes en cause, ou à juger une à une si `explication` est donnée.
        explication: rend « » si la valeur convient, sinon la phrase.
        phrase: phrase à remplir avec les cellules de la ligne.
    """

    code: str
    champ: str | None
    masque: "pl.Expr"
    explication: Explication | None = None
    phrase: str = ""
    distinctes: bool = False


def build_controle(
    controle: Controle, colonnes: Mapping[str, Colonne]
) -> Verification | str | None:
    """Prépare un contrôle ; None s’il ne s’applique pas, un texte s’il est impossible."""
    nom = ANCIENS.get(controle.nom, controle.nom)
    parametres = controle.parametres
    if nom == "one-of-required":
        return _build_une_sur_deux(parametres, colonnes)
    if nom not in _VALEURS and nom not in _LIENS and nom != "year-interval-value":
        return f"Le contrôle « {controle.nom[:80]} » n’est pas connu : il n’a pas été fait."
    colonne = colonnes.get(str(parametres.get("column")))
    if colonne is None:
        return None
    if nom in _LIENS:
        return _LIENS[nom](colonne, parametres, colonnes)
    return _build_valeur(nom, colonne, parametres)


def _build_valeur(nom: str, colonne: Colonne, parametres: Mapping[str, Any]) -> Verification:
    import polars as pl  # noqa: PLC0415

    texte = pl.col(colonne.source)
    if nom == "year-interval-value":
        seule = str(parametres.get("allow-year-only", "")).lower() in {"true", "yes"}
        # Pas de `lit` : seul dans son `select`, il n’aurait qu’une ligne.
        doute = ~texte.str.contains(r"\A[0-9]{4}\z") if seule else texte.is_not_null()
        return Verification(
            nom, colonne.champ.nom, doute, lambda v: francais.explain_annees(v, seule=seule)
        )
    return Verification(
        nom,
        colonne.champ.nom,
        _is_suspect(nom, colonne.source),
        _VALEURS[nom],
        distinctes=True,
    )


def _is_suspect(nom: str, source: str) -> "pl.Expr":
    """Ce qui n’est pas sûrement bon ; calculé sur les valeurs distinctes seulement."""
    import polars as pl  # noqa: PLC0415

    texte = pl.col(source)
    if nom == "french-siret-value":
        forme = texte.str.contains(r"\A[0-9]{14}\z")
        return ~(forme & _luhn(texte, 0, 14) & _luhn(texte, 0, 9)).fill_null(value=False)
    if nom == "french-siren-value":
        return ~(texte.str.contains(r"\A[0-9]{9}\z") & _luhn(texte, 0, 9)).fill_null(value=False)
    return pl.lit(value=True)


def _luhn(texte: "pl.Expr", debut: int, taille: int) -> "pl.Expr":
    """Clé de Luhn en arithmétique : rien n’est découpé signe à signe."""
    import polars as pl  # noqa: PLC0415

    nombre = texte.str.slice(debut, taille).cast(pl.Int64, strict=False)
    total = pl.lit(0, dtype=pl.Int64)
    for rang in range(taille):
        chiffre = (nombre // 10**rang) % 10
        if rang % 2:
            chiffre = chiffre * 2 - 9 * (chiffre > 4).cast(pl.Int64)
        total = total + chiffre
    return total % 10 == 0


def _list_colonnes(noms: Any, colonnes: Mapping[str, Colonne]) -> list[Colonne] | None:
    if not isinstance(noms, list) or any(str(nom) not in colonnes for nom in noms):
        return None
    return [colonnes[str(nom)] for nom in noms]


def _build_ensemble(
    colonne: Colonne, parametres: Mapping[str, Any], colonnes: Mapping[str, Colonne]
) -> Verification | None:
    import polars as pl  # noqa: PLC0415

    autres = _list_colonnes(parametres.get("othercolumns"), colonnes)
    if not autres:
        return None
    remplie = pl.col(colonne.typee).is_not_null()
    masque = pl.any_horizontal([pl.col(a.typee).is_not_null() != remplie for a in autres])
    noms = ", ".join(c.champ.nom for c in (colonne, *autres))
    phrase = f"Remplissez toutes ces colonnes, ou aucune : {noms}."
    return Verification("cohesive-columns-value", colonne.champ.nom, masque, phrase=phrase)


def _build_comparaison(
    colonne: Colonne, parametres: Mapping[str, Any], colonnes: Mapping[str, Colonne]
) -> Verification | str | None:
    import polars as pl  # noqa: PLC0415

    autre, signe = colonnes.get(str(parametres.get("column2"))), str(parametres.get("op"))
    if autre is None:
        return None
    if signe not in SENS:
        return f"La comparaison « {signe[:20]} » n’est pas connue."
    a, b = pl.col(colonne.typee), pl.col(autre.typee)
    ici, la = colonne.champ, autre.champ
    if ici.type != la.type and not {ici.type, la.type} <= NUMERIQUES:
        masque = a.is_not_null() & b.is_not_null()
        phrase = f"{ici.nom} et {la.nom} ne se comparent pas : ils n’ont pas la même forme."
        return Verification("compare-columns-value", ici.nom, masque, phrase=phrase)
    bon = {">": a > b, ">=": a >= b, "==": a == b, "<=": a <= b, "<": a < b}[signe]
    phrase = (
        f"{ici.nom} (« {{{colonne.source}}} ») doit être {SENS[signe]} {la.nom} "
        f"(« {{{autre.source}}} »). Corrigez l’une des deux."
    )
    return Verification("compare-columns-value", ici.nom, ~bon, phrase=phrase)


def _build_somme(
    colonne: Colonne, parametres: Mapping[str, Any], colonnes: Mapping[str, Colonne]
) -> Verification | None:
    import polars as pl  # noqa: PLC0415

    parts = _list_colonnes(parametres.get("columns"), colonnes)
    if not parts or not {c.champ.type for c in (colonne, *parts)} <= NUMERIQUES:
        return None
    somme = pl.col(parts[0].typee)
    for part in parts[1:]:
        somme = somme + pl.col(part.typee)
    decimal = any(c.champ.type == "number" for c in (colonne, *parts))
    ecart = somme - pl.col(colonne.typee)
    # Des décimaux en base 2 : 0,1 + 0,2 doit faire 0,3.
    masque = ecart.abs() > 1e-9 * (1 + somme.abs()) if decimal else ecart != 0
    termes = " + ".join(f"{c.champ.nom} (« {{{c.source}}} »)" for c in parts)
    phrase = f"{colonne.champ.nom} (« {{{colonne.source}}} ») doit être la somme {termes}."
    return Verification("sum-columns-value", colonne.champ.nom, masque, phrase=phrase)


def _build_une_sur_deux(
    parametres: Mapping[str, Any], colonnes: Mapping[str, Colonne]
) -> Verification | str:
    import polars as pl  # noqa: PLC0415

    noms = [
        str(parametres.get("column1") or parametres.get("column")),
        str(parametres.get("column2")),
    ]
    phrase = f"Remplissez au moins l’une de ces colonnes : {noms[0]} ou {noms[1]}."
    presentes = [colonnes[nom] for nom in noms if nom in colonnes]
    if not presentes:
        return phrase
    masque = pl.all_horizontal([pl.col(c.typee).is_null() for c in presentes])
    return Verification("one-of-required", None, masque, phrase=phrase)


_LIENS: dict[str, Callable[..., Verification | str | None]] = {
    "cohesive-columns-value": _build_ensemble,
    "compare-columns-value": _build_comparaison,
    "sum-columns-value": _build_somme,
}
_VALEURS: dict[str, Explication] = {
    "french-siret-value": francais.explain_siret,
    "french-siren-value": francais.explain_siren,
    "nomenclature-actes-value": francais.explain_nomenclature,
    "french-gps-coordinates": francais.explain_gps,
    "phone-number-value": francais.explain_telephone,
    "opening-hours-value": francais.explain_horaires,
}
