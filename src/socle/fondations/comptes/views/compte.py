"""Mon compte : identité, moyens de connexion, sessions."""

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import get_script_prefix
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.adapters import session
from socle.fondations.comptes.adapters.politique import allow_formulaires, list_origines
from socle.fondations.comptes.adapters.requete import build_accueil, build_page_compte
from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.forms import CompteForm
from socle.fondations.comptes.models import Adhesion, Compte, IdentiteFederee
from socle.fondations.comptes.permissions import list_roles_programme
from socle.fondations.comptes.ports import espaces_propres, profils
from socle.fondations.comptes.queries import (
    list_adhesions,
    list_collectivites_de,
    list_fournisseurs,
    list_identites,
)
from socle.fondations.comptes.services.connexion import dissociate_identite
from socle.fondations.comptes.services.sessions import end_session, end_sessions, list_sessions
from socle.fondations.comptes.views.securite import confirmation_requise, sans_second_facteur

# Espaces du programme commun : rôle → ce que dit le lien, et son chemin.
PROGRAMME = {RoleProgramme.EQUIPE: ("Espace de l’équipe du programme", "equipe/")}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def compte(request: HttpRequest) -> HttpResponse:
    """Identité, moyens de connexion, sessions ouvertes ; la même page pour les deux genres."""
    personne: Compte = request.user  # type: ignore[assignment]
    identites = list(list_identites(personne))
    atteste = any(identite.pivot for identite in identites)
    formulaire = CompteForm(request.POST or None, compte=personne, atteste=atteste)
    if request.method == "POST" and formulaire.is_valid():
        for nom, valeur in formulaire.cleaned_data.items():
            setattr(personne, nom, valeur)
        personne.save(update_fields=[*formulaire.cleaned_data, "modifie_le"])
        messages.success(request, "Vos informations sont enregistrées.")
        return HttpResponseRedirect(build_page_compte(personne))
    lignes = list_fournisseurs(getattr(request, "collectivite", None), personne.genre)
    relies = {(i.emetteur, i.secteur) for i in identites}
    contexte = {
        "compte": personne,
        "form": formulaire,
        "identites": [(identite, _describe_pivot(identite)) for identite in identites],
        "atteste": atteste,
        "a_relier": [
            {"ligne": ligne, "gabarit": profils[ligne.profil].bouton}
            for ligne in lignes
            if (ligne.emetteur, ligne.secteur) not in relies
        ],
        "sessions": list_sessions(
            personne, courante=request.session.session_key or "", maintenant=timezone.now()
        ),
        "roles": _list_roles(request),
        "second_facteur": request.session.get(session.MFA, False),
    }
    reponse = render(request, "comptes/compte.html", contexte)
    allow_formulaires(reponse, list_origines(lignes))
    return reponse


def _list_roles(request: HttpRequest) -> list[Adhesion]:
    """Rend les rôles de l’agent dans cette collectivité, avec leur service."""
    personne: Compte = request.user  # type: ignore[assignment]
    collectivite = getattr(request, "collectivite", None)
    if collectivite is None or not personne.is_agent:
        return []
    with locataire(collectivite.pk):
        return list(list_adhesions(collectivite).filter(compte=personne))


@confirmation_requise
@require_POST
def delier(request: HttpRequest, pk: int) -> HttpResponse:
    """Délie une identité attestée ; refusé si c’est le dernier moyen de se connecter."""
    personne: Compte = request.user  # type: ignore[assignment]
    identite = get_object_or_404(list_identites(personne), pk=pk)
    dissociate_identite(
        compte=personne,
        identite=identite,
        collectivite=getattr(request, "collectivite", None),
        maintenant=timezone.now(),
    )
    messages.success(request, f"{identite.nom_fournisseur} n’est plus relié à votre compte.")
    return HttpResponseRedirect(build_page_compte(personne))


@sans_second_facteur
@require_POST
def fermer_session(request: HttpRequest, pk: int) -> HttpResponse:
    personne: Compte = request.user  # type: ignore[assignment]
    if end_session(personne, pk):
        messages.success(request, "La session est fermée.")
    return HttpResponseRedirect(build_page_compte(personne))


@sans_second_facteur
@require_POST
def fermer_autres_sessions(request: HttpRequest) -> HttpResponse:
    """Ferme toutes les sessions sauf celle-ci."""
    personne: Compte = request.user  # type: ignore[assignment]
    nombre = end_sessions(personne, sauf=request.session.session_key or "")
    pluriel = "s" if nombre > 1 else ""
    messages.success(request, f"{nombre} session{pluriel} fermée{pluriel}.")
    return HttpResponseRedirect(build_page_compte(personne))


@never_cache
@sans_second_facteur
@require_http_methods(["GET", "POST"])
def etat_session(request: HttpRequest) -> JsonResponse:
    """Rend le temps restant (`secondes`) ; POST prolonge la session jusqu’à sa durée maximale."""
    maintenant = timezone.now().timestamp()
    if request.method == "POST":
        request.session[session.VUE_LE] = maintenant
    personne: Compte = request.user  # type: ignore[assignment]
    reste = session.read_reste(request.session, personne.genre, maintenant)
    return JsonResponse({"secondes": int(reste)})


@never_cache
@sans_second_facteur
def second_facteur(request: HttpRequest) -> HttpResponse:
    """Explique à un agent pourquoi un second facteur est exigé, et l’y mène."""
    if request.session.get(session.MFA):
        return HttpResponseRedirect(build_accueil(request.user))  # type: ignore[arg-type]
    return render(request, "comptes/second_facteur.html")


@never_cache
def choisir_collectivite(request: HttpRequest) -> HttpResponse:
    """Accueil d’un agent au niveau de l’installation : va où il travaille, ou lui fait choisir."""
    personne: Compte = request.user  # type: ignore[assignment]
    collectivites = list_collectivites_de(personne)
    programme = [PROGRAMME[role] for role in PROGRAMME if role in list_roles_programme(personne)]
    seul = not programme and not request.GET.get("toutes")
    if len(collectivites) == 1 and seul:
        return redirect(_build_espace(collectivites[0]))
    jour = timezone.localdate()
    propres = [
        (espace.libelle, espace.chemin)
        for espace in (espaces_propres[code] for code in espaces_propres)
        if espace.concerne(personne, jour)
    ]
    if len(propres) == 1 and seul and not collectivites:
        return redirect(f"{get_script_prefix()}{propres[0][1]}")
    contexte = {
        "collectivites": [(c, _build_espace(c)) for c in collectivites],
        "programme": programme + propres,
    }
    return render(request, "comptes/choisir.html", contexte)


def _build_espace(collectivite: object) -> str:
    from socle.fondations.commun.adresses import build_origine  # noqa: PLC0415

    hote = getattr(collectivite, "hote", None)
    slug = getattr(collectivite, "slug", "")
    return f"{build_origine(collectivite)}/agent/" if hote else f"/c/{slug}/agent/"  # type: ignore[arg-type]


def _describe_pivot(identite: IdentiteFederee) -> dict[str, Any]:
    if not identite.pivot:
        return {}
    pivot: dict[str, str] = json.loads(str(identite.pivot))
    try:
        naissance: Any = date.fromisoformat(pivot.get("birthdate", ""))
    except ValueError:
        naissance = None
    return pivot | {"naissance": naissance}
