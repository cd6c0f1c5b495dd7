"""Pages publiques du programme : lues par tous, gardées par les caches, revalidées par ETag."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

Vue = Callable[..., HttpResponseBase]


def page_publique(vue: Vue) -> Vue:
    """Ouvre une vue à tous, en lecture seule ; une page inchangée répond 304.

    Seule la page d’une personne sans session va dans un cache partagé : connectée, son nom est
    dans l’en-tête, et la page n’est gardée par personne.
    """

    @wraps(vue)
    def show(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        reponse = vue(request, *args, **kwargs)
        if not request.user.is_authenticated and not reponse.has_header("Cache-Control"):
            patch_cache_control(reponse, public=True, no_cache=True)
        return reponse

    publique: Vue = login_not_required(require_safe(conditional_page(show)))
    return publique
