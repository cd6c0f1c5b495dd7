"""Ce qui a été accordé, pour tous : les chiffres, les barres, la liste, le fichier."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from socle.fondations.collectivites.queries import list_collectivites
from socle.fondations.commun.publique import page_publique
from socle.fondations.commun.tableur import iter_csv
from socle.fondations.commun.textes import format_euros
from socle.fondations.referentiels.queries import get_autorite
from socle.metiers.appels.exports.scdl import iter_lignes
from socle.metiers.appels.models import Octroi
from socle.metiers.appels.queries import octrois as lectures
from socle.metiers.appels.queries.octrois import Total
from socle.metiers.appels.views.flux import respond_csv


@page_publique
def publics(request: HttpRequest) -> HttpResponse:
    """Sommes accordées : par année, par collectivité, une par une."""
    cle = request.GET.get("autorite", "").replace("\x00", "")[:24]
    autorite = get_autorite(cle) if cle else None
    page = lectures.paginate_publics(
        autorite=autorite.cle if autorite else "",
        apres=request.GET.get("apres", ""), avant=request.GET.get("avant", ""),
    )  # fmt: skip
    tout = lectures.sum_tout()
    contexte = {
        "autorite": autorite,
        "tout": tout | {nom: format_euros(tout[nom]) for nom in ("montant", "verse", "recupere")},
        "annees": build_barres(lectures.sum_par_annee()),
        "autorites": build_barres(lectures.sum_par_autorite()),
        "lignes": [describe_ligne(octroi) for octroi in page.lignes],
        "fictifs": any(octroi.fictif for octroi in page.lignes),
        "suivante": _build_suite(cle, "apres", page.suivante),
        "precedente": _build_suite(cle, "avant", page.precedente),
    }
    return render(request, "appels/octrois.html", contexte)


@page_publique
def fichier(request: HttpRequest) -> HttpResponse:
    """Données essentielles des subventions, aux colonnes SCDL, sans les exemples fictifs."""
    sirets = dict(list_collectivites().exclude(siret="").values_list("siren", "siret"))
    contenu = b"".join(iter_csv(iter_lignes(lectures.list_scdl(), sirets)))
    return respond_csv(contenu, "subventions")


def build_barres(totaux: list[Total]) -> list[dict[str, Any]]:
    """Barres d’un graphique : la plus longue à cent, chaque somme écrite à côté."""
    plus = max((total.montant for total in totaux), default=1)
    return [
        {"nom": t.nom, "cle": t.cle, "nombre": t.nombre, "texte": format_euros(t.montant),
         "verse": format_euros(t.verse), "recupere": format_euros(t.recupere),
         "largeur": round(100 * t.montant / plus, 1)}
        for t in totaux
    ]  # fmt: skip


def describe_ligne(octroi: Octroi) -> dict[str, Any]:
    """Un octroi et ses sommes en mots."""
    return {
        "octroi": octroi,
        "montant": format_euros(octroi.montant),
        "verse": format_euros(octroi.verse),
        "recupere": format_euros(octroi.recupere) if octroi.recupere else "",
    }


def _build_suite(cle: str, sens: str, jeton: str) -> str:
    valeurs = {nom: valeur for nom, valeur in (("autorite", cle), (sens, jeton)) if valeur}
    return f"?{urlencode(valeurs)}" if jeton else ""
