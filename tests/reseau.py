"""Le réseau fermé : un essai ne parle qu’à cette machine, et ne cherche aucun nom d’ailleurs."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

tentatives: list[str] = []


class ReseauFerme(BaseException):
    """Un essai a voulu sortir ; hors d’`Exception`, pour qu’aucune reprise ne le cache."""


@contextmanager
def close_reseau() -> Iterator[None]:
    """Refuse toute connexion et toute recherche de nom hors de cette machine."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for nom in ("connect", "connect_ex"):
            monkeypatch.setattr(socket.socket, nom, _close_connexion(getattr(socket.socket, nom)))
        monkeypatch.setattr(socket, "getaddrinfo", _close_recherche(socket.getaddrinfo))
        yield


def check_tentatives() -> None:
    """Fait échouer l’essai qui a tenté de sortir, même si le code éprouvé a survécu au refus."""
    tentees, tentatives[:] = tentatives[:], []
    if tentees:
        pytest.fail(f"L’essai a voulu sortir de la machine : {', '.join(tentees)}", pytrace=False)


def is_adresse(hote: str) -> bool:
    """Dit si c’est une adresse écrite en chiffres : la lire ne demande rien au réseau."""
    try:
        socket.inet_aton(hote)
    except OSError:
        return ":" in hote
    return True


def _close_connexion(origine: Callable[..., Any]) -> Callable[..., Any]:
    def connect(prise: socket.socket, adresse: Any) -> Any:
        if prise.family in (socket.AF_INET, socket.AF_INET6):
            hote = str(adresse[0])
            if hote != "localhost" and not ipaddress.ip_address(hote.partition("%")[0]).is_loopback:
                _refuse(f"connexion à {hote}")
        return origine(prise, adresse)

    return connect


def _close_recherche(origine: Callable[..., Any]) -> Callable[..., Any]:
    def getaddrinfo(hote: Any, *suite: Any, **options: Any) -> Any:
        nom = hote.decode() if isinstance(hote, bytes) else str(hote or "localhost")
        if nom.rpartition(".")[2] != "localhost" and not is_adresse(nom):
            _refuse(f"recherche de {nom}")
        return origine(hote, *suite, **options)

    return getaddrinfo


def _refuse(geste: str) -> None:
    tentatives.append(geste)
    raise ReseauFerme(f"Un essai ne sort pas de la machine : {geste}. Servez-le ici, ou par respx.")
