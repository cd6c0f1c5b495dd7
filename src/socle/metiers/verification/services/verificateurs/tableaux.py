"""Tableaux : données ouvertes (SCDL et autres schémas), base adresse locale."""

from functools import cache

from socle.metiers.verification.ports import Apercu, Verificateur
from socle.normes.scdl.definitions import CODES, get_schema

PROPRES_A_LA_BAL = {"cle_interop", "uid_adresse", "id_ban_adresse", "voie_nom", "commune_insee"}
TABLEAUX = {".csv", ".tsv", ".txt", ".xlsx", ".ods"}


@cache
def read_colonnes() -> dict[str, frozenset[str]]:
    """Schéma → ses colonnes, en minuscules."""
    return {
        code: frozenset(champ.nom.lower() for champ in get_schema(code).champs) for code in CODES
    }


def recognise_bal(apercu: Apercu) -> int:
    """Une BAL se reconnaît à sa clé d’interopérabilité, sinon à deux autres de ses colonnes."""
    lues = {colonne.lower() for colonne in apercu.colonnes}
    if "cle_interop" in lues:
        return 95
    return 70 if len(lues & PROPRES_A_LA_BAL) >= 2 else 0


def recognise_scdl(apercu: Apercu) -> int:
    """Sûr si un schéma s’impose ; sinon un tableau quelconque, dont il faut dire le schéma."""
    if guess_schema(apercu):
        return 80
    est_classeur = "xl/workbook.xml" in apercu.entrees or "content.xml" in apercu.entrees
    est_texte = not apercu.entrees and len(apercu.colonnes) > 1
    return 45 if apercu.extension in TABLEAUX and (est_classeur or est_texte) else 0


def guess_schema(apercu: Apercu) -> str:
    """Le schéma dont au moins la moitié des colonnes sont là ; sinon, celui que dit le nom."""
    lues = {colonne.lower() for colonne in apercu.colonnes}
    notes = [(_compare(lues, colonnes), code) for code, colonnes in read_colonnes().items()]
    note, code = max(notes)
    if note >= 0.5:
        return code
    nom = apercu.nom.lower()
    mots = [code for code in CODES if code.rpartition("/")[2] in nom]
    return max(mots, key=len, default="") if apercu.extension in TABLEAUX else ""


def _compare(lues: set[str], colonnes: frozenset[str]) -> float:
    """Part commune des colonnes du fichier et de celles du schéma, la plus favorable des deux."""
    if not lues:
        return 0.0
    communes = len(lues & colonnes)
    return max(communes / len(colonnes), communes / max(len(lues), 3))


VERIFICATEURS = (
    Verificateur(
        norme="scdl",
        titre="Tableau de données ouvertes",
        exemple="deliberations.csv, subventions.xlsx, prenoms.ods",
        recognise=recognise_scdl,
        verbe_corriger="corriger",
        choix=tuple((code, get_schema(code).titre) for code in CODES),
        guess=guess_schema,
        build_options=lambda choix: ["--schema", choix],
        accepts_schema=lambda apercu: apercu.extension in TABLEAUX,
    ),
    Verificateur(
        norme="bal",
        titre="Base adresse locale (BAL)",
        exemple="bal_92023.csv",
        recognise=recognise_bal,
        verbe_corriger="corriger",
    ),
)
