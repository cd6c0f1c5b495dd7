"""Ouvrir la session d’une personne dont le lien reçu vient de prouver l’adresse."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponseBase

from socle.fondations.comptes.models import Compte


def open_session(request: HttpRequest, compte: Compte) -> HttpResponseBase:
    """Connecte ce compte ; le second facteur lui est demandé avant toute autre page."""
    reponse: HttpResponseBase = perform_login(request, Login(user=compte))
    return reponse
