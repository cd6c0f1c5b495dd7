"""Refait les fichiers statiques de Socle : feuille de style, htmx, police, licences.

Les fichiers produits sont versés au dépôt : une installation n’a besoin ni de Node ni de npm. Cette
commande sert à qui modifie `commun/sass/` ou change une version ci-dessous.
"""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from socle.fondations import commun

COMMUN = Path(commun.__file__).parent
SASS = COMMUN / "sass"
STATIQUES = COMMUN / "static"

# Versions exactes : la même commande doit rendre les mêmes octets.
PAQUETS = {
    "@fontsource-variable/atkinson-hyperlegible-next": "5.3.0",
    "bootstrap": "5.3.9",
    "htmx.org": "2.0.11",
    "sass": "1.108.2",
}
LIVRES = {
    "@fontsource-variable/atkinson-hyperlegible-next": (
        "Atkinson Hyperlegible Next, police de caractères (sous-ensemble latin)",
        "OFL-1.1",
    ),
    "bootstrap": ("Bootstrap, parties reboot, grid et utilities de la feuille de style", "MIT"),
    "htmx.org": ("htmx, échanges partiels de page", "0BSD"),
}
POLICE = "atkinson-hyperlegible-next-latin-wght-normal.woff2"
COPIES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    f"polices/{POLICE}": f"@fontsource-variable/atkinson-hyperlegible-next/files/{POLICE}",
}
DELAI = 300  # secondes


class Command(BaseCommand):
    help = "Refait la feuille de style, htmx, la police et leurs licences (demande npm)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--verifier",
            action="store_true",
            help="ne modifie rien ; échoue si un fichier du dépôt n’est plus à jour",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not shutil.which("npm"):
            raise CommandError(
                "npm est introuvable. Installez Node.js 20 ou plus récent, puis relancez."
            )
        with tempfile.TemporaryDirectory(prefix="socle-statiques-") as dossier:
            atelier = Path(dossier)
            install_paquets(atelier)
            produits = build_statiques(atelier / "node_modules")
        if options["verifier"]:
            self.compare(produits)
        else:
            self.write(produits)

    def compare(self, produits: dict[str, bytes]) -> None:
        """Compare au dépôt sans rien écrire."""
        perimes = [nom for nom, octets in produits.items() if _read(STATIQUES / nom) != octets]
        if perimes:
            raise CommandError(
                f"À refaire : {', '.join(perimes)}. Lancez ./socle gerer assembler_statiques."
            )
        self.stdout.write("Les fichiers statiques sont à jour.")

    def write(self, produits: dict[str, bytes]) -> None:
        """Remplace les fichiers du dépôt."""
        for nom, octets in produits.items():
            chemin = STATIQUES / nom
            chemin.parent.mkdir(parents=True, exist_ok=True)
            chemin.write_bytes(octets)
            self.stdout.write(f"{nom} : {len(octets) / 1000:.1f} ko")


def install_paquets(atelier: Path) -> None:
    """Installe les paquets npm dans un dossier jetable, sans exécuter leurs scripts."""
    (atelier / "package.json").write_text(json.dumps({"private": True, "dependencies": PAQUETS}))
    _run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", dossier=atelier)


def build_statiques(modules: Path) -> dict[str, bytes]:
    """Rend le contenu de chaque fichier produit, par chemin relatif à static/."""
    produits = {nom: (modules / source).read_bytes() for nom, source in COPIES.items()}
    produits["socle.css"] = compile_sass(modules)
    produits["LICENCES.txt"] = write_licences(modules).encode()
    return produits


def compile_sass(modules: Path) -> bytes:
    """Compile `sass/socle.scss`. La première ligne porte l’empreinte des sources."""
    css = _run(
        "node",
        str(modules / "sass" / "sass.js"),
        f"--load-path={modules}",
        "--style=compressed",
        "--no-source-map",
        "--quiet-deps",
        # Bootstrap 5.3 emploie encore ces tournures ; sass est figé à une version qui les accepte.
        "--silence-deprecation=import,global-builtin,color-functions,if-function",
        str(SASS / "socle.scss"),
        dossier=modules,
    )
    corps = css.removeprefix("\ufeff").removeprefix('@charset "UTF-8";').strip()
    entete = (
        "/* Socle, licence MIT. Contient Bootstrap (MIT) : voir LICENCES.txt."
        f" Sources : {compute_empreinte_sources()} */"
    )
    return f'@charset "UTF-8";{entete}\n{corps}\n'.encode()


def compute_empreinte_sources() -> str:
    """SHA-256 des fichiers Sass et des versions, en seize caractères."""
    empreinte = hashlib.sha256(json.dumps(PAQUETS, sort_keys=True).encode())
    for fichier in sorted(SASS.glob("*.scss")):
        empreinte.update(fichier.name.encode() + b"\0" + fichier.read_bytes() + b"\0")
    return empreinte.hexdigest()[:16]


def write_licences(modules: Path) -> str:
    """Réunit le texte de chaque licence, comme l’OFL et la licence MIT le demandent."""
    return "\n".join(_iter_licences(modules)) + "\n"


def _iter_licences(modules: Path) -> Iterator[str]:
    yield "Ce que Socle livre et n’a pas écrit. Refait par ./socle gerer assembler_statiques."
    for paquet, (nom, licence) in LIVRES.items():
        yield f"\n{'=' * 78}\n{nom}\n{paquet} {PAQUETS[paquet]}, licence {licence}\n{'=' * 78}\n"
        yield (modules / paquet / "LICENSE").read_text().strip()


def _run(*commande: str, dossier: Path) -> str:
    chemin = shutil.which(commande[0]) or commande[0]
    fini = subprocess.run(  # noqa: S603  arguments écrits ici, aucun ne vient d’une personne
        [chemin, *commande[1:]],
        cwd=dossier,
        capture_output=True,
        text=True,
        timeout=DELAI,
        check=False,
    )
    if fini.returncode:
        raise CommandError(f"« {commande[0]} » a échoué : {fini.stderr.strip()[-2000:]}")
    return fini.stdout


def _read(chemin: Path) -> bytes:
    return chemin.read_bytes() if chemin.exists() else b""
