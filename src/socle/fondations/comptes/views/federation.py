"""Départ vers un fournisseur d’identité et retour : le réseau d’abord, une courte transaction."""

import logging
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.adresses import build_adresse
from socle.fondations.commun.errors import ErreurConnecteur, ErreurMetier, SystemeIndisponible
from socle.fondations.commun.frequence import check_frequence
from socle.fondations.commun.locataire import hors_transaction, locataire
from socle.fondations.commun.oidc.client import publish_cles
from socle.fondations.commun.oidc.depart import list_parcours, open_parcours
from socle.fondations.commun.oidc.errors import (
    FournisseurMalRegle,
    NiveauInsuffisant,
    ParcoursInconnu,
    RefusDuFournisseur,
    RefusOidc,
)
from socle.fondations.commun.oidc.fournisseur import Fournisseur
from socle.fondations.commun.oidc.retour import redeem_code, take_parcours
from socle.fondations.comptes.adapters.requete import is_chemin_sur, read_ip
from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.errors import FournisseurInconnu, PerimetreRefuse, SecondFacteurAbsent
from socle.fondations.comptes.models import FournisseurIdentite
from socle.fondations.comptes.ports import apres_connexion, profils
from socle.fondations.comptes.queries import find_fournisseur
from socle.fondations.comptes.services.fournisseurs import build_fournisseur
from socle.fondations.comptes.views.relais import build_etat, read_relais
from socle.fondations.comptes.views.securite import sans_second_facteur
from socle.fondations.comptes.views.suites import Arrivee, finish_arrivee

trace = logging.getLogger("socle.comptes")
DEPARTS_MAX = 300  # par adresse : toute une mairie derrière la même, le matin
UNE_MINUTE = timedelta(minutes=1)
REPRISE = "Rien n’est perdu : réessayez, ou donnez ces réponses vous-même."
INTENTIONS = frozenset({"connexion", "associer"})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def depart(request: HttpRequest, code: str) -> HttpResponse:
    """Part vers le fournisseur : se connecter, ou demander des données (`scopes`, `but`)."""
    donnees = request.POST if request.method == "POST" else request.GET
    scopes = tuple(donnees.get("scopes", "").split())
    but = donnees.get("but", "sources") if scopes else "connexion"
    if but not in INTENTIONS and but not in apres_connexion:
        raise PerimetreRefuse
    return _go(request, code, but if but != "associer" else "connexion", scopes)


@never_cache
@sans_second_facteur
@require_POST
def associer(request: HttpRequest, code: str) -> HttpResponse:
    """Relie une identité au compte ouvert. POST et jeton CSRF : un autre site ne peut le lancer."""
    return _go(request, code, "associer", ())


@login_not_required
@hors_transaction
@never_cache
@require_GET
def retour(request: HttpRequest, code: str) -> HttpResponseBase:
    """Reçoit la réponse du fournisseur : le réseau d’abord, puis une courte transaction."""
    maintenant = timezone.now()
    collectivite = getattr(request, "collectivite", None)
    relais = _find_relais(request, code, collectivite, maintenant.timestamp())
    if relais is not None:
        return relais
    ligne, fournisseur = _read(collectivite, code)
    parametres = {nom: list(valeurs) for nom, valeurs in request.GET.lists()}
    reprise = _find_reprise(request, maintenant.timestamp())
    try:
        parcours, code_recu = take_parcours(
            request.session, fournisseur, parametres, maintenant=maintenant.timestamp()
        )
        identite = redeem_code(fournisseur, parcours, code_recu, maintenant=maintenant.timestamp())
    except ErreurConnecteur as cause:
        return _show_echec(request, ligne, cause, reprise)
    arrivee = Arrivee(
        ligne=ligne,
        fournisseur=fournisseur,
        identite=identite,
        traits=profils[ligne.profil].read_traits(identite),
        parcours=parcours,
        collectivite=collectivite,
        maintenant=maintenant,
    )
    try:
        return finish_arrivee(request, arrivee)
    except ErreurMetier as refus:
        return _show_refus(request, ligne, refus, reprise)


@login_not_required
@require_GET
def jwks(request: HttpRequest, code: str) -> JsonResponse:
    """Publie nos clés publiques pour ce fournisseur (chiffrement de FranceConnect+, signature)."""
    _, fournisseur = _read(getattr(request, "collectivite", None), code)
    reponse = JsonResponse(publish_cles(fournisseur))
    reponse.headers["Cache-Control"] = "public, max-age=600"
    return reponse


def _go(
    request: HttpRequest, code: str, intention: str, scopes: tuple[str, ...]
) -> HttpResponseRedirect:
    collectivite: Collectivite | None = getattr(request, "collectivite", None)
    maintenant = timezone.now()
    check_frequence(
        quoi="connexion.depart", qui=read_ip(request), nombre=DEPARTS_MAX, duree=UNE_MINUTE,
        maintenant=maintenant,
    )  # fmt: skip
    ligne, fournisseur = _read(collectivite, code)
    if not set(scopes) <= set(ligne.scopes_donnees.split()):
        raise PerimetreRefuse
    donnees = request.POST if request.method == "POST" else request.GET
    suite = donnees.get("suite", "")
    adresse = open_parcours(
        request.session,
        fournisseur,
        maintenant=maintenant.timestamp(),
        suite=suite if is_chemin_sur(suite) else "",
        intention=intention,
        scopes=scopes,
        collectivite=collectivite.pk if collectivite else None,
        etat=build_etat(fournisseur.redirection, collectivite),
        **_build_indices(ligne, collectivite),
    )
    reponse = HttpResponseRedirect(adresse)
    reponse.status_code = 303
    return reponse


