"""Le réseau des essais est fermé : sortir échoue, et se sait même si le code l’a caché."""

import socket

import pytest

from tests.reseau import ReseauFerme, check_tentatives


def test_leaving_the_machine_fails_and_is_told():
    with pytest.raises(ReseauFerme, match=r"recherche de exemple\.fr"):
        socket.create_connection(("exemple.fr", 443), timeout=1)
    with socket.socket() as prise, pytest.raises(ReseauFerme, match=r"connexion à 192\.0\.2\.1"):
        prise.connect_ex(("192.0.2.1", 443))
    with pytest.raises(pytest.fail.Exception, match=r"recherche de exemple\.fr, connexion à 192"):
        check_tentatives()
    check_tentatives()  # dit une fois, oublié


def test_this_machine_stays_open():
    with socket.create_server(("127.0.0.1", 0)) as serveur:
        socket.create_connection(("localhost", serveur.getsockname()[1]), timeout=5).close()
    check_tentatives()
