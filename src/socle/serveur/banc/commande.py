"""`./socle banc` : mesure vitesse et mémoire d’un serveur d’exploitation."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from socle.serveur.arguments import Analyseur
from socle.serveur.banc import points
from socle.serveur.banc.mesure import Mesure, measure
from socle.serveur.banc.processus import read_pss
from socle.serveur.banc.serveur import start_serveur
from socle.serveur.console import format_duree, format_tableau, say, show
from socle.serveur.dossier import DossierDonnees

DESCRIPTION = """\
Lance un serveur d’exploitation sur des données d’essai et mesure, à 1 et 8 connexions :
débit, latences, instructions SQL et temps de processeur par opération ; puis mémoire et
démarrage. Les données d’essai sont effacées à la fin, sauf avec --donnees."""
CONNEXIONS = (1, 8)
REPOS = 3.0  # secondes avant de lire la mémoire


def main(arguments: list[str]) -> int:
    """Mesure et montre le tableau."""
    analyseur = Analyseur("banc", DESCRIPTION)
    analyseur.add_donnees()
    analyseur.add_json("résultat en JSON sur la dernière ligne")
    analyseur.add_argument(
        "--duree", type=float, default=8.0, metavar="S", help="secondes par mesure (8)"
    )
    analyseur.add_argument(
        "--dossiers",
        type=int,
        default=points.DOSSIERS,
        metavar="N",
        help=f"dossiers semés avant de mesurer ({points.DOSSIERS})",
    )
    analyseur.add_argument("--point", action="append", metavar="NOM", help="seulement ce point")
    choix = analyseur.parse_args(arguments)
    with open_dossier(choix.donnees) as dossier:
        with start_serveur(dossier) as serveur:
            debut = time.monotonic()
            donnees = points.prepare(serveur, choix.dossiers)
            say(f"Données prêtes en {format_duree(time.monotonic() - debut)}.")
            say("Délai avant le dépôt d’un invité : levé (SOCLE_DELAI_INVITE=0).")
        # Un second démarrage : le premier a créé la base.
        with start_serveur(dossier) as serveur:
            time.sleep(REPOS)
            memoire, demarrage = read_pss(serveur.pid), serveur.demarrage
            mesures = []
            for point in points.list_points(donnees):
                if choix.point and point.nom not in choix.point:
                    continue
                for connexions in CONNEXIONS:
                    say(f"{point.nom}, {connexions} connexion{'s' * (connexions > 1)}…")
                    mesures.append(
                        measure(serveur, point, connexions=connexions, duree=choix.duree)
                    )
    show(format_mesures(mesures))
    show(f"\nMémoire au repos : {memoire:.0f} Mio. Démarrage : {format_duree(demarrage)}.")
    if choix.json:
        show(
            json.dumps(
                {
                    "points": [asdict(mesure) for mesure in mesures],
                    "memoire_mib": round(memoire, 1),
                    "demarrage_s": round(demarrage, 2),
                }
            )
        )
    return 0


def format_mesures(mesures: list[Mesure]) -> str:
    """Tableau des mesures."""
    entetes = ("point", "connexions", "par s", "p50 ms", "p95 ms", "SQL", "CPU ms")
    return format_tableau(
        entetes,
        [
            (m.point, *(f"{v:g}".replace(".", ",") for v in list(asdict(m).values())[1:]))
            for m in mesures
        ],
    )


@contextmanager
def open_dossier(demande: Path | None) -> Iterator[DossierDonnees]:
    """Dossier d’essai : celui qu’on donne est gardé, sinon un dossier temporaire est effacé."""
    if demande is not None:
        yield DossierDonnees(demande.expanduser().resolve())
        return
    chemin = Path(tempfile.mkdtemp(prefix="socle-banc-"))
    try:
        yield DossierDonnees(chemin)
    finally:
        shutil.rmtree(chemin, ignore_errors=True)
