"""Valeurs et clés qui ne doivent servir qu’une fois : gardées de lot en lot, jugées à la fin."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from socle.normes.scdl.lots import Lot
from socle.normes.scdl.regles import Colonne
from socle.normes.scdl.schema import Schema

if TYPE_CHECKING:
    import polars as pl


class Uniques:
    """Colonnes « unique » et clé primaire d’un schéma."""

    def __init__(self, schema: Schema, colonnes: Sequence[Colonne]) -> None:
        par_nom = {colonne.champ.nom: colonne for colonne in colonnes}
        self.groupes: list[tuple[str, list[Colonne], list[pl.DataFrame]]] = [
            ("unique-error", [colonne], [])
            for colonne in colonnes
            if colonne.champ.contraintes.get("unique")
        ]
        if schema.cle and all(nom in par_nom for nom in schema.cle):
            self.groupes.append(("primary-key", [par_nom[nom] for nom in schema.cle], []))

    def keep(self, lot: Lot, tableau: "pl.DataFrame") -> None:
        """Garde d’un lot les valeurs à comparer."""
        import polars as pl  # noqa: PLC0415

        for _, colonnes, gardes in self.groupes:
            rangs = pl.Series(range(tableau.height), dtype=pl.Int64)
            numeros = rangs + lot.premiere if lot.numeros is None else lot.numeros
            noms = {colonne.typee for colonne in colonnes}
            gardes.append(tableau.select(sorted(noms)).with_columns(ligne=numeros))

    def list_doublons(self) -> Iterator[tuple[int, str | None, str, str, int]]:
        """Rend (ligne, champ, code, cellule, ligne de la première) ; 0 si la clé est vide."""
        import polars as pl  # noqa: PLC0415

        for code, colonnes, gardes in self.groupes:
            if not gardes:
                continue
            noms = sorted({colonne.typee for colonne in colonnes})
            champ = colonnes[0].champ.nom if code == "unique-error" else None
            tout = pl.concat(gardes).sort("ligne")
            vide = pl.all_horizontal(pl.col(nom).is_null() for nom in noms)
            if code == "primary-key":
                for ligne in tout.filter(vide)["ligne"].to_list():
                    yield ligne, None, code, "", 0
            premieres = pl.col("ligne").min().over(noms)
            doubles = tout.filter(~vide).with_columns(premiere=premieres)
            for valeurs in doubles.filter(pl.col("ligne") > pl.col("premiere")).iter_rows(
                named=True
            ):
                cellule = ", ".join(str(valeurs[nom]) for nom in noms)
                yield valeurs["ligne"], champ, code, cellule, valeurs["premiere"]
