"""Pages publiques : l’accueil, les programmes, leurs axes, leurs actions, leurs recommandations."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from socle.fondations.collectivites.views import accueil as portails
from socle.fondations.commun.fiches import (
    build_encarts,
    encarts_accueil,
    list_rappels,
    map_fiches,
    search_partout,
)
from socle.fondations.commun.presentation import EtapeDuFil
from socle.fondations.commun.publique import page_publique
from socle.metiers.pilotage.models import Action, Axe, Programme, Recommandation
from socle.metiers.pilotage.queries.fiches import list_citant
from socle.metiers.pilotage.queries.figures import Figure, list_figures
from socle.metiers.pilotage.queries.indicateurs import list_publics
from socle.metiers.pilotage.queries.programme import (
    list_actions_courantes,
    list_axes,
    list_preuves,
    list_programmes,
    list_temoignages,
    read_programme,
)

# Le fil de l’accueil, dans l’ordre de la chaîne : mesure → ce que l’on lit.
CHAINE = {
    "dossiers.deposes": "Demandes",
    "dossiers.decides": "Décisions",
    "archivage.versements": "Archives",
}


@login_not_required
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Le programme, ses axes et leurs figures ; sans programme, le choix de sa collectivité."""
    actions = list_actions_courantes()
    if not actions:
        return portails(request)
    return _show_accueil(request, actions)


@page_publique
def _show_accueil(request: HttpRequest, actions: list[Action]) -> HttpResponse:
    figures = list_figures(list_publics())
    axes = list_axes(actions, figures)
    contexte = {
        "programme": actions[0].axe.programme,
        "axes": axes,
        "marches": list(reversed(axes)),
        "nombre_actions": len(actions),
        "chaine": build_chaine(figures),
        "releve_le": max((f.quand for f in figures if f.mesure and f.quand), default=None),
        "encarts": build_encarts(encarts_accueil, request),
    }
    return render(request, "pilotage/accueil.html", contexte)


def build_chaine(figures: list[Figure]) -> list[EtapeDuFil]:
    """Étapes mesurées de la chaîne ; une mesure inconnue n’y est pas."""
    connues = {figure.mesure: figure for figure in figures if figure.mesure}
    return [
        EtapeDuFil(libelle=libelle, statut="fait", nombre=connues[code].entier)
        for code, libelle in CHAINE.items()
        if code in connues
    ]


@page_publique
def liste(request: HttpRequest) -> HttpResponse:
    """Tous les programmes, le plus récent d’abord."""
    return render(request, "pilotage/programmes.html", {"programmes": list(list_programmes())})


@page_publique
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """Un programme entier : contexte, principes, axes, faits marquants, chiffres, partenaires."""
    trouve = get_object_or_404(Programme, code=code, retire=False)
    return render(request, "pilotage/programme.html", {"complet": read_programme(trouve)})


@page_publique
def axe(request: HttpRequest, code: str) -> HttpResponse:
    """Un axe : ambition, actions, recommandations, témoignages."""
    publics = Axe.objects.select_related("programme").filter(retire=False, programme__retire=False)
    trouve = get_object_or_404(publics, code=code)
    actions = list(
        Action.objects.filter(axe=trouve, retire=False).select_related("axe").order_by("numero")
    )
    figures = list_figures(list_publics())
    complets = list_axes(actions, figures)
    contexte = {
        "axe": trouve,
        "programme": trouve.programme,
        "complet": complets[0] if complets else None,
        "recommandations": Recommandation.objects.filter(axe=trouve, retire=False).order_by(
            "numero"
        ),
        "temoignages": list_temoignages(trouve.cle, *(action.cle for action in actions)),
        "fiches": list(map_fiches(trouve.liens).values()),
    }
    return render(request, "pilotage/axe.html", contexte)


@page_publique
def action(request: HttpRequest, code: str) -> HttpResponse:
    """La fiche d’une action : ce qui est fait, ce qui le prouve, ce qui la met en œuvre."""
    publiques = Action.objects.filter(
        retire=False, axe__retire=False, axe__programme__retire=False
    ).select_related("axe__programme")
    trouvee = get_object_or_404(publiques, code=code)
    contexte = _describe_fiche(trouvee) | {
        "axe": trouvee.axe,
        "programme": trouvee.axe.programme,
        "genre": "Action",
    }
    return render(request, "pilotage/fiche.html", contexte)


@page_publique
def recommandation(request: HttpRequest, code: str) -> HttpResponse:
    """La fiche d’une recommandation."""
    publiques = Recommandation.objects.filter(retire=False, programme__retire=False)
    trouvee = get_object_or_404(publiques.select_related("programme", "axe"), code=code)
    contexte = _describe_fiche(trouvee) | {
        "axe": trouvee.axe,
        "programme": trouvee.programme,
        "genre": "Recommandation",
    }
    return render(request, "pilotage/fiche.html", contexte)


def _describe_fiche(fiche: Action | Recommandation) -> dict[str, Any]:
    citant = list_citant(fiche.cle).read()
    preuves = list(list_preuves(fiche.cle))
    liens = map_fiches([*fiche.liens, *(preuve.lien for preuve in preuves if preuve.lien)])
    return {
        "fiche": fiche,
        "preuves": [(preuve, liens.get(preuve.lien)) for preuve in preuves],
        "temoignages": list_temoignages(fiche.cle),
        "figures": list_figures(list_publics().filter(liens__contains=[fiche.cle])),
        "fiches": [liens[cle] for cle in fiche.liens if cle in liens],
        "citant": [f for f in citant.fiches if not f.cle.startswith("indicateur:")],
    }


@page_publique
@vary_on_headers("HX-Request")
def echos(request: HttpRequest) -> HttpResponse:
    """Ce qui, dans les autres métiers, parle d’un objet du programme."""
    cle = request.GET.get("cle", "")[:120]
    sujet = map_fiches([cle]).get(cle)
    if sujet is None:
        raise Http404
    contexte = {"sujet": sujet, "groupes": list_rappels(cle, sauf="pilotage")}
    fragment = "#echos" if request.headers.get("HX-Request") else ""
    return render(request, f"pilotage/echos.html{fragment}", contexte)


@page_publique
def recherche(request: HttpRequest) -> HttpResponse:
    """Cherche dans tout le programme commun."""
    texte = request.GET.get("q", "").replace("\x00", "")[:100]
    contexte = {"texte": texte.strip(), "groupes": search_partout(texte)}
    return render(request, "pilotage/recherche.html", contexte)
