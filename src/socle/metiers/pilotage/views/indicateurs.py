"""Indicateurs : la liste, un indicateur avec son histoire, ses valeurs dans un tableur."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from socle.fondations.commun.fiches import map_fiches
from socle.fondations.commun.publique import page_publique
from socle.fondations.commun.tableur import iter_csv
from socle.metiers.pilotage.exports import draw_serie, iter_lignes_csv
from socle.metiers.pilotage.models import Indicateur
from socle.metiers.pilotage.queries.indicateurs import list_publics, list_series, read_serie


@page_publique
def liste(request: HttpRequest) -> HttpResponse:
    """Tous les indicateurs, d’abord ceux que Socle mesure ; ce qui se contredit est signalé."""
    series = list_series(list_publics().select_related("programme"))
    contradictoires = [serie for serie in series if serie.se_contredit]
    seules = request.GET.get("contradictions") == "1"
    montrees = contradictoires if seules else series
    contexte = {
        "groupes": _group_programmes(montrees),
        "nombre": len(series),
        "contradictions": len(contradictoires),
        "seules": seules,
    }
    return render(request, "pilotage/indicateurs.html", contexte)


def _group_programmes(series: list) -> list[tuple[str, list]]:
    groupes: dict[str, list] = {}
    mesurees = [serie for serie in series if serie.indicateur.programme is None]
    if mesurees:
        groupes["Ce que l’installation compte d’elle-même"] = mesurees
    attachees = [serie for serie in series if serie.indicateur.programme is not None]
    for serie in sorted(attachees, key=lambda s: s.indicateur.programme.date_debut, reverse=True):
        groupes.setdefault(f"Programme {serie.indicateur.programme.periode}", []).append(serie)
    return list(groupes.items())


@page_publique
def indicateur(request: HttpRequest, code: str) -> HttpResponse:
    """Un indicateur : définition, dernier nombre, graphique, chaque valeur et son origine."""
    trouve = _find(code)
    serie = read_serie(trouve)
    contexte = {
        "serie": serie,
        "jours": list(reversed(serie.jours)),
        "graphique": draw_serie(serie),
        "fiches": list(map_fiches(trouve.liens).values()),
    }
    return render(request, "pilotage/indicateur.html", contexte)


@page_publique
def valeurs_csv(request: HttpRequest, code: str) -> HttpResponse:
    """Remet les valeurs d’un indicateur, une par ligne."""
    trouve = _find(code)
    contenu = b"".join(iter_csv(iter_lignes_csv(read_serie(trouve))))
    reponse = HttpResponse(contenu, content_type="text/csv; charset=utf-8")
    reponse.headers["Content-Disposition"] = f'attachment; filename="{trouve.code}.csv"'
    return reponse


def _find(code: str) -> Indicateur:
    return get_object_or_404(list_publics().select_related("programme"), code=code)
