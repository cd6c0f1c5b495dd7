"""Charge le schéma officiel de SEDA, contre lequel chaque versement est contrôlé."""

import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from socle.metiers.archivage.errors import SchemaRefuse
from socle.metiers.archivage.services.schema import load_seda

PAQUET = "cubicweb-seda"
VERSION = "2.4.1"
EMPREINTE = "0ec9737b54d97f5d5c56d948f7c1ecccd63ffc093149a14dbbae72042f741bae"
ORIGINE = f"paquet PyPI {PAQUET} {VERSION}, copie des schémas du SIAF"
LICENCE = "schéma public des Archives de France ; paquet sous LGPL"
DELAI = 120  # secondes


class Command(BaseCommand):
    help = (
        "Charge le schéma officiel de SEDA 2.2 : depuis un dossier ou une archive, ou du paquet "
        "public cubicweb-seda (téléchargé seul, sans ses dépendances, empreinte vérifiée)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source", nargs="?", type=Path, help="dossier, wheel, zip ou tar.gz ; sinon PyPI"
        )
        parser.add_argument("--origine", default="", help="d’où vient la source, noté tel quel")
        parser.add_argument("--licence", default=LICENCE, help="licence de la source")

    def handle(
        self, *, source: Path | None = None, origine: str, licence: str, **options: Any
    ) -> None:
        try:
            if source is not None:
                origine = origine or f"fichiers fournis ({source.resolve().name})"
                version, change = load_seda(source, origine=origine, licence=licence)
            else:
                with tempfile.TemporaryDirectory(prefix="seda-") as dossier:
                    paquet = download(Path(dossier))
                    version, change = load_seda(paquet, origine=ORIGINE, licence=licence)
        except SchemaRefuse as refus:
            raise CommandError(f"{refus.message} Rien n’est changé.") from refus
        etat = "chargé" if change else "déjà chargé"
        self.stdout.write(
            f"Schéma SEDA {version.version} {etat} : {version.nombre} fichiers,"
            f" empreinte {version.empreinte[:16]}, {version.source}."
        )


def download(dossier: Path) -> Path:
    """Télécharge le paquet par pip, et lui seul : ni dépendance, ni code exécuté.

    Raises:
        CommandError: pas de pip, pas de réseau, ou une empreinte inattendue.
    """
    exigences = dossier / "exigences.txt"
    exigences.write_text(f"{PAQUET}=={VERSION} --hash=sha256:{EMPREINTE}\n")
    suite = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    suite += ["--require-hashes", "--dest", str(dossier), "-r", str(exigences)]
    pythons = dict.fromkeys([sys.executable, getattr(sys, "_base_executable", sys.executable)])
    for python in pythons:
        essai = subprocess.run(  # noqa: S603  nos arguments, aucun de l’extérieur
            [python, *suite], capture_output=True, text=True, timeout=DELAI, check=False
        )
        trouves = sorted(dossier.glob("*.whl"))
        if essai.returncode == 0 and trouves:
            return trouves[0]
        if "DO NOT MATCH THE HASHES" in essai.stderr:
            raise CommandError(
                f"Le paquet {PAQUET} {VERSION} téléchargé n’est pas celui que Socle connaît : son"
                " empreinte est autre. Rien n’est changé. Signalez-le à qui maintient Socle."
            )
    raise CommandError(
        f"Le paquet {PAQUET} {VERSION} n’a pas pu être téléchargé. Téléchargez-le ailleurs, puis"
        " donnez son chemin : « gerer charger_seda CHEMIN »."
    )
