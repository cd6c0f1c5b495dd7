"""Ports TCP et question de santé."""

import http.client
import json
import socket
import time

from socle.serveur.errors import ErreurServeur


def find_port_libre() -> int:
    """Numéro d’un port libre sur la boucle locale."""
    with socket.socket() as essai:
        essai.bind(("127.0.0.1", 0))
        return int(essai.getsockname()[1])


def is_libre(hote: str, port: int) -> bool:
    """Dit si l’on peut écouter à cette adresse."""
    famille = socket.AF_INET6 if ":" in hote else socket.AF_INET
    with socket.socket(famille) as essai:
        essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind((hote, port))
        except OSError:
            return False
    return True


def check_port(hote: str, port: int, *, attente: float = 0.0) -> None:
    """Vérifie qu’un port est libre.

    Args:
        attente: secondes laissées au serveur précédent, tué à l’instant, pour le rendre.

    Raises:
        ErreurServeur: le port est pris.
    """
    limite = time.monotonic() + attente
    while not is_libre(hote, port):
        if time.monotonic() >= limite:
            raise ErreurServeur(
                f"Le port {port} est déjà pris par un autre programme.",
                "Arrêtez-le, ou choisissez un autre port avec --port.",
            )
        time.sleep(0.1)


def ask_sante(port: int, hote: str = "127.0.0.1", delai: float = 2.0) -> dict[str, object]:
    """Réponse de `/sante/`, avec son code dans `statut` ; vide si rien ne répond."""
    connexion = http.client.HTTPConnection(hote, port, timeout=delai)
    try:
        connexion.request("GET", "/sante/")
        reponse = connexion.getresponse()
        corps = reponse.read(10_000)
    except (OSError, http.client.HTTPException):
        return {}
    finally:
        connexion.close()
    try:
        contenu = json.loads(corps)
    except ValueError:
        contenu = {}
    return {**(contenu if isinstance(contenu, dict) else {}), "statut": reponse.status}
