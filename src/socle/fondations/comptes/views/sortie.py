"""Déconnexion : ici d’abord, puis chez le fournisseur s’il le permet."""

import logging

from allauth.account.internal.flows.logout import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.adresses import build_adresse
from socle.fondations.commun.oidc.deconnexion import close_deconnexion, open_deconnexion
from socle.fondations.commun.oidc.errors import ParcoursInconnu, RefusOidc
from socle.fondations.comptes.adapters.session import FEDERATION, Federation, read_federation
from socle.fondations.comptes.queries import find_fournisseur
from socle.fondations.comptes.services.fournisseurs import build_fournisseur, build_retour
from socle.fondations.comptes.views.relais import build_etat, read_relais
from socle.fondations.comptes.views.securite import sans_second_facteur

trace = logging.getLogger("socle.comptes")
VERS = "deconnexion_vers"


@login_not_required
@sans_second_facteur
@never_cache
@require_POST
def deconnexion(request: HttpRequest) -> HttpResponse:
    """Ferme la session ici, puis mène à la fin de session du fournisseur.

    Si le fournisseur est en panne, la personne est déjà déconnectée d’ici.
    """
    federation = read_federation(request.session, request.user)
    collectivite: Collectivite | None = getattr(request, "collectivite", None)
    logout(request, show_message=federation is None)
    request.session.pop(FEDERATION, None)  # connexion abandonnée avant le second facteur
    adresse = _build_fin(request, federation, collectivite) if federation else ""
    if adresse:
        request.session[VERS] = get_script_prefix()  # le retour peut arriver à l’installation
    reponse = HttpResponseRedirect(adresse or get_script_prefix())
    reponse.status_code = 303
    return reponse


@login_not_required
@never_cache
@require_GET
def retour(request: HttpRequest) -> HttpResponse:
    """Revient du fournisseur. Un `state` étranger ne fait rien d’autre qu’une trace."""
    etat = request.GET.get("state", "")
    depuis = read_relais(etat) if getattr(request, "collectivite", None) is None else None
    if depuis is not None:
        collectivite = Collectivite.objects.filter(pk=depuis, active=True).first()
        if collectivite is not None:
            adresse = build_adresse("comptes:deconnexion_retour", collectivite)
            return HttpResponseRedirect(f"{adresse}?{request.GET.urlencode()}")
    try:
        close_deconnexion(request.session, etat)
    except ParcoursInconnu:
        trace.warning("deconnexion.retour_inconnu")
    return HttpResponseRedirect(request.session.pop(VERS, get_script_prefix()))


def _build_fin(
    request: HttpRequest, federation: Federation, collectivite: Collectivite | None
) -> str:
    ligne = find_fournisseur(collectivite, federation.code)
    if ligne is None or not federation.id_token:
        return ""
    adresse_retour = build_retour(ligne, collectivite, "comptes:deconnexion_retour")
    try:
        return open_deconnexion(
            request.session,
            build_fournisseur(ligne, collectivite),
            id_token=federation.id_token,
            retour=adresse_retour,
            etat=build_etat(adresse_retour, collectivite),
        )
    except RefusOidc:
        return ""
