"""Télécharger un document après contrôle d’accès ; en déposer un."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header, parse_etags, quote_etag
from django.views.decorators.http import require_POST, require_safe

from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.commun.locataire import hors_transaction, locataire
from socle.fondations.documents import ports, services
from socle.fondations.documents.enums import EtatDocument
from socle.fondations.documents.errors import AnalyseEnCours, DocumentInfecte, DocumentVide
from socle.fondations.documents.models import Document
from socle.fondations.documents.permissions import can_open, can_read
from socle.fondations.documents.queries import find_document
from socle.fondations.documents.services.entrepot import iter_contenu
from socle.fondations.documents.services.plages import Plage, parse_plage
from socle.fondations.journal.services import record

# Le lecteur PDF des navigateurs ne s’ouvre pas dans un bac à sable : lui seul en est dispensé.
CSP = "sandbox; default-src 'none'; frame-ancestors 'none'"
CSP_PDF = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@login_not_required
@hors_transaction
@require_safe
def telecharger(request: HttpRequest, identifiant: UUID) -> HttpResponseBase:
    """Sert un document à qui son métier l’accorde ; `?voir` le montre dans le navigateur.

    La base n’est tenue que le temps du contrôle : l’envoi des octets est hors transaction.
    """
    document = _get_document(request, identifiant)
    etag = quote_etag(document.sha256)
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _secure(HttpResponse(status=304), document, etag, inline=False)
    plage = parse_plage(request.headers.get("Range", ""), document.taille)
    if request.headers.get("If-Range", etag) != etag:
        plage = None
    if plage is Plage.IMPOSSIBLE:
        reponse: HttpResponseBase = HttpResponse(status=416)
        reponse.headers["Content-Range"] = f"bytes */{document.taille}"
    else:
        reponse = _build_reponse(request, document, plage)
    return _secure(reponse, document, etag, inline="voir" in request.GET)


def _get_document(request: HttpRequest, identifiant: UUID) -> Document:
    """Trouve le document, vérifie droit et antivirus, écrit au journal la lecture d’un agent."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    if collectivite is None:
        raise Http404
    personne_id = request.user.pk if request.user.is_authenticated else None
    with locataire(collectivite.pk, personne_id=personne_id):
        document = find_document(identifiant)
        if document is None or not can_read(request, document):
            raise Http404
        if document.etat == EtatDocument.INFECTE:
            raise DocumentInfecte
        if not can_open(request, document):
            raise AnalyseEnCours
        _record_lecture(request, document)
    return document


def _record_lecture(request: HttpRequest, document: Document) -> None:
    """Une ligne par lecture d’un agent ; les morceaux suivants d’une même lecture n’en font pas."""
    utilisateur = request.user
    suite_de_lecture = not request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    if not getattr(utilisateur, "is_agent", False) or suite_de_lecture or request.method == "HEAD":
        return
    record(
        action="document.lu",
        objet=document.objet,
        acteur=utilisateur.acteur,  # type: ignore[union-attr]
        collectivite_id=document.collectivite_id,
        maintenant=timezone.now(),
        donnees={"document": str(document.pk)},
    )


def _build_reponse(
    request: HttpRequest, document: Document, plage: Plage | None
) -> HttpResponseBase:
    debut, fin = (plage.debut, plage.fin) if plage else (0, document.taille - 1)
    if request.method == "HEAD":
        reponse: HttpResponseBase = HttpResponse()
    else:
        reponse = StreamingHttpResponse(_open_flux(document, debut, fin))
    if plage:
        reponse.status_code = 206
        reponse.headers["Content-Range"] = f"bytes {debut}-{fin}/{document.taille}"
    reponse.headers["Content-Length"] = str(fin - debut + 1)
    return reponse


def _open_flux(document: Document, debut: int, fin: int) -> Iterator[bytes]:
    """Ouvre le contenu tout de suite : absent, la réponse est une erreur et non un envoi coupé."""
    flux = iter_contenu(document, debut, fin)
    try:
        premier = next(flux)
    except FileNotFoundError as cause:
        raise Http404("Contenu absent de l’entrepôt.") from cause

    def enchainer() -> Iterator[bytes]:
        yield premier
        yield from flux

    return enchainer()


def _secure(
    reponse: HttpResponseBase, document: Document, etag: str, *, inline: bool
) -> HttpResponseBase:
    """Pose les en-têtes : ni devinette de type, ni script, ni affichage hors de la liste."""
    en_ligne = inline and document.est_visible_en_ligne
    reponse.headers["Content-Type"] = document.type_mime
    reponse.headers["Content-Disposition"] = str(
        content_disposition_header(as_attachment=not en_ligne, filename=document.nom)
    )
    pdf = en_ligne and document.type_mime == "application/pdf"
    reponse.headers["Content-Security-Policy"] = CSP_PDF if pdf else CSP
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    reponse.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    reponse.headers["Cache-Control"] = "private, no-cache"
    reponse.headers["ETag"] = etag
    reponse.headers["Accept-Ranges"] = "bytes"
    return reponse


@login_not_required
@hors_transaction
@require_POST
def deposer(request: HttpRequest) -> HttpResponse:
    """Reçoit un fichier pour un objet : fragment pour HTMX, JSON sinon.

    Champs : `objet`, `fichier`. Le droit et les limites viennent de `ports.depots`. Sans script,
    le fichier part avec le formulaire du métier, qui appelle `services.receive_document`.
    """
    try:
        document = _receive(request)
    except ErreurMetier as refus:
        return _render_refus(request, refus)
    if getattr(request, "htmx", False):
        return render(request, "documents/_document.html", {"document": document}, status=201)
    return JsonResponse(document.describe(), status=201)


def _receive(request: HttpRequest) -> Document:
    collectivite = request.collectivite  # type: ignore[attr-defined]
    objet = request.POST.get("objet", "")
    regle = ports.depots.get(ports.get_prefixe(objet))
    if collectivite is None or regle is None:
        raise AccesRefuse
    personne_id = request.user.pk if request.user.is_authenticated else None
    with locataire(collectivite.pk, personne_id=personne_id):
        depot = regle(request, objet)
    if depot is None:
        raise AccesRefuse
    fichier = request.FILES.get("fichier")
    if fichier is None:
        raise DocumentVide
    return services.receive_document(
        collectivite=collectivite,
        fichier=fichier,
        nom=fichier.name or "",
        objet=objet,
        depose_par=depot.depose_par,
        maintenant=timezone.now(),
        regles=depot.regles,
    )


def _render_refus(request: HttpRequest, refus: ErreurMetier) -> HttpResponse:
    """Même refus pour une personne (fragment) et pour un programme (RFC 9457)."""
    if getattr(request, "htmx", False):
        # 422 : le seul refus que les pages mettent à la place du fragment.
        return render(request, "documents/_refus.html", {"refus": refus}, status=422)
    probleme = {"title": refus.message, "detail": refus.suite, "status": refus.statut}
    return JsonResponse(probleme, status=refus.statut, content_type="application/problem+json")
