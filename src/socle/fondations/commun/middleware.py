"""Middlewares sans métier : trace, compression, confidentialité, refus, transaction par vue."""

import logging
import time
from collections.abc import Callable
from functools import cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from socle.fondations.commun.errors import ErreurMetier, TropDeDemandes
from socle.fondations.commun.identifiants import uuid7
from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.saisie import describe_envoi_refuse

Suite = Callable[[HttpRequest], HttpResponseBase]
trace = logging.getLogger("socle.requetes")


class TraceMiddleware:
    """Écrit une ligne JSON par requête : route, statut, durée. Ni chemin, ni personne."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        debut = time.perf_counter()
        request.identifiant = str(uuid7())  # type: ignore[attr-defined]
        reponse = self.get_response(request)
        route = request.resolver_match.view_name if request.resolver_match else ""
        trace.info(
            "requete",
            extra={
                "identifiant": request.identifiant,  # type: ignore[attr-defined]
                "methode": request.method,
                "route": route,
                "statut": reponse.status_code,
                "ms": round((time.perf_counter() - debut) * 1000, 1),
                "collectivite": getattr(getattr(request, "collectivite", None), "pk", None),
            },
        )
        reponse.headers["X-Request-ID"] = request.identifiant  # type: ignore[attr-defined]
        return reponse


class PolitiqueMiddleware(CSPMiddleware):
    """Politique de sécurité des pages, composée une fois : presque toutes ont la même."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        a_elle = any(nom.startswith("_csp") for nom in (*vars(response), *vars(request)))
        if a_elle or settings.DEBUG:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _compose_politique())
        return response


@cache
def _compose_politique() -> str:
    return str(build_policy())


class CompressionMiddleware(GZipMiddleware):
    """Comprime ce qui est du texte. Un PDF, une archive ou une image l’est déjà.

    Django ajoute une longueur au hasard : deviner un jeton à la taille de la page ne marche pas.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        texte = response.headers.get("Content-Type", "").startswith(("text/", "application/json"))
        if not texte or response.status_code == 206:  # une plage porte sur les octets d’origine
            return response
        return super().process_response(request, response)


class ConfidentialiteMiddleware:
    """Une page liée à une personne n’est pas gardée : poste partagé, bouton « Retour »."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reponse = self.get_response(request)
        if "Cookie" in reponse.get("Vary", "") and "Cache-Control" not in reponse.headers:
            reponse.headers["Cache-Control"] = "private, no-store"
        return reponse


class RefusMiddleware:
    """Montre un refus métier que la vue n’a pas traité, avec son code HTTP et la suite à donner."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return show_refus(request, exception) if isinstance(exception, ErreurMetier) else None


def show_refus(request: HttpRequest, refus: ErreurMetier) -> HttpResponse:
    """Rend la page d’un refus : pourquoi, quoi faire, ce qui était tapé, l’attente s’il y en a."""
    contexte = {
        "message": refus.message,
        "suite": refus.suite,
        **describe_envoi_refuse(request),
    }
    reponse = render(request, "commun/refus.html", contexte, status=refus.statut)
    if isinstance(refus, TropDeDemandes) and refus.secondes:
        reponse.headers["Retry-After"] = str(refus.secondes)
    return reponse


class TransactionMiddleware:
    """Exécute chaque vue dans une transaction au nom de la collectivité et de la personne.

    Doit rester le dernier : `process_view` appelle la vue lui-même. Une vue marquée
    `hors_transaction` s’en charge.
    """

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        vue: Callable[..., HttpResponseBase],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        collectivite = getattr(request, "collectivite", None)
        if getattr(vue, "hors_transaction", False):
            return None
        if collectivite is None and not _has_session(request):
            return None
        personne_id = request.user.pk if _has_session(request) else None
        try:
            with locataire(collectivite.pk if collectivite else None, personne_id=personne_id):
                reponse = vue(request, *args, **kwargs)
                if hasattr(reponse, "render") and callable(reponse.render):
                    reponse = reponse.render()
                return reponse
        except ErreurMetier as refus:
            return show_refus(request, refus)


def _has_session(request: HttpRequest) -> bool:
    """Vrai si la requête porte une session : sinon, ne pas même demander qui est là."""
    return bool(request.session.session_key) and request.user.is_authenticated
