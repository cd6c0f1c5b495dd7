"""Ligne de commande : `python -m socle.simulateurs --port 8100 --base-url http://…/simulateurs`."""

import argparse
import os
import sys
from pathlib import Path

from socle.simulateurs.configuration import ConfigurationInvalide, create_configuration
from socle.simulateurs.serveur import create_serveur, serve


def create_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m socle.simulateurs",
        description="Joue hors ligne FranceConnect, ProConnect et les API de l’État.",
    )
    parser.add_argument("--port", type=int, required=True, help="port d’écoute, 0 = au choix")
    parser.add_argument("--hote", default="127.0.0.1", help="adresse d’écoute")
    parser.add_argument(
        "--base-url", default="", help="adresse publique (défaut : celle de l’écoute)"
    )
    parser.add_argument("--config", type=Path, help="clients et réglages, fichier JSON")
    parser.add_argument("--cles", type=Path, help="fichier où garder les clés d’un essai à l’autre")
    parser.add_argument(
        "--prefixe",
        action="append",
        default=[],
        help="début d’adresses de retour permis au client de démonstration (répétable)",
    )
    parser.add_argument(
        "--lenteur", type=float, default=8.0, help="secondes d’attente d’une panne « lent »"
    )
    parser.add_argument(
        "--suivre-parent", action="store_true", help="s’arrête quand le processus parent finit"
    )
    parser.add_argument("--discret", action="store_true", help="ne dit pas que tout est prêt")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Sert les simulateurs. Statut 0 à l’arrêt demandé, 2 si un réglage est faux."""
    parent = os.getppid()  # lu d’abord : une fois mort, ce ne serait plus lui
    options = create_parser().parse_args(arguments)
    base_url = options.base_url or f"http://{options.hote}:{options.port}"
    try:
        configuration = create_configuration(
            base_url,
            fichier=options.config,
            prefixes=tuple(options.prefixe),
            lenteur=options.lenteur,
        )
    except ConfigurationInvalide as erreur:
        print(f"Simulateurs : {erreur}", file=sys.stderr)
        return 2
    try:
        serveur = create_serveur(
            configuration, hote=options.hote, port=options.port, cles=options.cles
        )
    except OSError as erreur:
        print(
            f"Simulateurs : le port {options.port} ne peut pas être ouvert ({erreur.strerror}).",
            file=sys.stderr,
        )
        return 2
    if not options.discret:
        print(
            f"Simulateurs prêts sur le port {serveur.port}, adresse publique {base_url}", flush=True
        )
    serve(serveur, parent=parent if options.suivre_parent else 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
