"""Ce que partagent les vues : pages publiques que l’on peut garder, gestes d’une page."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe

from socle.fondations.commun.errors import ErreurMetier

SECONDES = 60


def page_publique(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ouvre une page à tous ; sans connexion, elle se garde une minute et se revérifie par ETag."""

    @login_not_required
    @require_safe
    @wraps(vue)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reponse = vue(request, *args, **kwargs)
        if request.session.session_key or reponse.status_code != 200:
            return reponse
        etag = quote_etag(sha256(reponse.content).hexdigest()[:32])
        if _matches(request, etag):
            reponse = HttpResponse(status=304)
        reponse.headers["ETag"] = etag
        patch_cache_control(reponse, public=True, max_age=SECONDES)
        return reponse

    return respond


def _matches(request: HttpRequest, etag: str) -> bool:
    """Compare sans la marque « W/ » que la compression ajoute."""
    recus = parse_etags(request.headers.get("If-None-Match", ""))
    return etag in {recu.removeprefix("W/") for recu in recus}


def try_geste(request: HttpRequest, geste: Callable[..., object], fait: str, **mots: Any) -> bool:
    """Fait un geste, dit ce qui est fait ou pourquoi non ; rend faux s’il est refusé."""
    try:
        geste(**mots)
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}".strip())
        return False
    messages.success(request, fait)
    return True


def serve_fichier(
    request: HttpRequest, contenu: bytes, *, nom: str, type_mime: str
) -> HttpResponse:
    """Remet un fichier public, à ouvrir ou à enregistrer sous ce nom."""
    reponse = HttpResponse(contenu, content_type=type_mime)
    reponse.headers["Content-Disposition"] = f'inline; filename="{nom}"'
    return reponse
