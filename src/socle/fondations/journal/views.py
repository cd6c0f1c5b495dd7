"""Page publique des clés : de quoi vérifier une preuve sans nous croire sur parole."""

from collections.abc import Callable
from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe

from socle.fondations.commun.locataire import hors_transaction
from socle.fondations.journal.queries import get_dernier_lot, get_derniere_tete
from socle.fondations.journal.services import list_cles
from socle.normes.preuve.points import parse_note_point

DUREE_CLES = 300  # secondes : une clé neuve se voit en cinq minutes
DUREE_POINT = 30


@login_not_required
@require_safe
def cles(request: HttpRequest) -> HttpResponse:
    """Montre les clés publiques, le dernier point signé, et comment vérifier une preuve."""
    collectivite = getattr(request, "collectivite", None)
    tete = get_derniere_tete(collectivite.pk) if collectivite else None
    lot = tete.lot if tete else get_dernier_lot()
    publiques = list_cles()
    contexte = {
        "courante": publiques[0] if publiques else None,
        "anciennes": publiques[1:],
        "tete": tete,
        "racine": bytes(tete.racine).hex() if tete else "",
        "lot": lot,
        "point": parse_note_point(bytes(lot.note))[0] if lot else None,
    }
    return render(request, "journal/cles.html", contexte)


@login_not_required
@hors_transaction
@require_safe
def fichier_cles(request: HttpRequest) -> HttpResponse:
    """Remet le fichier qu’attend « preuve verifier --cle » : clé courante, puis anciennes."""

    def build() -> bytes:
        return "".join(f"{cle.to_texte()}\n" for cle in list_cles()).encode()

    return _serve(request, build, "cles-publiques.txt", DUREE_CLES)


@login_not_required
@hors_transaction
@require_safe
def dernier_point(request: HttpRequest) -> HttpResponse:
    """Remet le dernier point de contrôle signé, à garder pour interdire toute réécriture."""

    def build() -> bytes:
        lot = get_dernier_lot()
        return bytes(lot.note) if lot else b""

    return _serve(request, build, "point-de-controle.txt", DUREE_POINT)


def _serve(request: HttpRequest, build: Callable[[], bytes], nom: str, duree: int) -> HttpResponse:
    """Texte public : gardé peu de temps par les caches, puis revérifié par son empreinte."""
    request.session.accessed = False  # la réponse ne dépend pas de qui la demande
    contenu = build()
    if not contenu:
        raise Http404("Rien n’a encore été scellé.")
    etag = quote_etag(sha256(contenu).hexdigest()[:32])
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        reponse = HttpResponse(status=304)
    else:
        reponse = HttpResponse(contenu, content_type="text/plain; charset=utf-8")
        reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse.headers["ETag"] = etag
    patch_cache_control(reponse, public=True, max_age=duree)
    return reponse
