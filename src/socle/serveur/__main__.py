"""Entrée de `./socle` : choisit la commande, traduit les erreurs prévues en phrases."""

import atexit
import importlib
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from socle.serveur.arguments import UsageIncorrect
from socle.serveur.console import say, show
from socle.serveur.errors import ErreurServeur
from socle.serveur.racine import RACINE

COMMANDES = {
    "demo": "installe tout, joue la démarche d’un bout à l’autre, puis sert le site",
    "servir": "sert le site en exploitation",
    "test": "lance les essais (--lents : la partie lente)",
    "verifier": "lance toutes les vérifications du code",
    "gerer": "lance une commande de gestion (./socle gerer help)",
    "diagnostiquer": "dit l’état de chaque partie et que faire",
    "sauvegarder": "met la base et les documents dans un fichier",
    "restaurer": "remet en place une sauvegarde",
    "preuve": "vérifie un dossier de preuve, hors ligne",
    "banc": "mesure vitesse et mémoire",
    "normes": "contrôle et corrige les fichiers des normes officielles",
    "captures": "refait les images de la documentation (docs/images)",
}
# Les commandes tenues dans un paquet ; les autres sont un module de leur nom.
MODULES = {"demo": "demo.commande", "banc": "banc.commande", "normes": "normes.commande"}
INTERROMPU = 130


def main(arguments: list[str]) -> int:
    """Lance une commande et rend son code de sortie : 0 bien, 1 échec, 2 usage."""
    if not arguments or arguments[0] in {"-h", "--help", "aide"}:
        show_aide()
        return 0
    commande, *suite = arguments
    # Une fin demandée laisse quitter la base ; `servir` a sa propre façon de s’arrêter.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        if commande not in COMMANDES:
            raise UsageIncorrect(
                f"La commande « {commande} » n’existe pas.",
                f"Les commandes : {', '.join(COMMANDES)}.",
            )
        load_fichier_env(RACINE / ".env")
        module = MODULES.get(commande, commande)
        return int(importlib.import_module(f"socle.serveur.{module}").main(suite) or 0)
    except UsageIncorrect as refus:
        say(str(refus))
        return 2
    except ErreurServeur as erreur:
        say(f"Erreur : {erreur}")
        return 1
    except KeyboardInterrupt:
        say("\nInterrompu.")
        return INTERROMPU
    except BrokenPipeError:  # la sortie a été fermée, par `head` par exemple
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def leave(code: int) -> NoReturn:
    """Quitte sans démonter l’interpréteur : cela dure autant que de contrôler un petit fichier."""
    atexit._run_exitfuncs()  # noqa: SLF001  `os._exit` ne les joue pas
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def show_aide() -> None:
    """Montre l’aide courte."""
    show("Socle : les services numériques d’une collectivité, de la demande à l’archive.\n")
    show("usage : ./socle COMMANDE [options]\n")
    for nom, resume in COMMANDES.items():
        show(f"  {nom:<14}{resume}")
    show("\nL’aide d’une commande : ./socle COMMANDE --help")


def load_fichier_env(fichier: Path) -> None:
    """Ajoute à l’environnement les lignes de `.env` qui n’y sont pas déjà."""
    if fichier.exists():
        from dotenv import load_dotenv

        load_dotenv(fichier, override=False)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    if sys.argv[1:2] == ["normes"]:
        leave(code)
    sys.exit(code)
