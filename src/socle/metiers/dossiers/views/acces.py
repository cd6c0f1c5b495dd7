"""Qui est devant l’écran : un compte, ou un invité qui tient le jeton de son brouillon."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.adapters.session_finie import show_session_finie
from socle.fondations.documents.models import Document
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import (
    Acces,
    can_edit,
    can_read_en_agent,
    can_read_en_usager,
)
from socle.metiers.dossiers.queries.dossier import find_dossier

TEMOIN = "__Host-brouillons" if settings.HTTPS else "brouillons"
SEL = "dossiers.invites"
DUREE = 30 * 24 * 3600  # un brouillon d’invité se reprend trente jours, depuis le même navigateur
NOMBRE = 8


def read_jetons(request: HttpRequest) -> dict[str, str]:
    """Rend les jetons d’invité de ce navigateur, par numéro de dossier."""
    try:
        lus = signing.loads(request.COOKIES.get(TEMOIN, ""), salt=SEL, max_age=DUREE)
    except signing.BadSignature:
        return {}
    return lus if isinstance(lus, dict) else {}


def write_jeton(request: HttpRequest, reponse: HttpResponse, numero: int, jeton: str) -> None:
    """Confie au navigateur le jeton d’un nouveau brouillon ; les plus anciens s’effacent."""
    jetons = {**read_jetons(request), str(numero): jeton}
    derniers = dict(list(jetons.items())[-NOMBRE:])
    reponse.set_cookie(
        TEMOIN,
        signing.dumps(derniers, salt=SEL),
        max_age=DUREE,
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
    )


def build_acces(request: HttpRequest, numero: int) -> Acces:
    """Rend au nom de qui la requête agit sur ce dossier, sans lire la session d’un invité."""
    jeton = read_jetons(request).get(str(numero), "")
    a_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    compte = request.user if a_session and request.user.is_authenticated else None
    return Acces(compte=compte, jeton=jeton)


def get_dossier_et_acces(
    request: HttpRequest,
    numero: int,
    *,
    find: Callable[[Collectivite, int], Dossier | None] = find_dossier,
) -> tuple[Dossier, Acces]:
    """Rend un dossier que cette personne peut lire, sinon 404 : il ne se devine pas."""
    acces = build_acces(request, numero)
    dossier = None
    if acces.compte or acces.jeton:
        dossier = find(request.collectivite, numero)
    if dossier is None or not can_read_en_usager(acces, dossier):
        raise Http404
    dossier.collectivite = request.collectivite
    return dossier, acces


def get_modifiable(request: HttpRequest, numero: int) -> tuple[Dossier, Acces]:
    """Rend un dossier que cette personne peut encore modifier ; sinon le refus dit pourquoi."""
    dossier, acces = get_dossier_et_acces(request, numero)
    if not can_edit(acces, dossier):
        raise ErreurMetier(
            "Cette demande ne peut plus être modifiée : le service l’instruit.",
            "Pour ajouter quelque chose, écrivez au service depuis la page du dossier.",
        )
    return dossier, acces


def identite_demandee(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mène à la connexion qui ouvre la page d’un dossier sans compte ni jeton, puis l’y ramène.

    La même réponse pour tout numéro : elle ne dit pas si le dossier existe. Un envoi, lui, rend ce
    qui était tapé : la session est finie, ou le navigateur a perdu son témoin.
    """

    @wraps(vue)
    def wrapped(request: HttpRequest, numero: int, *args: Any, **kwargs: Any) -> HttpResponse:
        connu = str(numero) in read_jetons(request) or request.user.is_authenticated
        if not connu and request.method not in ("GET", "HEAD"):
            return show_session_finie(request)
        if not connu:
            suite = urlencode({"suite": request.get_full_path()})
            return redirect(f"{reverse('comptes:connexion')}?{suite}")
        return vue(request, numero, *args, **kwargs)

    return wrapped


def can_read_piece(request: HttpRequest, document: Document) -> bool:
    """Lit une pièce qui peut lire le dossier : son usager, ou un agent de la collectivité."""
    numero = int(document.objet.partition(":")[2])
    acces = build_acces(request, numero)
    dossier = find_dossier(document.collectivite, numero)
    if dossier is None:
        return False
    dossier.collectivite = document.collectivite
    if can_read_en_usager(acces, dossier):
        return True
    return acces.compte is not None and can_read_en_agent(acces.compte, dossier)
