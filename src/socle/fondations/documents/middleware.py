"""Refuse un envoi trop lourd avant de le lire."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

MARGE = 6 * 1024 * 1024  # les textes du formulaire, autour du fichier
A_VIDER_MAX = 512 * 1024 * 1024
Suite = Callable[[HttpRequest], HttpResponseBase]


class TailleMiddleware:
    """Répond 413 d’après la longueur annoncée, avant que CSRF ou la vue ne lise le corps.

    Une requête sans longueur a un corps vide pour WSGI : rien ne passe à côté.
    """

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        limite = settings.TAILLE_MAX_DOCUMENT + MARGE
        longueur = _read_longueur(request)
        if longueur <= limite:
            return self.get_response(request)
        _vider(request, longueur)
        reponse = render(request, "413.html", {"limite": settings.TAILLE_MAX_DOCUMENT}, status=413)
        reponse.headers["Connection"] = "close"
        return reponse


def _read_longueur(request: HttpRequest) -> int:
    texte = request.META.get("CONTENT_LENGTH") or "0"
    return int(texte) if texte.isdecimal() else 0


def _vider(request: HttpRequest, longueur: int) -> None:
    """Lit et jette le corps : sans cela, le navigateur montre « connexion interrompue »."""
    reste = min(longueur, A_VIDER_MAX)
    while reste > 0 and (morceau := request.read(min(reste, 1024 * 1024))):
        reste -= len(morceau)
