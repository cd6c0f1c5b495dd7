"""Le bilan d’un programme : la page, et le même contenu en PDF accessible."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from socle.fondations.commun.fiches import map_rappels
from socle.fondations.commun.publique import page_publique
from socle.metiers.pilotage.exports.bilan import build_pdf_bilan
from socle.metiers.pilotage.forms import PeriodeForm
from socle.metiers.pilotage.queries.bilan import Bilan, Periode, read_bilan


@page_publique
def bilan(request: HttpRequest, code: str) -> HttpResponse:
    """Le bilan sur la période demandée ; une période impossible est dite, et tout est montré."""
    periode, formulaire = _read_periode(request)
    trouve = _find(code, periode)
    suffixe = f"?{request.GET.urlencode()}" if periode.est_choisie else ""
    contexte = {"bilan": trouve, "formulaire": formulaire, "suffixe": suffixe}
    return render(request, "pilotage/bilan.html", contexte)


@page_publique
def bilan_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Remet le bilan en PDF, avec ce que les autres métiers disent de chaque axe."""
    trouve = _find(code, _read_periode(request)[0])
    echos = map_rappels([axe.axe.cle for axe in trouve.axes], sauf="pilotage")
    reponse = HttpResponse(build_pdf_bilan(trouve, echos), content_type="application/pdf")
    reponse.headers["Content-Disposition"] = f'inline; filename="bilan-{code}.pdf"'
    return reponse


def _read_periode(request: HttpRequest) -> tuple[Periode, PeriodeForm]:
    formulaire = PeriodeForm(request.GET or None)
    if formulaire.is_bound and formulaire.is_valid():
        return Periode(formulaire.cleaned_data["debut"], formulaire.cleaned_data["fin"]), formulaire
    return Periode(), formulaire


def _find(code: str, periode: Periode) -> Bilan:
    trouve = read_bilan(code, periode)
    if trouve is None:
        raise Http404
    return trouve
