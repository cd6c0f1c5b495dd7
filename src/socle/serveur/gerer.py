"""`./socle gerer` : commandes de gestion de Django, base prête et bons rôles."""

import os
import sys

from socle.serveur.base import open_base
from socle.serveur.dossier import DossierDonnees
from socle.serveur.installation import PORT, Installation

# Ces commandes changent le schéma ou vident des tables : elles prennent le rôle du propriétaire.
POUR_PROPRIETAIRE = frozenset({"migrate", "flush", "sqlflush", "dbshell"})
SANS_BASE = frozenset(
    {
        "help",
        "version",
        "--help",
        "-h",
        "--version",
        "check",
        "makemigrations",
        "findstatic",
        "documenter",
    }
)


def main(arguments: list[str]) -> int:
    """Lance une commande de gestion dans ce processus.

    Le dossier des données vient de `SOCLE_DONNEES` : les arguments sont tous pour Django.
    """
    commande = arguments[0] if arguments else "help"
    if commande in SANS_BASE:
        os.environ.setdefault("SOCLE_SECRET_KEY", "sans-objet-ici-" * 3)
        return _run(arguments or ["help"])
    dossier = DossierDonnees.choose()
    with open_base(dossier) as base:
        installation = Installation(
            dossier,
            base.acces,
            port=int(os.environ.get("SOCLE_PORT", PORT)),
            bac_a_sable=dossier.demonstration or os.environ.get("SOCLE_BAC_A_SABLE") == "1",
            simulateurs_url=os.environ.get("SOCLE_SIMULATEURS_URL", ""),
        )
        environnement = installation.build_environnement(proprietaire=commande in POUR_PROPRIETAIRE)
        os.environ.clear()
        os.environ.update(environnement)
        return _run(arguments)


def _run(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(["./socle gerer", *arguments])
    except SystemExit as fin:
        if isinstance(fin.code, str):
            print(fin.code, file=sys.stderr)
            return 1
        return fin.code or 0
    return 0
