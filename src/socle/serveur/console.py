"""Ce que l’on dit à la personne qui regarde : sorties, durées, tailles, tableaux."""

import sys
from collections.abc import Sequence

INSECABLE = "\N{NO-BREAK SPACE}"


def say(message: str = "") -> None:
    """Écrit une ligne d’avancement sur la sortie d’erreur : la sortie normale est au résultat."""
    print(_clean(message), file=sys.stderr, flush=True)


def show(message: str = "") -> None:
    """Écrit une ligne de résultat sur la sortie normale."""
    print(_clean(message), flush=True)


def _clean(message: str) -> str:
    """Un nom de fichier peut porter des octets d’aucun encodage : ils deviennent « ? »."""
    return message.encode("utf-8", "replace").decode()


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
