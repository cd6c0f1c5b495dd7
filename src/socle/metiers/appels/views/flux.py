"""Agenda, flux et fichiers ouverts, par filtre."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from socle.fondations.commun.agenda import respond_agenda
from socle.fondations.commun.publique import page_publique
from socle.fondations.commun.tableur import iter_csv
from socle.fondations.referentiels.queries import load_territoires
from socle.metiers.appels.exports.agenda import list_rendezvous
from socle.metiers.appels.exports.fichiers import build_atom, build_json, iter_lignes_csv
from socle.metiers.appels.forms.filtre import FiltreAppels
from socle.metiers.appels.queries import appels as lectures


@page_publique
def agenda(request: HttpRequest) -> HttpResponse:
    """Clôtures du filtre, ou d’un seul appel (`?appel=`), à suivre depuis un agenda."""
    if slug := request.GET.get("appel"):
        seul = lectures.find_appel(slug.replace("\x00", "")[:80])
        if seul is None:
            raise Http404
        return respond_agenda(seul.titre, seul.slug, list_rendezvous([seul]))
    datees = lectures.list_datees(_read(request).criteres, aujourdhui=timezone.localdate())
    return respond_agenda("Clôtures des appels", "appels", list_rendezvous(datees))


@page_publique
def atom(request: HttpRequest) -> HttpResponse:
    """Flux des derniers appels relayés."""
    filtre = _read(request)
    appels = lectures.list_derniers(filtre.criteres, aujourdhui=timezone.localdate())
    contenu = build_atom(appels, adresse=filtre.build_adresse())
    return HttpResponse(contenu, content_type="application/atom+xml; charset=utf-8")


@page_publique
def csv(request: HttpRequest) -> HttpResponse:
    """Appels du filtre, pour un tableur ; les formules y sont désamorcées."""
    trouves = lectures.list_toutes(_read(request).criteres, aujourdhui=timezone.localdate())
    return respond_csv(b"".join(iter_csv(iter_lignes_csv(trouves))), "appels")


@page_publique
def json(request: HttpRequest) -> HttpResponse:
    """Appels du filtre, pour un logiciel."""
    aujourdhui = timezone.localdate()
    trouves = lectures.list_toutes(_read(request).criteres, aujourdhui=aujourdhui)
    return JsonResponse(build_json(trouves, aujourdhui), json_dumps_params={"ensure_ascii": False})


def respond_csv(contenu: bytes, nom: str) -> HttpResponse:
    """Répond un fichier CSV à enregistrer."""
    reponse = HttpResponse(contenu, content_type="text/csv; charset=utf-8")
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}.csv"'
    return reponse


def _read(request: HttpRequest) -> FiltreAppels:
    return FiltreAppels(request.GET.dict(), load_territoires())
