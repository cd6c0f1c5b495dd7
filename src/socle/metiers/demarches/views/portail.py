"""Pages publiques des démarches : accueil de la collectivité, liste, fiche."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from socle.metiers.demarches import queries
from socle.metiers.demarches.enums import EvenementDeVie
from socle.metiers.demarches.forms.recherche import RechercheDemarches
from socle.metiers.demarches.queries import list_rubriques


@login_not_required
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Portail d’une collectivité : chercher, ou entrer par un événement de vie."""
    publiees = list(queries.list_publiees(request.collectivite))
    contexte = {
        "rubriques": list_rubriques(publiees),
        "recentes": sorted(publiees, key=lambda d: d.publiee_le, reverse=True)[:4],
        "nombre": len(publiees),
        "services": queries.list_services_joignables(request.collectivite),
    }
    return render(request, "demarches/accueil.html", contexte)


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def liste(request: HttpRequest) -> HttpResponse:
    """Toutes les démarches ouvertes, filtrées par mots et par événement de vie."""
    formulaire = RechercheDemarches(request.GET)
    criteres = formulaire.cleaned_data if formulaire.is_valid() else {}
    texte, evenement = criteres.get("q", ""), criteres.get("evenement", "")
    if texte:
        recherche = queries.search_publiees(request.collectivite, texte, evenement)
    else:
        publiees = queries.list_publiees(request.collectivite)
        filtre = {"evenement": evenement} if evenement else {}
        recherche = queries.Recherche(list(publiees.filter(**filtre)))
    contexte = {
        "formulaire": formulaire,
        "demarches": recherche.demarches,
        "approchee": recherche.approchee,
        "texte": texte,
        "evenement": dict(EvenementDeVie.choices).get(evenement, ""),
    }
    gabarit = "demarches/liste.html#resultats" if request.htmx else "demarches/liste.html"
    return render(request, gabarit, contexte)


@login_not_required
@require_safe
def fiche(request: HttpRequest, chemin: str) -> HttpResponse:
    """Une démarche : à qui elle s’adresse, ce qu’il faut, combien de temps, comment commencer."""
    demarche = queries.find_demarche(request.collectivite, chemin)
    if demarche is None:
        raise Http404
    version = queries.get_version_publiee(demarche)
    contexte = {"demarche": demarche, "resume": queries.describe_formulaire(version)}
    statut = 200 if demarche.is_ouverte else 410
    return render(request, "demarches/fiche.html", contexte, status=statut)
