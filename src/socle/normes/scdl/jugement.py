"""Juger un lot : tous les masques d’un coup, puis une phrase par faute.

Trois temps : les types (une colonne typée par champ), les contraintes, les liens entre colonnes.
Une valeur arrêtée par un masque trop sévère est relue par Python, une fois par valeur distincte.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from socle.normes.scdl import francais
from socle.normes.scdl.controles import Verification
from socle.normes.scdl.errors import FichierInutilisable
from socle.normes.scdl.lots import Lot
from socle.normes.scdl.messages import NOMS, TYPES, explain_contrainte, explain_type
from socle.normes.scdl.rapport import Erreur, Rapport
from socle.normes.scdl.regles import (
    Colonne,
    build_type,
    convert,
    find_fautives,
    list_fautes_elements,
)
from socle.normes.scdl.schema import Schema
from socle.normes.scdl.uniques import Uniques

if TYPE_CHECKING:
    import polars as pl

CELLULE_MAX = 500  # signes d’une cellule citée
PEU = 500  # valeurs distinctes que Python juge plus vite que polars n’y prépare un masque
MANQUANTES_MAX = 10_000_000  # cellules ; au-delà, ce n’est pas un tableau


class Juge:
    """Applique un schéma aux lots d’un fichier, dans l’ordre, et remplit le rapport."""

    def __init__(
        self,
        schema: Schema,
        colonnes: Sequence[Colonne],
        verifications: Sequence[Verification],
        entete: Sequence[str],
        rapport: Rapport,
    ) -> None:
        self.colonnes, self.verifications = colonnes, verifications
        self.entete, self.rapport = entete, rapport
        self.manquantes = 0
        self.manquants = [texte for texte in schema.manquants if texte]
        self.uniques = Uniques(schema, colonnes)
        self.typees = [colonne for colonne in colonnes if not colonne.libre]
        self.types = [build_type(colonne).alias(colonne.typee) for colonne in self.typees]

    def judge(self, lot: Lot) -> None:
        """Ajoute au rapport les fautes d’un lot."""
        import polars as pl  # noqa: PLC0415

        tableau = lot.tableau
        if self.manquants:
            gardee = (pl.col(nom) for nom in tableau.columns)
            nul = [pl.when(~col.is_in(self.manquants)).then(col).name.keep() for col in gardee]
            tableau = tableau.with_columns(nul)
        vide = pl.all_horizontal(pl.all().is_null()).alias("vide")
        tableau = tableau.with_columns(vide, *self.types)
        self._judge_structure(lot, self._judge_vides(lot, tableau["vide"]))
        tableau = self._judge_types(lot, tableau)
        self._judge_contraintes(lot, tableau)
        self._judge_liens(lot, tableau)
        self.uniques.keep(lot, tableau)

    def finish(self) -> None:
        """Ajoute les doublons, qui ne se voient qu’à la fin."""
        for numero, champ, code, cellule, premiere in self.uniques.list_doublons():
            message = (
                f"Déjà à la ligne {premiere} : chaque valeur ne doit servir qu’une fois."
                if premiere
                else "La clé de la ligne est vide : remplissez-la."
            )
            self._add(numero, champ, code, NOMS[code], message, cellule)

    def _judge_vides(self, lot: Lot, vide: "pl.Series") -> set[int]:
        """Signale les lignes vides ; rend les numéros de celles qui sont aussi irrégulières."""
        import polars as pl  # noqa: PLC0415

        if not vide.any():
            return set()
        numeros = lot.build_numeros(vide.arg_true()).cast(pl.Int64).sort()
        for numero in self._keep(numeros, "blank-row").to_list():
            self._add(numero, None, "blank-row", NOMS["blank-row"], "Retirez cette ligne vide.", "")
        irregulieres = pl.Series(list(lot.irregulieres), dtype=pl.Int64)
        return set(irregulieres.filter(irregulieres.is_in(numeros.implode())).to_list())

    def _judge_structure(self, lot: Lot, vides: set[int]) -> None:
        largeur = len(self.entete)
        for numero, cellules in lot.irregulieres.items():
            if numero in vides:
                continue
            trouvees = len(cellules)
            attendu = f"cellule{'s' * (trouvees > 1)} au lieu de {largeur}."
            self.manquantes += max(0, largeur - trouvees)
            message = f"La ligne a {trouvees} {attendu} Complétez-la."
            gardees = range(trouvees, min(largeur, trouvees + self.rapport.place))
            for rang in gardees:
                nom = self.entete[rang]
                self._add(numero, nom, "missing-cell", NOMS["missing-cell"], message, "")
            reste = max(0, largeur - trouvees) - len(gardees)
            if reste:
                self.rapport.count("missing-cell", reste)
            message = (
                f"La ligne a {trouvees} {attendu} Mettez entre guillemets le texte qui contient "
                "le séparateur, ou ôtez le séparateur de trop."
            )
            for cellule in cellules[largeur:][:50]:
                self._add(numero, None, "extra-cell", NOMS["extra-cell"], message, cellule)
        if self.manquantes > MANQUANTES_MAX:
            raise FichierInutilisable(
                f"Plus de {MANQUANTES_MAX // 1_000_000} millions de cellules manquent : la "
                "première ligne n’est sans doute pas celle des titres, ou le séparateur change."
            )

    def _keep(self, rangs: "pl.Series", code: str) -> "pl.Series":
        """Les premiers rangs, tant que le rapport a de la place ; les autres sont comptés."""
        place = self.rapport.place
        if rangs.len() <= place:
            return rangs
        self.rapport.count(code, rangs.len() - place)
        return rangs.head(place)

    def _judge_types(self, lot: Lot, tableau: "pl.DataFrame") -> "pl.DataFrame":
        import polars as pl  # noqa: PLC0415

        for colonne in self.typees:
            texte, typee = tableau[colonne.source], tableau[colonne.typee]
            if texte.null_count() == typee.null_count():
                continue
            suspecte = pl.col(colonne.source).is_not_null() & pl.col(colonne.typee).is_null()
            typee, faute = self._reread(colonne, texte, typee, tableau.select(suspecte).to_series())
            tableau = tableau.with_columns(typee)
            if faute.any():
                self._report(
                    lot, tableau, faute, colonne.champ.nom, "type-error",
                    TYPES.get(colonne.champ.type, "Type incorrect"),
                    partial(explain_type, colonne.champ), colonne.source,
                )  # fmt: skip
        return tableau

    def _reread(
        self, colonne: Colonne, texte: "pl.Series", typee: "pl.Series", suspect: "pl.Series"
    ) -> "tuple[pl.Series, pl.Series]":
        """Relit les valeurs douteuses ; rend la colonne typée et le masque des fautes."""
        import polars as pl  # noqa: PLC0415

        distinctes = texte.filter(suspect).unique().to_list()
        lues = {v: lue for v in distinctes if (lue := colonne.lecteur(v)) is not None}
        if not lues:  # toutes fautives, et la colonne typée y est déjà nulle
            return typee, suspect
        fautes = [v for v in distinctes if v not in lues]
        vraie = texte.is_in(fautes).fill_null(value=False) & suspect
        valeurs = pl.Series([convert(colonne.champ, v) for v in lues.values()], dtype=typee.dtype)
        table = pl.DataFrame({"cle": pl.Series(list(lues), dtype=pl.String), "valeur": valeurs})
        jointe = texte.to_frame("cle").join(table, on="cle", how="left", maintain_order="left")
        typee = typee.zip_with(~suspect, jointe["valeur"])
        return typee.alias(colonne.typee), vraie

    def _judge_contraintes(self, lot: Lot, tableau: "pl.DataFrame") -> None:
        import polars as pl  # noqa: PLC0415

        masques: list[pl.Expr] = []
        suites: list[tuple[Colonne, str, Callable[[str], bool] | None]] = []
        for colonne in self.colonnes:
            rempli = pl.col(colonne.typee).is_not_null()
            for nom, (masque, juge) in colonne.contraintes.items():
                if masque is None and juge is None:
                    continue
                large = (
                    rempli
                    if masque is None
                    else masque & (~pl.col("vide") if nom == "required" else rempli)
                )
                masques.append(large.fill_null(value=False).alias(str(len(masques))))
                suites.append((colonne, nom, juge))
        calcules = tableau.select(masques) if masques else tableau
        for rang, (colonne, nom, juge) in enumerate(suites):
            faute = calcules[str(rang)]
            if juge is not None and faute.any():
                texte = tableau[colonne.source]
                fautives = find_fautives(texte.filter(faute).unique().to_list(), juge)
                faute = faute & texte.is_in(fautives).fill_null(value=False)
            if not faute.any():
                continue
            if nom == "element":
                self._report_elements(lot, tableau, faute, colonne)
                continue
            self._report(
                lot, tableau, faute, colonne.champ.nom, "constraint-error", NOMS[nom],
                partial(explain_contrainte, colonne.champ, nom),
                colonne.source,
            )  # fmt: skip

    def _report_elements(
        self, lot: Lot, tableau: "pl.DataFrame", faute: "pl.Series", colonne: Colonne
    ) -> None:
        rangs = faute.arg_true()
        cellules = tableau[colonne.source][rangs].to_list()
        for numero, cellule in zip(lot.find_numeros(rangs), cellules, strict=True):
            for nom in sorted(list_fautes_elements(colonne.champ, cellule)):
                code = "type-error" if nom == "type" else "constraint-error"
                message = "Un élément de la liste ne convient pas. " + (
                    explain_contrainte(colonne.champ, "enum", cellule) if nom == "enum" else ""
                )
                titre = TYPES["array"] if nom == "type" else NOMS[nom]
                self._add(numero, colonne.champ.nom, code, titre, message.strip(), cellule)

    def _judge_liens(self, lot: Lot, tableau: "pl.DataFrame") -> None:
        sources = {colonne.champ.nom: colonne for colonne in self.colonnes}
        simples = [v for v in self.verifications if not v.distinctes]
        masques = [v.masque.fill_null(value=False).alias(str(r)) for r, v in enumerate(simples)]
        calcules = tableau.select(masques) if masques else tableau
        rang = 0
        for verification in self.verifications:
            colonne = sources.get(verification.champ or "")
            if verification.distinctes and colonne:
                self._judge_valeurs(lot, tableau, verification, colonne)
                continue
            faute, rang = calcules[str(rang)], rang + 1
            if not faute.any():
                continue
            if verification.explication and colonne:
                valeurs = list(set(tableau[colonne.source].filter(faute).drop_nulls().to_list()))
                self._report_valeurs(lot, tableau, verification, colonne, valeurs)
            else:
                self._report_lien(lot, tableau, verification, colonne, faute)

    def _judge_valeurs(
        self, lot: Lot, tableau: "pl.DataFrame", verification: Verification, colonne: Colonne
    ) -> None:
        """Règle coûteuse : elle ne voit chaque valeur distincte qu’une fois."""
        import polars as pl  # noqa: PLC0415

        distinctes = tableau.select(pl.col(colonne.source).drop_nulls().unique())
        if distinctes.height > PEU:  # le masque coûte à préparer, puis va bien plus vite
            distinctes = distinctes.filter(verification.masque)
        self._report_valeurs(
            lot, tableau, verification, colonne, distinctes[colonne.source].to_list()
        )

    def _report_valeurs(
        self,
        lot: Lot,
        tableau: "pl.DataFrame",
        verification: Verification,
        colonne: Colonne,
        valeurs: list[str],
    ) -> None:
        """Signale chaque ligne dont la cellule est l’une de ces valeurs, si elle ne va pas."""
        import polars as pl  # noqa: PLC0415

        expliquer = verification.explication
        raisons = {v: r for v in valeurs if expliquer and (r := expliquer(v))}
        if not raisons:
            return
        texte = tableau[colonne.source]
        fautive = pl.col(colonne.source).is_in(list(raisons))
        lignes = tableau.select(pl.arg_where(fautive & pl.col(colonne.typee).is_not_null()))
        rangs = self._keep(lignes.to_series(), verification.code)
        cellules = texte[rangs].to_list()
        for numero, cellule in zip(lot.find_numeros(rangs), cellules, strict=True):
            code, message = _refine(verification.code, cellule, raisons[cellule])
            self._add(numero, verification.champ, code, NOMS[code], message, cellule)

    def _report_lien(
        self,
        lot: Lot,
        tableau: "pl.DataFrame",
        verification: Verification,
        colonne: Colonne | None,
        faute: "pl.Series",
    ) -> None:
        rangs, code = self._keep(faute.arg_true(), verification.code), verification.code
        numeros = lot.find_numeros(rangs)
        textes = [nom for nom in tableau.columns if nom.isdigit()]
        lignes = tableau.select(textes)[rangs.to_list()].iter_rows(named=True)
        for numero, ligne in zip(numeros, lignes, strict=True):
            message = _fill(verification.phrase, ligne)
            cellule = (ligne[colonne.source] or "") if colonne else None
            self._add(numero, verification.champ, code, NOMS[code], message, cellule)

    def _report(
        self,
        lot: Lot,
        tableau: "pl.DataFrame",
        faute: "pl.Series",
        champ: str,
        code: str,
        nom: str,
        expliquer: Callable[[str], str],
        source: str,
    ) -> None:
        rangs = self._keep(faute.arg_true(), code)
        phrases: dict[str, str] = {}
        for numero, cellule in zip(
            lot.find_numeros(rangs), tableau[source][rangs].to_list(), strict=True
        ):
            texte = cellule or ""
            if texte not in phrases:
                phrases[texte] = expliquer(texte)
            self._add(numero, champ, code, nom, phrases[texte], texte)

    def _add(
        self, ligne: int, champ: str | None, code: str, nom: str, message: str, cellule: str | None
    ) -> None:
        citee = cellule if cellule is None else cellule[:CELLULE_MAX]
        self.rapport.add(Erreur(ligne, champ, code, nom, message, citee))


def _fill(phrase: str, ligne: dict[str, str | None]) -> str:
    morceaux = phrase.split("{")
    rempli = [morceaux[0]]
    for morceau in morceaux[1:]:
        source, _, suite = morceau.partition("}")
        rempli.append((ligne.get(source) or "")[:60] + suite)
    return "".join(rempli)


def _refine(code: str, cellule: str, raison: str) -> tuple[str, str]:
    """Une position dont la symétrique est en France a ses coordonnées inversées."""
    point = francais.read_point(cellule) if code == "french-gps-coordinates" else None
    if point and francais.is_en_france(point[1], point[0]):
        inverse = f"Inversez : [{point[1]}, {point[0]}]. La longitude vient en premier."
        return "reversed-french-gps-coordinates", inverse
    return code, raison
