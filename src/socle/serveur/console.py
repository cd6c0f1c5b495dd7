"""Ce que l’on dit à la personne qui regarde : sorties, durées, tailles, tableaux."""

import json
import sys
from collections.abc import Sequence
from typing import Any, TextIO

INSECABLE = "\N{NO-BREAK SPACE}"
# Un terminal en latin-1 ou en ASCII n’a pas ces signes.
_SIMPLES = str.maketrans(
    {"’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "✗": "x", "œ": "oe",
     "─": "-", "\u202f": " "}
)  # fmt: skip


def say(message: str = "") -> None:
    """Écrit une ligne d’avancement sur la sortie d’erreur : la sortie normale est au résultat."""
    print(_clean(message, sys.stderr), file=sys.stderr, flush=True)


def show(message: str = "") -> None:
    """Écrit une ligne de résultat sur la sortie normale."""
    print(_clean(message, sys.stdout), flush=True)


def show_json(objet: Any) -> None:
    """Écrit un objet sur une ligne ; en ASCII pur si la sortie n’est pas en UTF-8."""
    ascii_seul = not _find_encodage(sys.stdout).startswith("utf")
    show(json.dumps(objet, ensure_ascii=ascii_seul, default=str))


def _clean(message: str, flux: TextIO) -> str:
    """Un nom de fichier peut porter des octets d’aucun encodage : ils deviennent « ? »."""
    encodage, propre = _find_encodage(flux), message.encode("utf-8", "replace").decode()
    if encodage.startswith("utf"):
        return propre
    return propre.translate(_SIMPLES).encode(encodage, "replace").decode(encodage)


def _find_encodage(flux: TextIO) -> str:
    return (getattr(flux, "encoding", None) or "utf-8").lower()


def format_duree(secondes: float) -> str:
    """Durée lisible : « 0,43 s », « 12,3 s », « 2 min 05 s »."""
    if secondes >= 60:
        return f"{int(secondes // 60)} min {int(secondes % 60):02d} s"
    return f"{secondes:.{2 if secondes < 10 else 1}f}{INSECABLE}s".replace(".", ",")


def format_taille(octets: float) -> str:
    """Taille lisible, en unités décimales : « 12,4 Mo »."""
    for unite in ("o", "ko", "Mo", "Go"):
        if octets < 1000:
            return f"{octets:.{0 if unite == 'o' else 1}f}{INSECABLE}{unite}".replace(".", ",")
        octets /= 1000
    return f"{octets:.1f}{INSECABLE}To".replace(".", ",")


def format_tableau(entetes: Sequence[str], lignes: Sequence[Sequence[str]]) -> str:
    """Tableau aligné ; les colonnes qui ne portent que des nombres sont calées à droite."""
    colonnes = list(zip(entetes, *lignes, strict=True))
    largeurs = [max(map(len, colonne)) for colonne in colonnes]
    nombres = [all(_is_nombre(valeur) for valeur in colonne[1:]) for colonne in colonnes]
    rendu = []
    for ligne in (entetes, ["─" * largeur for largeur in largeurs], *lignes):
        cellules = [
            valeur.rjust(largeur) if droite else valeur.ljust(largeur)
            for valeur, largeur, droite in zip(ligne, largeurs, nombres, strict=True)
        ]
        rendu.append("  ".join(cellules).rstrip())
    return "\n".join(rendu)


def _is_nombre(texte: str) -> bool:
    return not texte or texte[0].isdigit()