def _build_indices(ligne: FournisseurIdentite, collectivite: Collectivite | None) -> dict[str, str]:
    """Suggère l’organisation à ProConnect ; le SIRET rendu est vérifié de toute façon."""
    if collectivite and collectivite.siret and profils[ligne.profil].atteste_organisation:
        return {"siret_hint": collectivite.siret}
    return {}


def _find_relais(
    request: HttpRequest, code: str, ici: Collectivite | None, maintenant: float
) -> HttpResponseRedirect | None:
    """Renvoie à la collectivité où la connexion a commencé, si le retour arrive à l’installation.

    Sur le même hôte, la session le sait ; sur un autre, c’est le `state` signé qui le dit.
    """
    if ici is not None:
        return None
    etat = request.GET.get("state", "")
    parcours = list_parcours(request.session, maintenant).get(etat)
    depuis = parcours["collectivite"] if parcours else read_relais(etat)
    collectivite = Collectivite.objects.filter(pk=depuis, active=True).first() if depuis else None
    if collectivite is None:
        return None
    adresse = build_adresse("comptes:retour", collectivite, code)
    return HttpResponseRedirect(f"{adresse}?{request.GET.urlencode()}")


def _find_reprise(request: HttpRequest, maintenant: float) -> str:
    """Rend la page d’où une personne connectée est partie chercher des données ; sinon, vide.

    Un échec l’y ramène : elle peut réessayer, ou remplir elle-même.
    """
    parcours = list_parcours(request.session, maintenant).get(request.GET.get("state", ""))
    if not parcours or parcours["intention"] not in apres_connexion:
        return ""
    return str(parcours["suite"]) if request.user.is_authenticated else ""


def _read(collectivite: Collectivite | None, code: str) -> tuple[FournisseurIdentite, Fournisseur]:
    with locataire(collectivite.pk if collectivite else None):
        ligne = find_fournisseur(collectivite, code)
    if ligne is None:
        raise FournisseurInconnu
    try:
        return ligne, build_fournisseur(ligne, collectivite)
    except FournisseurMalRegle as cause:
        trace.error("fournisseur.mal_regle", extra={"fournisseur": ligne.cle, "detail": str(cause)})
        raise FournisseurInconnu from cause


def _show_echec(
    request: HttpRequest, ligne: FournisseurIdentite, cause: ErreurConnecteur, reprise: str
) -> HttpResponse:
    """Montre un échec technique sans jamais répéter ce que le fournisseur a écrit."""
    code = cause.code if isinstance(cause, RefusOidc) else "panne"
    detail = cause.detail if isinstance(cause, RefusOidc) else type(cause).__name__
    trace.warning(
        "connexion.refusee", extra={"fournisseur": ligne.cle, "code": code, "detail": detail}
    )
    if isinstance(cause, NiveauInsuffisant) and ligne.mfa_exigee:
        return _show_refus(request, ligne, SecondFacteurAbsent(), reprise)
    if reprise:
        renonce = isinstance(cause, RefusDuFournisseur)
        abandon = f"L’échange avec {ligne.nom} n’a pas abouti."
        return _resume(request, reprise, abandon if renonce else _explain(ligne, cause))
    contexte = {"message": _explain(ligne, cause), "suite": ""}
    return _show(request, ligne, contexte, _read_statut(cause))


def _explain(ligne: FournisseurIdentite, cause: ErreurConnecteur) -> str:
    if isinstance(cause, RefusDuFournisseur):
        return profils[ligne.profil].explain(cause.erreur)
    if isinstance(cause, SystemeIndisponible):
        return f"{ligne.nom} ne répond pas en ce moment."
    if isinstance(cause, ParcoursInconnu):
        return "Cette connexion a expiré, ou a commencé dans un autre navigateur."
    return f"La réponse de {ligne.nom} n’est pas sûre : nous l’avons refusée."


def _read_statut(cause: ErreurConnecteur) -> int:
    if isinstance(cause, SystemeIndisponible):
        return 503
    return 400 if isinstance(cause, ParcoursInconnu) else 403


def _resume(request: HttpRequest, reprise: str, raison: str) -> HttpResponse:
    messages.warning(request, f"{raison} {REPRISE}")
    return HttpResponseRedirect(reprise)


def _show_refus(
    request: HttpRequest, ligne: FournisseurIdentite, refus: ErreurMetier, reprise: str
) -> HttpResponse:
    trace.warning(
        "connexion.refusee",
        extra={"fournisseur": ligne.cle, "code": "regle", "detail": type(refus).__name__},
    )
    if reprise:
        return _resume(request, reprise, refus.message)
    contexte = {"message": refus.message, "suite": refus.suite}
    return _show(request, ligne, contexte, refus.statut)


def _show(
    request: HttpRequest, ligne: FournisseurIdentite, contexte: dict[str, Any], statut: int
) -> HttpResponse:
    agent = ligne.genre == GenreCompte.AGENT
    contexte |= {"porte": "comptes:connexion_agent" if agent else "comptes:connexion"}
    return render(request, "comptes/echec.html", contexte, status=statut)
