"""Processeur et mémoire d’un arbre de processus, lus dans `/proc`."""

import contextlib
import os
from pathlib import Path

TIC = os.sysconf("SC_CLK_TCK")


def list_arbre(racine: int) -> list[int]:
    """Un processus et tous ses descendants."""
    parents: dict[int, list[int]] = {}
    for fiche in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            champs = fiche.read_text().rsplit(")", 1)[1].split()
            parents.setdefault(int(champs[1]), []).append(int(fiche.parent.name))
    trouves = [racine]
    for pid in trouves:
        trouves += parents.get(pid, [])
    return trouves


def read_cpu(racine: int) -> float:
    """Secondes de processeur de l’arbre, enfants déjà finis compris."""
    total = 0
    for pid in list_arbre(racine):
        with contextlib.suppress(OSError, IndexError):
            champs = (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
            total += sum(int(champ) for champ in champs[11:15])
    return total / TIC


def read_pss(racine: int) -> float:
    """Mémoire proportionnelle (PSS) de l’arbre, en Mio : le partagé n’est compté qu’une fois."""
    total = 0
    for pid in list_arbre(racine):
        with contextlib.suppress(OSError):
            texte = (Path("/proc") / str(pid) / "smaps_rollup").read_text()
            total += next(
                int(ligne.split()[1]) for ligne in texte.splitlines() if ligne.startswith("Pss:")
            )
    return total / 1024
