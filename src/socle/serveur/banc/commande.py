"""`./socle banc` : mesure vitesse et mémoire d’un serveur d’exploitation."""

import json
import shutil
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from socle.serveur.arguments import Analyseur
from socle.serveur.banc import points, programme
from socle.serveur.banc.mesure import Mesure, Point, measure
from socle.serveur.banc.processus import read_pss
from socle.serveur.banc.serveur import ServeurMesure, start_serveur
from socle.serveur.console import format_duree, format_tableau, say, show
from socle.serveur.dossier import DossierDonnees
from socle.serveur.errors import ErreurServeur

DESCRIPTION = """\
Lance un serveur d’exploitation sur des données d’essai et mesure, à 1 et 8 connexions :
débit, latences, instructions SQL et temps de processeur par opération ; puis mémoire et
démarrage. Les données d’essai sont effacées à la fin, sauf avec --donnees.

./socle banc programme mesure, à une connexion, les pages publiques du programme commun, chacune
faite puis inchangée (304), et l’envoi d’une lettre à dix mille adresses.

./socle banc normes mesure les normes (SCDL, BAL, SEDA…) et leurs pairs ; --help en dit plus."""
CONNEXIONS = (1, 8)
REPOS = 3.0  # secondes avant de lire la mémoire


def main(arguments: list[str]) -> int:
    """Mesure et montre le tableau."""
    if arguments[:1] == ["normes"]:
        from socle.serveur.banc.normes import commande

        return commande.main(arguments[1:])
    choix = read_arguments(arguments)
    du_programme = choix.sujet == "programme"
    with open_dossier(choix.donnees) as dossier:
        with start_serveur(dossier) as serveur:
            liste = prepare_points(serveur, choix)
        # Un second démarrage : le premier a créé la base.
        with start_serveur(dossier) as serveur:
            time.sleep(REPOS)
            memoire, demarrage = read_pss(serveur.pid), serveur.demarrage
            mesures = measure_tous(
                serveur,
                [point for point in liste if not choix.point or point.nom in choix.point],
                connexions=choix.connexions or ((1,) if du_programme else CONNEXIONS),
                duree=choix.duree or (2.0 if du_programme else 8.0),
            )
    show(format_mesures(mesures))
    show(f"\nMémoire au repos : {memoire:.0f} Mio. Démarrage : {format_duree(demarrage)}.")
    if du_programme:
        trop = programme.list_depassements(mesures)
        show("\n".join(["Au-delà des objectifs :", *trop]) if trop else "Objectifs tenus.")
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


def read_arguments(arguments: list[str]) -> Namespace:
    """Lit la ligne de commande."""
    analyseur = Analyseur("banc", DESCRIPTION)
    analyseur.add_argument(
        "sujet",
        nargs="?",
        choices=("demarches", "programme"),
        default="demarches",
        help="ce que l’on mesure : les démarches d’une commune (sinon), ou le programme commun",
    )
    analyseur.add_donnees()
    analyseur.add_json("résultat en JSON sur la dernière ligne")
    analyseur.add_argument(
        "--duree", type=float, metavar="S", help="secondes par mesure (8 ; 2 pour le programme)"
    )
    analyseur.add_argument(
        "--connexions", type=int, action="append", metavar="N", help="connexions à la fois"
    )
    analyseur.add_argument(
        "--dossiers",
        type=int,
        default=points.DOSSIERS,
        metavar="N",
        help=f"dossiers semés avant de mesurer ({points.DOSSIERS})",
    )
    analyseur.add_argument(
        "--faits",
        type=int,
        default=programme.FAITS,
        metavar="N",
        help=f"faits d’adoption semés avant de mesurer le programme ({programme.FAITS})",
    )
    analyseur.add_argument("--point", action="append", metavar="NOM", help="seulement ce point")
    return analyseur.parse_args(arguments)


def prepare_points(serveur: ServeurMesure, choix: Namespace) -> list[Point]:
    """Sème les données et rend ce que l’on mesurera."""
    debut = time.monotonic()
    if choix.sujet == "programme":
        liste = programme.list_points(programme.prepare(serveur, choix.faits))
    else:
        liste = points.list_points(points.prepare(serveur, choix.dossiers))
        say("Délai avant le dépôt d’un invité : levé (SOCLE_DELAI_INVITE=0).")
    say(f"Données prêtes en {format_duree(time.monotonic() - debut)}.")
    return liste


def measure_tous(
    serveur: ServeurMesure, liste: list[Point], *, connexions: Sequence[int], duree: float
) -> list[Mesure]:
    """Mesure chaque point à chaque nombre de connexions ; un échec se dit à la fin.

    Raises:
        ErreurServeur: des points ont échoué ; le tableau des autres est montré.
    """
    mesures, echecs = [], []
    for point in liste:
        for nombre in connexions if not point.fois else (1,):
            say(f"{point.nom}, {nombre} connexion{'s' * (nombre > 1)}…")
            try:
                mesures.append(measure(serveur, point, connexions=nombre, duree=duree))
            except ErreurServeur as echec:
                echecs.append(str(echec))
    if echecs:
        show(format_mesures(mesures))
        raise ErreurServeur("\n".join(echecs))
    return mesures


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
