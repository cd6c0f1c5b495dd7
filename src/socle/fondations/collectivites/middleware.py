"""Reconnaît la collectivité visitée : `/c/<slug>/…` ou son propre nom d’hôte."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import get_script_prefix, set_script_prefix

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import PROGRAMME, find_collectivite

Suite = Callable[[HttpRequest], HttpResponseBase]


def is_accueil_du_programme(request: HttpRequest) -> bool:
    """Le programme n’a pas de portail à lui : sa page est l’accueil de l’installation."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    return collectivite is not None and (collectivite.slug, request.path_info) == (PROGRAMME, "/")


class LocataireMiddleware:
    """Pose `request.collectivite`, choisit les adresses de collectivité et ôte le préfixe.

    Le préfixe passe dans le préfixe de script de Django : `reverse("dossiers:liste")` donne la
    bonne adresse dans les deux cas, et aucune adresse ne nomme le slug.
    """

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        avant = get_script_prefix()
        try:
            self.resolve(request)
            if is_accueil_du_programme(request):
                return HttpResponseRedirect("/")
            return self.get_response(request)
        finally:
            set_script_prefix(avant)

    def resolve(self, request: HttpRequest) -> None:
        collectivite, prefixe = self.find(request)
        request.collectivite = collectivite  # type: ignore[attr-defined]
        set_script_prefix(prefixe)
        if collectivite is not None:
            request.urlconf = settings.URLCONF_COLLECTIVITE
            request.path_info = "/" + request.path_info.removeprefix(prefixe)

    def find(self, request: HttpRequest) -> tuple[Collectivite | None, str]:
        if request.path_info.startswith("/c/"):
            slug = request.path_info.split("/", 3)[2]
            collectivite = find_collectivite(slug=slug) if slug else None
            return collectivite, f"/c/{slug}/" if collectivite else "/"
        hote = request.get_host().rsplit(":", 1)[0].lower()
        if hote in (settings.HOTE_INSTALLATION, "localhost", "127.0.0.1", "testserver"):
            return None, "/"
        return find_collectivite(hote=hote), "/"
