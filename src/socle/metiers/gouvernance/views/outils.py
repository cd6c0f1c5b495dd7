"""Ce que partagent les vues : un geste et sa phrase, un fichier à remettre."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from socle.fondations.commun.errors import ErreurMetier


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
