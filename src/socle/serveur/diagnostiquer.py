"""`./socle diagnostiquer` : l’état de chaque partie, et que faire."""

import json
from dataclasses import asdict

from socle.serveur.arguments import Analyseur
from socle.serveur.console import show
from socle.serveur.diagnostic import Constat, Niveau, list_constats
from socle.serveur.dossier import DossierDonnees
from socle.serveur.service import read_port

DESCRIPTION = """\
Dit l’état de chaque partie de l’installation et de ses connecteurs, vraiment essayés.
Sort avec 0 si rien n’est en panne (une attention n’en est pas une), 1 sinon. Ne change rien.
Une minute au plus pour tous les connecteurs."""


def main(arguments: list[str]) -> int:
    """Montre les constats, les pannes à la fin de chaque partie."""
    analyseur = Analyseur("diagnostiquer", DESCRIPTION)
    analyseur.add_donnees()
    analyseur.add_port()
    analyseur.add_json()
    choix = analyseur.parse_args(arguments)
    constats = list_constats(DossierDonnees.choose(choix.donnees), read_port(choix.port))
    if choix.json:
        show(json.dumps([asdict(constat) for constat in constats], ensure_ascii=False))
    else:
        for constat in constats:
            show(format_constat(constat))
    return 1 if any(constat.niveau == Niveau.PANNE for constat in constats) else 0


def format_constat(constat: Constat) -> str:
    """Une ligne par constat, suivie de ce qu’il faut faire."""
    pour = f" [{constat.pour}]" if constat.pour else ""
    ligne = f"{constat.niveau:<9} {constat.partie}{pour} : {constat.message}"
    return f"{ligne}\n          → {constat.suite}" if constat.suite else ligne
