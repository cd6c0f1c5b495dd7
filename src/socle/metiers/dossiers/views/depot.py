"""Faire une demande : commencer, répondre page par page, relire, déposer. Sans JavaScript aussi."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.frequence import check_frequence
from socle.fondations.commun.locataire import hors_transaction, locataire
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.queries import (
    describe_formulaire,
    find_demarche,
    get_version_publiee,
)
from socle.metiers.dossiers.errors import DossierIncomplet, DossierModifieAilleurs
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces, can_edit
from socle.metiers.dossiers.queries.dossier import get_formulaire, list_brouillons
from socle.metiers.dossiers.services import depot
from socle.metiers.dossiers.services.correction import save_correction, submit_correction
from socle.metiers.dossiers.views.acces import (
    get_dossier_et_acces,
    read_jetons,
    write_jeton,
)
from socle.metiers.dossiers.views.pieces import receive_pieces, remove_piece
from socle.metiers.dossiers.views.saisie import (
    PageDeSaisie,
    build_contexte,
    find_page,
    read_revision,
)

DEPARTS_PAR_HEURE = 60


def get_demarche(request: HttpRequest, chemin: str) -> Demarche:
    demarche = find_demarche(request.collectivite, chemin)
    if demarche is None:
        raise Http404
    return demarche


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def commencer(request: HttpRequest, chemin: str) -> HttpResponse:
    """Choisir comment se présenter, puis ouvrir un brouillon."""
    demarche = get_demarche(request, chemin)
    compte = request.user if request.user.is_authenticated else None
    if compte and compte.is_agent:
        return redirect("dossiers:guichet")
    peut_ouvrir = bool(compte) or demarche.invites_autorises
    if request.method == "POST" and peut_ouvrir:
        return open_brouillon(request, demarche)
    version = get_version_publiee(demarche)
    contexte = {
        "demarche": demarche,
        "resume": describe_formulaire(version),
        "brouillons": list_brouillons(demarche, compte, read_jetons(request)),
        "suite": request.path,
    }
    return render(request, "dossiers/usager/commencer.html", contexte)


def open_brouillon(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Ouvre un brouillon et mène à la première page ; l’invité reçoit son jeton."""
    maintenant = timezone.now()
    compte = request.user if request.user.is_authenticated else None
    if compte is None:
        check_frequence(
            quoi="dossiers.commencer",
            qui=request.META.get("REMOTE_ADDR", ""),
            nombre=DEPARTS_PAR_HEURE,
            duree=timezone.timedelta(hours=1),
            maintenant=maintenant,
        )
    version = get_version_publiee(demarche)
    if version is None:
        raise Http404
    dossier, jeton = depot.start_dossier(
        demarche=demarche,
        version=version,
        compte=compte,
        maintenant=maintenant,
        demandeur=compte.nom_affiche if compte else "",
        courriel=compte.courriel if compte else "",
    )
    reponse = redirect("dossiers:etape", dossier.numero, 1)
    if jeton:
        write_jeton(request, reponse, dossier.numero, jeton)
    return reponse


def get_modifiable(request: HttpRequest, numero: int) -> tuple[Dossier, Acces]:
    """Rend un dossier que cette personne peut encore modifier ; sinon le refus dit pourquoi."""
    dossier, acces = get_dossier_et_acces(request, numero)
    if not can_edit(acces, dossier):
        raise ErreurMetier(
            "Cette demande ne peut plus être modifiée : le service l’instruit.",
            "Pour ajouter quelque chose, écrivez au service depuis la page du dossier.",
        )
    return dossier, acces


@login_not_required
@hors_transaction
@require_http_methods(["GET", "HEAD", "POST"])
def etape(request: HttpRequest, numero: int, rang: int) -> HttpResponse:
    """Une page du formulaire. Les fichiers sont rangés hors de la transaction des réponses."""
    with locataire(request.collectivite.pk):
        dossier, acces = get_modifiable(request, numero)
        page = find_page(dossier, rang)
        if page is None:
            return redirect("dossiers:resume", numero)
        if request.method != "POST":
            contexte = build_contexte(request, dossier, page)
            return render(request, "dossiers/usager/etape.html", contexte)
    return save_etape(request, dossier, acces, page)


