"""La page « Vérifier un fichier » : ouverte à tous, sans session, sans rien garder.

Ni jeton CSRF : ces gestes n’écrivent rien et ne savent pas qui les fait, un autre site n’y gagne
rien. La page reste ainsi la même pour tous, donc en cache.
"""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from socle.fondations.commun.entiers import read_entier
from socle.fondations.commun.errors import ErreurMetier, TropDeDemandes
from socle.fondations.commun.locataire import hors_transaction
from socle.fondations.commun.publique import page_publique
from socle.metiers.verification.adapters import drain, receive, serve
from socle.metiers.verification.enums import Geste
from socle.metiers.verification.exports.rapport import FORMATS, build_nom
from socle.metiers.verification.forms import FormulaireFichier
from socle.metiers.verification.ports import LIMITES, verificateurs
from socle.metiers.verification.services import sac
from socle.metiers.verification.services.controle import Controle
from socle.metiers.verification.services.rapport import Rapport

FAUTES_PAR_PAGE = 30
COLONNES_MONTREES = 6


@login_not_required
@csrf_exempt
@hors_transaction
@require_http_methods(["GET", "HEAD", "POST"])
def verifier(request: HttpRequest) -> HttpResponseBase:
    """Le formulaire ; en POST, le rapport ou le fichier corrigé."""
    if request.method != "POST":
        return _show_formulaire(request)
    try:
        controle, geste = receive(request)
    except ErreurMetier as refus:
        return _show_refus(request, refus)
    if geste == Geste.TELECHARGER and controle.corrige is not None:
        return serve(controle.corrige, controle.nom_corrige, "application/octet-stream")
    contexte = build_contexte(controle.rapport) | _carry(controle)
    return _show(request, {**contexte, "nature": controle.nature})


@login_not_required
@csrf_exempt
@hors_transaction
@require_POST
def rapport(request: HttpRequest) -> HttpResponse:
    """Le rapport que porte la page : une autre page de fautes, une colonne, ou un fichier."""
    lu = Rapport.from_dict(sac.open_objet(request.POST.get("sac", "")))
    format_ = request.POST.get("format", "")
    if format_ in FORMATS:
        type_mime, build = FORMATS[format_]
        return serve(build(lu), build_nom(lu, format_), type_mime)
    contexte = build_contexte(
        lu,
        page=read_entier(request.POST.get("page"), 1),
        colonne=request.POST.get("colonne", ""),
    )
    return _show(request, {**contexte, "sac": request.POST["sac"]})


@login_not_required
@csrf_exempt
@hors_transaction
@require_POST
def corrige(request: HttpRequest) -> HttpResponse:
    """Le fichier corrigé que porte la page."""
    octets = sac.open_octets(request.POST.get("sac", ""))
    nom, _, contenu = octets.partition(b"\n")
    return serve(contenu, nom.decode(), "application/octet-stream")


def build_contexte(lu: Rapport, *, page: int = 1, colonne: str = "") -> dict[str, object]:
    """De quoi montrer une page de fautes."""
    fautes = [faute for faute in lu.fautes if not colonne or faute.champ == colonne]
    pages = max(1, -(-len(fautes) // FAUTES_PAR_PAGE))
    page = min(max(page, 1), pages)
    debut = (page - 1) * FAUTES_PAR_PAGE
    return {
        "rapport": lu,
        "fautes": fautes[debut : debut + FAUTES_PAR_PAGE],
        "nombre_montre": len(fautes),
        "page": page,
        "pages": pages,
        "precedente": page - 1,
        "suivante": page + 1 if page < pages else 0,
        "colonne": colonne,
        "pires": lu.colonnes[:COLONNES_MONTREES],
        "changements": lu.changements[:FAUTES_PAR_PAGE],
        "notes": lu.notes[:FAUTES_PAR_PAGE],
    }


def _carry(controle: Controle) -> dict[str, object]:
    """Les sacs que la page gardera à notre place."""
    portes: dict[str, object] = {"sac": sac.pack_objet(controle.rapport.to_dict())}
    if controle.corrige is None:
        return portes
    fichier = sac.pack_octets(controle.nom_corrige.encode() + b"\n" + controle.corrige)
    return portes | {
        "corrige": fichier,
        "nom_corrige": controle.nom_corrige,
        "trop_grand": not fichier,
    }


def describe_page() -> dict[str, object]:
    """Ce que la page dit toujours : ce qu’elle sait contrôler, et ses limites."""
    (quart, duree), (jour, _) = LIMITES.frequences
    return {
        "formulaire": FormulaireFichier(),
        "verificateurs": [verificateurs[code] for code in verificateurs],
        "limites": LIMITES,
        "par_quart": quart,
        "minutes": duree // timedelta(minutes=1),
        "par_jour": jour,
        "Geste": Geste,
    }


@page_publique
def _show_formulaire(request: HttpRequest) -> HttpResponse:
    return render(request, "verification/verifier.html", describe_page())


def _show(request: HttpRequest, contexte: dict[str, object], statut: int = 200) -> HttpResponse:
    """Le fragment pour HTMX, la page entière sinon."""
    partie = "#rapport" if getattr(request, "htmx", False) else ""
    complet = describe_page() | contexte
    reponse = render(request, f"verification/verifier.html{partie}", complet, status=statut)
    reponse.headers["Cache-Control"] = "private, no-store"
    return reponse


def _show_refus(request: HttpRequest, refus: ErreurMetier) -> HttpResponse:
    """422 pour un fragment : le seul refus que les pages mettent à sa place."""
    drain(request)
    statut = 422 if getattr(request, "htmx", False) else refus.statut
    reponse = _show(request, {"refus": refus}, statut)
    if isinstance(refus, TropDeDemandes) and refus.secondes:
        reponse.headers["Retry-After"] = str(refus.secondes)
    return reponse
