"""`./socle test` : l’essentiel des essais, ou la partie lente avec `--lents`."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from socle.serveur.console import format_duree, say, show
from socle.serveur.dossier import RACINE
from socle.serveur.postgres.binaires import VERSION_MINIMALE

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Part des lignes que les essais doivent parcourir, par motifs de fichiers.
SEUILS = {
    "*/services/*,*/services.py,*/queries/*,*/queries.py,*/permissions.py,*/connecteurs/*": 100,
    "src/socle/*": 95,
}
VISENT_UNE_INSTALLATION = {
    "DATABASE_URL", "DATABASE_URL_FILE", "SOCLE_DONNEES", "SOCLE_DATABASE_URL",
}  # fmt: skip
AIDE = """\
usage : ./socle test [--lents] [--couverture] [options et chemins de pytest]

Lance l’essentiel des essais, navigateur compris si Chromium est là.
  --lents       seulement la partie lente : fuzz, arrêts brutaux, vrais démons, PostgreSQL 15
  --couverture  mesure aussi ce que les essais parcourent, et le juge ; bien plus long

Exemples : ./socle test tests/serveur · ./socle test -k sauvegarde -x"""


def main(arguments: list[str]) -> int:
    """Lance pytest et rend son code de sortie."""
    if {"-h", "--help"} & set(arguments):
        show(AIDE)
        return 0
    lents = "--lents" in arguments
    suite = [argument for argument in arguments if argument not in {"--lents", "--couverture"}]
    say_absences(lents=lents)
    debut = time.monotonic()
    commande = build_commande(suite, lents=lents)
    code = run_couverture(commande) if "--couverture" in arguments else run(commande)
    say(f"Essais {'lents' if lents else 'essentiels'} : {format_duree(time.monotonic() - debut)}.")
    return code


def build_commande(suite: list[str], *, lents: bool) -> list[str]:
    """Ligne de commande de pytest ; plusieurs processus pour tout lancer sur deux cœurs ou plus."""
    commande = [sys.executable, "-P", "-m", "pytest", "-m", "lent" if lents else "not lent"]
    cible = any(not mot.startswith("-") and (RACINE / mot.split("::")[0]).exists() for mot in suite)
    choisit = any(mot.startswith("-n") or mot == "--pdb" for mot in suite)
    parallele = importlib.util.find_spec("xdist") is not None and (os.cpu_count() or 1) > 1
    if parallele and not (cible or choisit):
        # Un processus de plus que deux cœurs : le navigateur et la base font souvent attendre.
        # La partie lente mesure et arrête des serveurs : un par cœur lui suffit.
        processus = "2" if lents else "3"
        commande += ["-n", processus, "--dist", "loadfile", "--no-loadscope-reorder"]
    return [*commande, *suite]


def run(commande: list[str], **environnement: str) -> int:
    """Lance un outil à la racine du projet et rend son code de sortie."""
    env = build_environnement() | environnement
    return subprocess.run(commande, cwd=RACINE, env=env, check=False).returncode


def run_couverture(commande: list[str]) -> int:
    """Joue les essais en suivant les lignes parcourues, puis juge : 1 sous un seuil de `SEUILS`.

    À part des essais de tous les jours : suivre chaque ligne les ralentit de moitié.
    """
    python, sans_dossier, *essais = commande
    outil = [python, sans_dossier, "-m", "coverage"]
    with tempfile.TemporaryDirectory(prefix="socle-couverture-") as dossier:
        suivi = {"COVERAGE_FILE": str(Path(dossier) / "donnees")}
        code = run([*outil, "run", *essais], **suivi)
        run([*outil, "combine", "--quiet"], **suivi)
        for motifs, seuil in SEUILS.items():
            say(f"\nCouverture, {seuil} % attendus de {motifs} :")
            rapport = [*outil, "report", f"--include={motifs}", f"--fail-under={seuil}"]
            code = run(rapport, **suivi) or code
    return min(code, 1)


def build_environnement() -> dict[str, str]:
    """Environnement des essais : celui d’ici, sans ce qui viserait une vraie installation."""
    # Sans fichiers compilés, chaque commande lancée par un essai recompilerait tout le programme.
    otes = {*VISENT_UNE_INSTALLATION, "PYTHONDONTWRITEBYTECODE"}
    return {nom: valeur for nom, valeur in os.environ.items() if nom not in otes}


def find_chromium() -> str:
    """Chemin de Chromium : `SOCLE_CHROMIUM`, puis ceux du système ; vide s’il manque."""
    impose = os.environ.get("SOCLE_CHROMIUM", "")
    if impose:
        return impose
    return next((chemin for nom in CHROMIUMS if (chemin := shutil.which(nom))), "")


def say_absences(*, lents: bool) -> None:
    """Dit quels essais seront sautés, et quoi installer pour les avoir."""
    if not find_chromium():
        say("Chromium est absent : les essais de navigateur seront sautés (apt install chromium).")
    donnees = Path(os.environ.get("SOCLE_TESTS_DONNEES") or RACINE.parent / "shared" / "donnees")
    if not donnees.is_dir():
        say(
            "Les fichiers officiels sont absents : leurs essais seront sautés"
            " (leur dossier se donne dans SOCLE_TESTS_DONNEES)."
        )
    if not lents:
        return
    if not shutil.which("clamd"):
        say("ClamAV est absent : ses essais seront sautés (apt install clamav-daemon).")
    if not Path(f"/usr/lib/postgresql/{VERSION_MINIMALE}/bin/postgres").exists():
        say("PostgreSQL 15 est absent : ses essais seront sautés (apt install postgresql-15).")
