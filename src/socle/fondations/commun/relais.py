"""Relais vers les simulateurs de l’État : même port que le site, bac à sable seulement."""

import httpx
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from socle.fondations.commun.entiers import read_entier
from socle.fondations.commun.locataire import hors_transaction

# Nom lu par Django → nom envoyé : un serveur WSGI ne distingue pas tiret et souligné.
ENVOYES = {
    nom: nom
    for nom in (
        "Cookie", "Authorization", "Content-Type", "Accept", "Cache-Control",
        "X-Correlation-ID", "X-FranceConnect-OAuth", "X-Api-Key",
    )
} | {"ID-Teleservice": "ID_Teleservice"}  # fmt: skip
RENDUS = (
    "Content-Type", "Location", "Content-Security-Policy", "Cache-Control", "Retry-After",
    "WWW-Authenticate", "X-Correlation-ID", "X-Response-Cached", "X-Cache-Expires-in",
    "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
)  # fmt: skip
DELAI = httpx.Timeout(30.0, connect=2.0)
TAILLE_MAX = 1_000_000


@login_not_required
@csrf_exempt
@hors_transaction
def relay(request: HttpRequest, chemin: str) -> HttpResponse:
    """Passe la requête au processus des simulateurs et rend sa réponse telle quelle."""
    if not (settings.BAC_A_SABLE and settings.SIMULATEURS_INTERNE):
        raise Http404
    if read_entier(request.META.get("CONTENT_LENGTH"), 0, chiffres=18) > TAILLE_MAX:
        return HttpResponse("Requête trop grande pour un simulateur.", status=413)
    adresse = f"{settings.SIMULATEURS_INTERNE}/{chemin}"
    suite = request.META.get("QUERY_STRING", "")
    entetes = {
        envoye: request.headers[lu] for lu, envoye in ENVOYES.items() if lu in request.headers
    }
    try:
        with httpx.Client(timeout=DELAI, follow_redirects=False, trust_env=False) as client:
            recue = client.request(
                request.method or "GET",
                f"{adresse}?{suite}" if suite else adresse,
                content=request.body,
                headers=entetes,
            )
    except httpx.TransportError:
        return HttpResponse("Les simulateurs ne répondent pas.", status=503)
    reponse = HttpResponse(recue.content, status=recue.status_code)
    for nom in RENDUS:
        if nom in recue.headers:
            reponse[nom] = recue.headers[nom]
    if "Content-Type" not in recue.headers:
        del reponse["Content-Type"]
    return copy_temoins(recue, reponse)


def copy_temoins(recue: httpx.Response, reponse: HttpResponse) -> HttpResponse:
    """Recopie les témoins posés par un simulateur, avec leurs attributs."""
    for brut in recue.headers.get_list("set-cookie"):
        reponse.cookies.load(brut)
    return reponse
