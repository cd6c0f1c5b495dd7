"""`./socle banc normes` : médianes, tableau, et rapport à chaque pair."""

import json
import tempfile
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from socle.serveur.arguments import Analyseur
from socle.serveur.banc.normes.mesure import FAUTIF, Mesure, measure
from socle.serveur.banc.normes.pairs import PAIRS, install
from socle.serveur.banc.normes.points import POINTS, Point
from socle.serveur.console import format_tableau, say, show
from socle.serveur.errors import ErreurServeur

DESCRIPTION = """\
Mesure chaque norme dans un processus neuf, et son pair dans la même course : médiane du temps,
plus haute mémoire, rapport. Les pairs s’installent à part, sauf avec --sans-pairs ; --pairs
DOSSIER les garde pour la fois d’après."""


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne du tableau : notre temps, ou celui d’un pair et son rapport au nôtre."""

    point: str
    qui: str
    secondes: float
    processeur_s: float
    memoire_mib: float
    fois: int
    rapport: float | None = None
    voulu: str = ""
    tenu: bool | None = None


def main(arguments: list[str]) -> int:
    """Mesure et montre le tableau ; rend 0, même si un objectif n’est pas tenu."""
    choix = read_arguments(arguments)
    lignes: list[Ligne] = []
    passes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="socle-banc-normes-") as dossier:
        pairs = choix.pairs.expanduser().resolve() if choix.pairs else Path(dossier) / "pairs"
        pairs.mkdir(parents=True, exist_ok=True)
        for point in POINTS:
            if not choix.point or point.nom in choix.point:
                lignes += measure_point(point, choix, Path(dossier), pairs, passes)
    show(format_lignes(lignes))
    show("\n".join(dict.fromkeys(passes)))
    if choix.json:
        show(json.dumps({"points": [asdict(ligne) for ligne in lignes], "passes": passes}))
    return 0


def read_arguments(arguments: list[str]) -> Namespace:
    """Lit la ligne de commande."""
    analyseur = Analyseur("banc normes", DESCRIPTION)
    analyseur.add_json("résultat en JSON sur la dernière ligne")
    analyseur.add_argument("--fois", type=int, default=5, metavar="N", help="courses (5)")
    analyseur.add_argument(
        "--echelle", type=float, default=1.0, metavar="X",
        help="part de la taille pleine, 0.1 par exemple ; rien n’est alors jugé",
    )  # fmt: skip
    analyseur.add_argument("--point", action="append", metavar="NOM", help="seulement ce point")
    analyseur.add_argument("--sans-pairs", action="store_true", help="ne mesure que Socle")
    analyseur.add_argument(
        "--pairs", type=Path, metavar="DOSSIER", help="où garder les pairs installés"
    )
    choix = analyseur.parse_args(arguments)
    noms = {point.nom for point in POINTS}
    for nom in choix.point or ():
        if nom not in noms:
            raise ErreurServeur(f"Le point « {nom} » n’existe pas.", f"Au choix : {sorted(noms)}.")
    return choix


def measure_point(
    point: Point, choix: Namespace, dossier: Path, pairs: Path, passes: list[str]
) -> list[Ligne]:
    """Mesure un point, puis ses pairs ; un pair absent est dit dans `passes`."""
    taille = max(1, int(point.taille * choix.echelle)) if point.taille > 1 else 1
    say(f"{point.titre}…")
    fichiers = point.prepare(dossier, taille)
    notre = measure(
        point.commande(fichiers, taille),
        fois=choix.fois,
        dossier=dossier,
        lit_le_temps=point.tache,
        permis=(0,) if point.tache else (FAUTIF,),
    )
    pleine = choix.echelle == 1  # petit, le démarrage pèse plus que le travail
    lignes = [_judge(point, notre, pleine)]
    if point.reference:
        lui = measure(
            point.reference(fichiers, taille), fois=choix.fois, dossier=dossier, lit_le_temps=True
        )
        lignes.append(_compare(point, point.nom_reference, lui, notre, point.voulu, pleine))
    for nom, voulu in () if choix.sans_pairs else point.pairs.items():
        pair = PAIRS[nom]
        if raison := install(pair, pairs):
            passes.append(f"{pair.version} : passé, {raison}.")
            continue
        say(f"{point.titre}, par {pair.version}…")
        try:
            commande = pair.build_commande(pairs, fichiers)
            lui = measure(commande, fois=choix.fois, dossier=pairs / pair.nom)
        except ErreurServeur as echec:
            passes.append(f"{pair.version} : passé, {echec}")
            continue
        lignes.append(_compare(point, pair.version, lui, notre, voulu, pleine))
    for fichier in fichiers:
        fichier.unlink(missing_ok=True)
    return lignes


def _judge(point: Point, notre: Mesure, pleine: bool) -> Ligne:
    voulus = [f"≤ {_write(point.secondes)} s"] if point.secondes else []
    voulus += [f"≤ {point.memoire:.0f} Mio"] if point.memoire else []
    tenu = (not point.secondes or notre.secondes <= point.secondes) and (
        not point.memoire or notre.memoire <= point.memoire
    )
    return Ligne(
        point.nom, "Socle", notre.secondes, notre.processeur, notre.memoire, notre.fois,
        voulu=", ".join(voulus), tenu=tenu if voulus and pleine else None,
    )  # fmt: skip


def _compare(
    point: Point, qui: str, lui: Mesure, notre: Mesure, voulu: float, pleine: bool
) -> Ligne:
    rapport = lui.secondes / notre.secondes
    return Ligne(
        point.nom, qui, lui.secondes, lui.processeur, lui.memoire, lui.fois,
        rapport=round(rapport, 2),
        voulu=f"≥ {_write(voulu)} ×", tenu=rapport >= voulu if pleine else None,
    )  # fmt: skip


def format_lignes(lignes: Sequence[Ligne]) -> str:
    """Tableau : médiane, mémoire, rapport (temps du pair ÷ le nôtre), objectif."""
    mots = {None: "", True: "tenu", False: "manqué"}
    return format_tableau(
        ("point", "par", "médiane s", "processeur s", "Mio", "fois", "rapport", "objectif", ""),
        [
            (
                ligne.point, ligne.qui, _write(ligne.secondes), _write(ligne.processeur_s),
                f"{ligne.memoire_mib:.0f}", str(ligne.fois),
                "" if ligne.rapport is None else _write(ligne.rapport), ligne.voulu,
                mots[ligne.tenu],
            )
            for ligne in lignes
        ],
    )  # fmt: skip


def _write(nombre: float) -> str:
    return f"{nombre:.3g}".replace(".", ",")
