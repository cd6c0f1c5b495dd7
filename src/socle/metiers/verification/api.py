"""Le double REST de la page, pour les logiciels : mêmes limites, mêmes rapports, refus RFC 9457."""

from base64 import b64encode
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from socle.fondations.commun.errors import ErreurMetier, TropDeDemandes
from socle.fondations.commun.locataire import hors_transaction
from socle.metiers.verification.adapters import drain, receive, serve
from socle.metiers.verification.enums import Geste
from socle.metiers.verification.exports.openapi import build_openapi, describe_normes
from socle.metiers.verification.services.controle import Controle

JSON = {"ensure_ascii": False}


@login_not_required
@csrf_exempt
@hors_transaction
@require_http_methods(["GET", "HEAD", "POST"])
def verifier(request: HttpRequest) -> HttpResponse:
    """En GET, ce que l’on sait contrôler et les limites ; en POST, le rapport d’un fichier."""
    if request.method != "POST":
        return JsonResponse(describe_normes(settings.ADRESSE), json_dumps_params=JSON)
    try:
        controle, geste = receive(request)
    except ErreurMetier as refus:
        drain(request)
        return describe_refus(refus)
    if geste == Geste.TELECHARGER and controle.corrige is not None:
        return serve(controle.corrige, controle.nom_corrige, "application/octet-stream")
    statut = 422 if controle.rapport.valide is None else 200
    reponse = JsonResponse(describe_controle(controle), status=statut, json_dumps_params=JSON)
    reponse.headers["Cache-Control"] = "private, no-store"
    return reponse


@login_not_required
@hors_transaction
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """La description OpenAPI 3.1."""
    return JsonResponse(build_openapi(settings.ADRESSE, settings.VERSION), json_dumps_params=JSON)


def describe_controle(controle: Controle) -> dict[str, Any]:
    """L’objet de `./socle normes … --json`, avec la nature retenue et le fichier corrigé."""
    rapport = controle.rapport
    objet = rapport.objet | {
        "nature": controle.nature.valeur,
        "reconnu": controle.nature.devinee,
        "resume": rapport.phrases,
        "nombre": rapport.nombre,
        "tronque": rapport.tronque,
    }
    if controle.corrige is not None:
        contenu = b64encode(controle.corrige).decode()
        objet["corrige"] = {"nom": controle.nom_corrige, "contenu": contenu}
    return objet


def describe_refus(refus: ErreurMetier) -> HttpResponse:
    """Le refus en RFC 9457, avec l’attente s’il y en a une."""
    probleme = {"title": refus.message, "detail": refus.suite, "status": refus.statut}
    reponse = JsonResponse(
        probleme,
        status=refus.statut,
        content_type="application/problem+json",
        json_dumps_params=JSON,
    )
    if isinstance(refus, TropDeDemandes) and refus.secondes:
        reponse.headers["Retry-After"] = str(refus.secondes)
    return reponse
