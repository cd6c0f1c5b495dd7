"""Pages publiques du programme : lues par tous, gardées par les caches, revalidées par ETag."""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

from socle.fondations.commun.versions import read_version

Vue = Callable[..., HttpResponseBase]
QUART_D_HEURE = 900  # ce qui dépend de l’heure, dans une page, se relit au moins ainsi


def page_publique(vue: Vue) -> Vue:
    """Ouvre une vue à tous, en lecture seule ; une page inchangée répond 304.

    Sans session, l’empreinte vient de ce que disent les tables (`versions`) : un 304 coûte une
    instruction SQL, la page n’est pas refaite. Connectée, la personne voit son nom dans l’en-tête :
    l’empreinte vient de la page, et aucun cache partagé ne la garde.
    """
    pour_tous, pour_une = _stamp(vue), conditional_page(vue)

    @wraps(vue)
    def show(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        montre = pour_une if _is_personnelle(request) else pour_tous
        reponse = montre(request, *args, **kwargs)
        patch_vary_headers(reponse, ["Cookie"])
        return reponse

    publique: Vue = login_not_required(require_safe(show))
    return publique


def page_comptee(vue: Vue) -> Vue:
    """Comme `page_publique`, pour une page dont chaque lecture se compte : elle est refaite."""

    @wraps(vue)
    def show(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        reponse = vue(request, *args, **kwargs)
        if not request.user.is_authenticated and not reponse.has_header("Cache-Control"):
            patch_cache_control(reponse, public=True, no_cache=True)
        return reponse

    publique: Vue = login_not_required(require_safe(conditional_page(show)))
    return publique


def _stamp(vue: Vue) -> Vue:
    def show(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        empreinte = compute_empreinte(request)
        reponse: HttpResponseBase | None = get_conditional_response(request, etag=empreinte)
        if reponse is None:
            reponse = vue(request, *args, **kwargs)
            if reponse.status_code != 200:
                return reponse
        reponse.headers["ETag"] = empreinte
        if not reponse.has_header("Cache-Control"):
            patch_cache_control(reponse, public=True, no_cache=True)
        return reponse

    return show


def _is_personnelle(request: HttpRequest) -> bool:
    """Vrai si la page porte ce qui n’est qu’à une personne : son nom, ou un message à lui dire."""
    return bool(request.session.session_key) or "messages" in request.COOKIES


def compute_empreinte(request: HttpRequest) -> str:
    """Empreinte d’une page : son adresse, le moment, la version de Socle et celle des tables."""
    maintenant = timezone.now()
    morceaux = (
        settings.VERSION, settings.NOM_INSTALLATION, settings.BAC_A_SABLE,
        request.get_host(), request.get_full_path(), request.headers.get("HX-Request", ""),
        request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""),  # un formulaire en porte l’empreinte
        timezone.localdate(maintenant), int(maintenant.timestamp()) // QUART_D_HEURE,
        read_version(),
    )  # fmt: skip
    return f'"{hashlib.sha256("|".join(map(str, morceaux)).encode()).hexdigest()[:32]}"'
