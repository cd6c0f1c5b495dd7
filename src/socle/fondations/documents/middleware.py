"""Refuse un envoi trop lourd avant de le lire."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from socle.fondations.commun.entiers import read_entier
from socle.fondations.commun.saisie import describe_envoi_refuse

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
        contexte: dict[str, object] = {"limite": settings.TAILLE_MAX_DOCUMENT}
        if longueur <= A_VIDER_MAX:  # au-delà, le navigateur aura coupé
            request.upload_handlers = [_SansFichier(request)]
            contexte |= describe_envoi_refuse(request)
        _vider(request, longueur)
        reponse = render(request, "413.html", contexte, status=413)
        reponse.headers["Connection"] = "close"
        return reponse


class _SansFichier(FileUploadHandler):
    """Lit les textes d’un envoi trop lourd et saute ses fichiers : la mémoire reste constante."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def _read_longueur(request: HttpRequest) -> int:
    return read_entier(request.META.get("CONTENT_LENGTH"), 0, chiffres=18)


def _vider(request: HttpRequest, longueur: int) -> None:
    """Lit et jette le reste du corps, sinon le navigateur montre « connexion interrompue »."""
    reste = min(longueur, A_VIDER_MAX)
    while reste > 0 and (morceau := request.read(min(reste, 1024 * 1024))):
        reste -= len(morceau)
