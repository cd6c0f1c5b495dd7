"""L’atelier : charge Django une fois, puis se copie pour le web et le travailleur.

Les copies partagent la mémoire du programme : une centaine de mégaoctets de moins que trois
processus séparés, et un démarrage plus court. L’atelier ne sert rien et n’ouvre aucune connexion ;
il surveille ses copies et les refait.
"""

import argparse
import gc
import multiprocessing
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from socle.serveur.enfants import set_name
from socle.serveur.superviseur import Superviseur

# Objets créés entre deux passages du ramasse-miettes. Une page en crée des milliers, qui meurent
# seuls : au réglage d’origine (700), les chercher prend un vingtième du processeur.
SEUIL_RAMASSE = 10_000


def main(arguments: list[str]) -> int:
    """Charge, copie, surveille jusqu’à SIGTERM."""
    analyseur = argparse.ArgumentParser()
    analyseur.add_argument("--hote", required=True)
    analyseur.add_argument("--port", type=int, required=True)
    analyseur.add_argument("--processus", type=int, default=2)
    analyseur.add_argument("--fils", type=int, default=4)
    choix = analyseur.parse_args(arguments)
    set_name("socle-atelier")
    superviseur = Superviseur()
    with superviseur.handle_signaux():
        application = load_django()
        sys.stdin.buffer.read()  # la base se prépare pendant ce temps
        if not superviseur.arret_demande:
            superviseur.add_copie("socle-web", partial(serve_web, application, choix))
            superviseur.add_copie("socle-taches", run_travailleur)
        try:
            superviseur.watch()
        finally:
            superviseur.stop()
    return 0


def load_django() -> Callable[..., Any]:
    """Charge l’application entière, adresses et gabarits compris, sans toucher à la base."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.db import connections
    from django.template import engines
    from django.urls import get_resolver

    application = get_wsgi_application()
    for urlconf in (settings.ROOT_URLCONF, settings.URLCONF_COLLECTIVITE):
        len(get_resolver(urlconf).reverse_dict)  # importe les vues
    engines.all()
    connections.close_all()
    gc.collect()
    # Ce qui est chargé ne sera plus parcouru : les pages restent partagées entre les copies.
    gc.freeze()
    gc.set_threshold(SEUIL_RAMASSE, 20, 50)
    return application


def serve_web(application: Callable[..., Any], choix: argparse.Namespace) -> None:
    """Sert par granian, en WSGI, processus × fils ; Django tient le journal des requêtes."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    multiprocessing.set_start_method("fork", force=True)  # granian copie à son tour
    serveur = Granian(
        "config.wsgi:application",
        address=choix.hote,
        port=choix.port,
        interface=Interfaces.WSGI,
        workers=choix.processus,
        blocking_threads=choix.fils,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=15,
    )
    serveur.serve(target_loader=lambda _cible: application)


def run_travailleur() -> None:
    """Exécute les tâches différées."""
    from django.core.management import call_command

    call_command("travailler")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
