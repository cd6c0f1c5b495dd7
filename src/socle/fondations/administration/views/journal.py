"""Journal de preuve d’une collectivité : chercher, lire, exporter, remettre une preuve."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from socle.fondations.administration import queries, services
from socle.fondations.administration.exports import iter_journal
from socle.fondations.administration.forms import FiltreJournal
from socle.fondations.administration.permissions import LECTEURS_DU_JOURNAL
from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.pagination import paginate_keyset
from socle.fondations.comptes.permissions import role_requis

PAR_PAGE = 50


@role_requis(*LECTEURS_DU_JOURNAL)
@require_safe
@vary_on_headers("HX-Request")
def liste(request: HttpRequest) -> HttpResponse:
    """Lignes du journal, les plus récentes d’abord, avec leur scellement."""
    collectivite: Collectivite = request.collectivite  # type: ignore[attr-defined]
    filtre = FiltreJournal(request.GET)
    lignes, suivante = [], ""
    if filtre.is_valid():
        page = paginate_keyset(
            queries.search_journal(collectivite, **filtre.read_criteres()),
            cles=("survenu_le", "cle_tri"),
            apres=request.GET.get("apres", ""),
            taille=PAR_PAGE,
        )
        lignes = queries.describe_lignes(page.lignes, collectivite, request.user)  # type: ignore[arg-type]
        suivante = page.suivante
    contexte = {
        "filtre": filtre,
        "lignes": lignes,
        "criteres": _build_adresse(request),
        "suivante": _build_adresse(request, apres=suivante) if suivante else "",
        "debut": _build_adresse(request) or "?" if "apres" in request.GET else "",
    }
    gabarit = "administration/journal.html"
    fragment = getattr(request, "htmx", False)
    return render(request, f"{gabarit}#resultats" if fragment else gabarit, contexte)


@role_requis(*LECTEURS_DU_JOURNAL)
@require_safe
def entree(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Une ligne entière, telle qu’elle est scellée."""
    collectivite: Collectivite = request.collectivite  # type: ignore[attr-defined]
    trouvee = queries.search_journal(collectivite).filter(pk=pk).first()
    if trouvee is None:
        raise Http404
    [ligne] = queries.describe_lignes([trouvee], collectivite, request.user)  # type: ignore[arg-type]
    contexte = {
        "ligne": ligne,
        "contenu": trouvee.contenu.decode(),
        "empreinte": bytes(trouvee.empreinte).hex(),
    }
    return render(request, "administration/entree.html", contexte)


@role_requis(*LECTEURS_DU_JOURNAL)
@require_safe
def exporter(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Remet en CSV toutes les lignes du filtre, au fil de l’eau."""
    collectivite: Collectivite = request.collectivite  # type: ignore[attr-defined]
    filtre = FiltreJournal(request.GET)
    if not filtre.is_valid():
        return redirect(f"{request.path.removesuffix('export.csv')}{_build_adresse(request)}")
    criteres = filtre.read_criteres()
    services.record_export(
        collectivite=collectivite,
        par=request.user,  # type: ignore[arg-type]
        criteres=sorted(nom for nom, valeur in criteres.items() if valeur),
        maintenant=timezone.now(),
    )
    flux = _stream(collectivite, criteres)
    reponse = StreamingHttpResponse(flux, content_type="text/csv; charset=utf-8")
    nom = f"journal-{collectivite.slug}-{timezone.localdate():%Y-%m-%d}.csv"
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse


@role_requis(*LECTEURS_DU_JOURNAL)
@require_safe
def preuve(request: HttpRequest) -> HttpResponse:
    """Remet le dossier de preuve d’un objet : `?objet=dossier:44171`."""
    objet = request.GET.get("objet", "")[:120]
    try:
        contenu = services.build_preuve_objet(
            collectivite=request.collectivite,  # type: ignore[attr-defined]
            objet=objet,
            par=request.user,  # type: ignore[arg-type]
            maintenant=timezone.now(),
        )
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}".strip())
        return redirect("administration:journal")
    reponse = HttpResponse(contenu, content_type="application/zip")
    nom = "".join(signe if signe.isascii() and signe.isalnum() else "-" for signe in objet)
    reponse.headers["Content-Disposition"] = f'attachment; filename="preuve-{nom}.zip"'
    return reponse


def _stream(collectivite: Collectivite, criteres: dict[str, Any]) -> Iterator[bytes]:
    """Rend le CSV dans sa propre transaction : celle de la requête est déjà finie."""
    with locataire(collectivite.pk):
        entrees = queries.search_journal(collectivite, **criteres)
        acteurs = set(entrees.order_by().values_list("acteur", flat=True).distinct())
        noms = queries.map_noms(acteurs)
        yield from iter_journal(entrees.order_by("-survenu_le", "-cle_tri"), noms)


def _build_adresse(request: HttpRequest, **autres: str) -> str:
    """Critères de la page, sans les vides : « ?action=document.lu »."""
    gardes = {nom: request.GET.get(nom, "") for nom in FiltreJournal.base_fields} | autres
    parametres = urlencode({nom: valeur for nom, valeur in gardes.items() if valeur})
    return f"?{parametres}" if parametres else ""
