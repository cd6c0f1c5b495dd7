"""Les appels que tout le monde lit : la liste et ses clôtures par mois, une fiche."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from socle.fondations.commun.fiches import list_rappels, map_fiches
from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.commun.publique import page_publique
from socle.fondations.commun.textes import MOIS, format_euros
from socle.fondations.referentiels.queries import load_territoires
from socle.metiers.appels.forms.filtre import FiltreAppels
from socle.metiers.appels.models import Appel
from socle.metiers.appels.queries import appels as lectures
from socle.metiers.appels.queries.lignes import build_ligne, describe_date


@page_publique
def liste(request: HttpRequest) -> HttpResponse:
    """Appels relayés, par filtre et par page, le plus pressé d’abord."""
    noms = load_territoires()
    filtre = FiltreAppels(request.GET.dict(), noms)
    aujourdhui = timezone.localdate()
    page = lectures.paginate_appels(
        filtre.criteres, aujourdhui=aujourdhui,
        apres=request.GET.get("apres", ""), avant=request.GET.get("avant", ""),
    )  # fmt: skip
    contexte = {
        "filtre": filtre,
        "autorite": filtre.autorite_trouvee,
        "adresse": filtre.build_adresse(),
        "lignes": [build_ligne(appel, aujourdhui, noms) for appel in page.lignes],
        "total": lectures.count_appels(filtre.criteres, aujourdhui=aujourdhui),
        "mois": build_mois(lectures.count_par_mois(filtre.criteres, aujourdhui=aujourdhui)),
        "suivante": filtre.build_adresse(apres=page.suivante) if page.suivante else "",
        "precedente": filtre.build_adresse(avant=page.precedente) if page.precedente else "",
    }
    return render(request, "appels/liste.html", contexte)


@page_publique
def fiche(request: HttpRequest, slug: str) -> HttpResponse:
    """Un appel : de qui, pour qui, combien, jusqu’à quand, comment répondre."""
    appel = lectures.find_appel(slug)
    if appel is None:
        raise Http404
    if appel.reuni_dans is not None:
        return redirect("appels:fiche", appel.reuni_dans.slug, permanent=True)
    return render(request, "appels/fiche.html", describe_fiche(appel))


def describe_fiche(appel: Appel) -> dict[str, Any]:
    """Ce que montre la page d’un appel, publique ou en aperçu."""
    aujourdhui = timezone.localdate()
    dates = list(appel.dates.all())
    return {
        "appel": appel,
        "ligne": build_ligne(appel, aujourdhui, load_territoires()),
        "histoire": [(d, describe_date(d), d is dates[-1]) for d in reversed(dates)],
        "textes": [
            (titre, render_texte(texte, niveau=3))
            for titre, texte in (
                ("Présentation", appel.texte),
                ("Qui peut répondre", appel.qui),
                ("Comment répondre", appel.comment),
            )
            if texte
        ],
        "enveloppe": format_euros(appel.enveloppe) if appel.enveloppe is not None else "",
        "aides": list(map_fiches(appel.liens).values()),
        "rappels": list_rappels(appel.cle),
    }


def build_mois(comptes: list[tuple[Any, int]]) -> list[dict[str, Any]]:
    """Barres des clôtures à venir : nom du mois, nombre, largeur sur cent."""
    plus = max((nombre for _, nombre in comptes), default=1)
    return [
        {"nom": f"{MOIS[jour.month - 1]} {jour.year}", "nombre": nombre,
         "largeur": round(100 * nombre / plus)}
        for jour, nombre in comptes
    ]  # fmt: skip