def save_etape(
    request: HttpRequest, dossier: Dossier, acces: Acces, page: PageDeSaisie
) -> HttpResponse:
    """Lit la page, range ses fichiers, enregistre, et mène où la personne veut aller."""
    saisie = page.read(request.POST, request.FILES, dossier)
    if "retirer_piece" in request.POST:
        remove_piece(request, dossier, saisie, request.POST["retirer_piece"])
    else:
        receive_pieces(request, dossier, saisie)
    with locataire(request.collectivite.pk):
        try:
            save(dossier, saisie.valeurs, read_revision(request, dossier))
        except DossierModifieAilleurs as conflit:
            contexte = build_contexte(request, dossier, page, saisie=saisie, conflit=conflit)
            return render(request, "dossiers/usager/etape.html", contexte, status=409)
        avance = "suivant" in request.POST
        if avance and saisie.erreurs:
            contexte = build_contexte(request, dossier, page, saisie=saisie)
            return render(request, "dossiers/usager/etape.html", contexte, status=422)
        if request.htmx and not avance:
            contexte = build_contexte(request, dossier, page, saisie=saisie, discret=True)
            return render(request, "dossiers/usager/_enregistre.html", contexte)
        return redirect_suite(request, dossier, page)


def save(dossier: Dossier, valeurs: dict[str, Any], revision: int) -> None:
    """Enregistre dans le brouillon, ou à part si le dossier est déjà déposé (correction)."""
    if dossier.is_brouillon:
        depot.save_reponses(dossier=dossier, valeurs=valeurs, revision=revision)
    else:
        save_correction(dossier=dossier, valeurs=valeurs, revision=revision)


def redirect_suite(request: HttpRequest, dossier: Dossier, page: PageDeSaisie) -> HttpResponse:
    """Mène à la page suivante ou précédente, reste ici, ou sort en gardant tout."""
    if "suivant" in request.POST:
        suivante = page.next_rang(dossier)
        if suivante is None:
            return redirect("dossiers:resume", dossier.numero)
        return redirect("dossiers:etape", dossier.numero, suivante)
    if "precedent" in request.POST:
        return redirect("dossiers:etape", dossier.numero, max(1, page.rang - 1))
    if "quitter" in request.POST:
        return redirect("dossiers:suivi", dossier.numero)
    return redirect("dossiers:etape", dossier.numero, page.rang)


@login_not_required
@require_safe
def resume(request: HttpRequest, numero: int) -> HttpResponse:
    """Relire avant de déposer : chaque réponse, sa source, et un lien pour la changer."""
    dossier, _ = get_modifiable(request, numero)
    return render(request, "dossiers/usager/resume.html", build_resume(dossier))


def build_resume(dossier: Dossier, erreurs: Any = ()) -> dict[str, Any]:
    formulaire = get_formulaire(dossier.version_id)
    reponses = dossier.reponses if dossier.correction is None else dossier.correction
    return {
        "dossier": dossier,
        "demarche": dossier.demarche,
        "pages": formulaire.pages_resume(reponses, dossier.provenances),
        "erreurs": erreurs,
        "est_correction": not dossier.is_brouillon,
    }


@login_not_required
@require_POST
def deposer(request: HttpRequest, numero: int) -> HttpResponse:
    """Dépose la demande ou la correction ; deux clics ne font qu’un dépôt."""
    dossier, acces = get_dossier_et_acces(request, numero)
    maintenant = timezone.now()
    try:
        if dossier.is_brouillon:
            depot.file_dossier(
                numero=numero,
                acces=acces,
                accord_portail="accord_portail" in request.POST,
                maintenant=maintenant,
            )
        else:
            submit_correction(numero=numero, acces=acces, maintenant=maintenant)
    except DossierIncomplet as refus:
        contexte = build_resume(dossier, refus.erreurs)
        return render(request, "dossiers/usager/resume.html", contexte, status=422)
    return redirect("dossiers:suivi", numero)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def supprimer(request: HttpRequest, numero: int) -> HttpResponse:
    """Supprime un brouillon, après confirmation."""
    dossier, acces = get_modifiable(request, numero)
    if request.method == "POST" and dossier.is_brouillon:
        demarche = dossier.demarche
        depot.delete_brouillon(dossier=dossier, acces=acces, maintenant=timezone.now())
        return redirect("demarches:fiche", demarche.chemin)
    return render(request, "dossiers/usager/supprimer.html", {"dossier": dossier})
