"""`./socle verifier` : toutes les vérifications du code, ensemble, en moins d’une minute."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from socle.serveur.arguments import Analyseur
from socle.serveur.console import format_duree, show
from socle.serveur.dossier import RACINE

DESCRIPTION = """\
Style, types, contrats d’architecture, gabarits, migrations manquantes, verrous.
Sort avec 1 si une vérification échoue, et montre ce qu’elle a dit."""
VERROUS = ("requirements.lock", "requirements-dev.lock")
ADRESSE = re.compile(r"://|--(extra-)?index-url|--find-links|@ file")
VERSION = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class Resultat:
    """Issue d’une vérification ; `sortie` n’est montrée que si elle échoue."""

    nom: str
    bon: bool
    sortie: str
    secondes: float


def main(arguments: list[str]) -> int:
    """Vérifie tout et rend 1 au moindre échec."""
    Analyseur("verifier", DESCRIPTION).parse_args(arguments)
    debut = time.monotonic()
    verifications = list_verifications()
    with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as executeur:
        resultats = list(executeur.map(_measure, verifications, verifications.values()))
    for resultat in resultats:
        etat = "bien " if resultat.bon else "ÉCHEC"
        show(f"{etat}  {resultat.nom} ({format_duree(resultat.secondes)})")
    echecs = [resultat for resultat in resultats if not resultat.bon]
    for resultat in echecs:
        show(f"\n── {resultat.nom}\n{resultat.sortie.strip()}")
    show(
        f"\n{len(resultats) - len(echecs)} vérifications sur {len(resultats)} passent"
        f" ({format_duree(time.monotonic() - debut)})."
    )
    return 1 if echecs else 0


def list_verifications() -> dict[str, Callable[[], tuple[bool, str]]]:
    """Vérifications par nom, les plus longues d’abord."""
    python = (sys.executable, "-P", "-m")
    return {
        "types (mypy)": partial(_run, [*python, "mypy", "src/socle", "config"]),
        "gabarits (djlint)": partial(_run, [*python, "djlint", "src", "--lint", "--quiet"]),
        "contrats (import-linter)": partial(_run, [_find_script("lint-imports"), "--no-cache"]),
        "migrations manquantes": partial(
            _run, [*python, "django", "makemigrations", "--check", "--dry-run"]
        ),
        "style (ruff check)": partial(_run, [*python, "ruff", "check", ".", "socle"]),
        "mise en forme (ruff format)": partial(
            _run, [*python, "ruff", "format", "--check", ".", "socle"]
        ),
        "verrous": check_verrous,
    }


def check_verrous() -> tuple[bool, str]:
    """Vérifie que les verrous n’ont pas d’adresse, ont des empreintes, et s’accordent."""
    fautes = []
    versions: list[dict[str, str]] = []
    for nom in VERROUS:
        texte = (RACINE / nom).read_text("utf-8")
        if ADRESSE.search(texte):
            fautes.append(f"{nom} contient une adresse de dépôt.")
        versions.append(dict(VERSION.findall(texte)))
        sans = [bloc for bloc in re.split(r"\n(?=[A-Za-z0-9])", texte) if _lacks_empreinte(bloc)]
        fautes += [f"{nom} : pas d’empreinte pour {bloc.split()[0]}." for bloc in sans]
    exploitation, dev = versions
    fautes += [
        f"{paquet} n’a pas la même version dans les deux verrous."
        for paquet, version in exploitation.items()
        if dev.get(paquet) != version
    ]
    return not fautes, "\n".join(fautes)


def _lacks_empreinte(bloc: str) -> bool:
    return bool(VERSION.match(bloc)) and "--hash=sha256:" not in bloc


def _run(commande: Sequence[str]) -> tuple[bool, str]:
    environnement = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SOCLE_SECRET_KEY": "verification-seulement-sans-valeur-secrete",
        "PYTHONWARNINGS": "ignore::RuntimeWarning",  # sans base, makemigrations prévient
        "NO_COLOR": "1",
    }
    essai = subprocess.run(
        commande,
        cwd=RACINE,
        env=environnement,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return essai.returncode == 0, essai.stdout + essai.stderr


def _measure(nom: str, verification: Callable[[], tuple[bool, str]]) -> Resultat:
    debut = time.monotonic()
    bon, sortie = verification()
    return Resultat(nom, bon, sortie, time.monotonic() - debut)


def _find_script(nom: str) -> str:
    return os.path.join(os.path.dirname(sys.executable), nom)  # noqa: PTH118, PTH120
