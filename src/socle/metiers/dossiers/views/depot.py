"""Faire une demande : commencer, répondre page par page, relire, déposer. Sans JavaScript aussi."""

from contextlib import AbstractContextManager
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.locataire import hors_transaction, locataire
from socle.fondations.comptes.adapters.requete import read_ip
from socle.fondations.formulaires.moteur import ErreurDepot, FormulaireCompile, Saisie
from socle.fondations.formulaires.rendu import make_id
from socle.fondations.referentiels.queries import search_communes
from socle.metiers.demarches.models import Version
from socle.metiers.demarches.queries import describe_formulaire
from socle.metiers.dossiers.errors import (
    AccordSansAcces,
    DateImpossible,
    DepotTropRapide,
    DossierIncomplet,
    DossierModifieAilleurs,
    RobotPresume,
)
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.queries.dossier import (
    find_dossier,
    find_version_ouverte,
    get_formulaire,
    list_brouillons,
)
from socle.metiers.dossiers.services import abus, depot
from socle.metiers.dossiers.services.correction import save_correction, submit_correction
from socle.metiers.dossiers.services.demandeur import find_courriel
from socle.metiers.dossiers.services.identite import prefill_identite, read_pivot
from socle.metiers.dossiers.views.acces import (
    get_dossier_et_acces,
    get_modifiable,
    identite_demandee,
    read_jetons,
    write_jeton,
)
from socle.metiers.dossiers.views.etablissements import complete_sirets
from socle.metiers.dossiers.views.guichet import (
    build_reception,
    describe_place,
    leave_saisie,
    tell_depot,
)
from socle.metiers.dossiers.views.pieces import receive_pieces
from socle.metiers.dossiers.views.saisie import (
    Etape,
    build_contexte,
    explain_indisponible,
    find_etape,
    read_onglet,
    read_revision,
)
from socle.metiers.dossiers.views.sources import request_source


def get_version(request: HttpRequest, chemin: str) -> Version:
    version = find_version_ouverte(request.collectivite, chemin)
    if version is None:
        raise Http404
    return version


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def commencer(request: HttpRequest, chemin: str) -> HttpResponse:
    """Choisir comment se présenter, puis ouvrir un brouillon."""
    version = get_version(request, chemin)
    demarche = version.demarche
    compte = request.user if request.user.is_authenticated else None
    if compte and compte.is_agent:
        return redirect("dossiers:guichet")
    peut_ouvrir = bool(compte) or demarche.invites_autorises
    refus = None
    if request.method == "POST" and peut_ouvrir:
        try:
            return open_brouillon(request, version)
        except RobotPresume as robot:
            refus = robot
    contexte = {
        "refus": refus,
        "demarche": demarche,
        "resume": describe_formulaire(version),
        "brouillons": list_brouillons(demarche, compte, read_jetons(request)),
        "suite": request.path,
    }
    statut = refus.statut if refus else 200
    return render(request, "dossiers/usager/commencer.html", contexte, status=statut)


def open_brouillon(request: HttpRequest, version: Version) -> HttpResponse:
    """Ouvre un brouillon et mène à la première page ; l’invité reçoit son jeton."""
    maintenant = timezone.now()
    compte = request.user if request.user.is_authenticated else None
    if compte is None:
        abus.check_piege(request.POST)
        abus.check_depart(adresse=read_ip(request), maintenant=maintenant)
    pivot = read_pivot(compte)
    dossier, jeton = depot.start_dossier(
        demarche=version.demarche,
        version=version,
        compte=compte,
        maintenant=maintenant,
        reponses=prefill_identite(
            get_formulaire(version.pk), pivot, request.collectivite.siret, maintenant
        ),
        demandeur=compte.nom_affiche if compte else "",
        courriel=compte.courriel_envoi if compte else "",
    )
    reponse = redirect("dossiers:etape", dossier.numero, 1)
    if jeton:
        write_jeton(request, reponse, dossier.numero, jeton)
    return reponse


@login_not_required
@hors_transaction
@require_http_methods(["GET", "HEAD", "POST"])
@identite_demandee
def etape(request: HttpRequest, numero: int, rang: int) -> HttpResponse:
    """Une page du formulaire. Les fichiers sont rangés hors de la transaction des réponses."""
    with open_locataire(request):
        dossier, acces = get_modifiable(request, numero)
        page = find_etape(dossier, rang)
        if page is None:
            return redirect("dossiers:resume", numero)
        if request.method != "POST":
            return render(request, "dossiers/usager/etape.html", build_contexte(request, page))
    return save_etape(request, acces, page)


def open_locataire(request: HttpRequest) -> AbstractContextManager[None]:
    """Ouvre la transaction de la collectivité, et de la personne si elle est connectée."""
    a_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    personne = request.user.pk if a_session and request.user.is_authenticated else None
    return locataire(request.collectivite.pk, personne_id=personne)


def save_etape(request: HttpRequest, acces: Acces, page: Etape) -> HttpResponse:
    """Lit la page, range ses fichiers, enregistre, puis mène où la personne veut aller."""
    discret = bool({"auto", "zone"} & set(request.GET))
    dossier = page.dossier
    saisie = page.read(request, exiger=not discret)
    receive_pieces(request, dossier, acces, saisie)
    if not discret:
        complete_sirets(request, page, saisie)
    if saisie.action.nom == "a_la_main":
        saisie.valeurs = page.formulaire.fill_by_hand(
            saisie.action.champ, saisie.valeurs, maintenant=page.maintenant
        )
    with open_locataire(request):
        try:
            save(request, dossier, saisie.valeurs, garde=discret)
        except DossierModifieAilleurs as conflit:
            contexte = build_contexte(request, page, saisie=saisie, conflit=conflit)
            if discret:
                return render(request, "dossiers/usager/_enregistre.html", contexte)
            if contexte["conflit"].ecarts:
                return render(request, "dossiers/usager/etape.html", contexte, status=409)
        if discret:
            contexte = build_contexte(request, page, saisie=saisie)
            contexte |= {"zone": "zone" in request.GET, "enregistre_le": page.maintenant}
            return render(request, "dossiers/usager/_enregistre.html", contexte)
        if saisie.action.nom in {"continuer", "chercher"} and not saisie.is_complete:
            contexte = build_contexte(request, page, saisie=saisie)
            return render(request, "dossiers/usager/etape.html", contexte, status=422)
        return redirect_suite(request, page, saisie)


def save(request: HttpRequest, dossier: Dossier, reponses: dict[str, Any], *, garde: bool) -> None:
    """Enregistre dans le brouillon, ou à part si le dossier est déjà déposé (correction)."""
    enregistre = depot.save_reponses if dossier.is_brouillon else save_correction
    enregistre(
        dossier=dossier,
        reponses=reponses,
        revision=read_revision(request, dossier),
        onglet=read_onglet(request),
        garde=garde,
    )


def redirect_suite(request: HttpRequest, page: Etape, saisie: Saisie) -> HttpResponse:
    """Mène à la page suivante ou précédente, chez FranceConnect, dehors, ou reste ici."""
    numero, action = page.dossier.numero, saisie.action
    if action.nom == "continuer":
        if find_etape(page.dossier, page.rang + 1) is None:
            return redirect("dossiers:resume", numero)
        return redirect("dossiers:etape", numero, page.rang + 1)
    if action.nom == "retour":
        return redirect("dossiers:etape", numero, max(1, page.rang - 1))
    if action.nom == "enregistrer":
        if page.dossier.saisi_par_id is not None:
            return leave_saisie(request, page.dossier)
        return redirect("dossiers:suivi", numero)
    if action.nom == "appeler" and not explain_indisponible(request, page.dossier):
        return request_source(request, page.dossier, page.rang, action.champ)
    reponse = redirect("dossiers:etape", numero, page.rang)
    reponse["Location"] += f"#champ-{action.champ}" if action.champ else ""
    return reponse


@login_not_required
@require_safe
@identite_demandee
def resume(request: HttpRequest, numero: int) -> HttpResponse:
    """Relire avant de déposer : chaque réponse, sa source, et un lien pour la changer."""
    dossier, _ = get_modifiable(request, numero)
    contexte = build_resume(dossier) | {"reception": build_reception(request, dossier)}
    return render(request, "dossiers/usager/resume.html", contexte)


def build_resume(dossier: Dossier, erreurs: Any = ()) -> dict[str, Any]:
    formulaire = get_formulaire(dossier.version_id)
    reponses = dossier.reponses if dossier.correction is None else dossier.correction
    propres = formulaire.clean_masquees(reponses, maintenant=timezone.now())
    return {
        "dossier": dossier,
        "demarche": dossier.demarche,
        "pages": list_pages_resume(formulaire, reponses),
        "erreurs": [describe_erreur(dossier, formulaire, e, reponses) for e in erreurs],
        "est_correction": not dossier.is_brouillon,
        "est_invite": dossier.is_brouillon and bool(dossier.jeton),
        "refus": None,
        "accord": False,
    } | describe_place(dossier, find_courriel(formulaire, propres))


def list_pages_resume(
    formulaire: FormulaireCompile, reponses: dict[str, Any]
) -> list[dict[str, Any]]:
    """Rend chaque page résumée avec son rang, pour y revenir."""
    maintenant = timezone.now()
    pages = formulaire.list_pages(reponses, maintenant=maintenant)
    rangs = {page.id: rang for rang, page in enumerate(pages, 1)}
    resumes = formulaire.lines_resume(reponses, maintenant=maintenant)
    return [{"rang": rangs[resume.id], "resume": resume} for resume in resumes]


def describe_erreur(
    dossier: Dossier, formulaire: FormulaireCompile, erreur: ErreurDepot, reponses: dict[str, Any]
) -> dict[str, str]:
    """Rend une erreur du dépôt avec un lien vers le champ, sur sa page."""
    pages = formulaire.list_pages(reponses, maintenant=timezone.now())
    rang = next((r for r, page in enumerate(pages, 1) if page.id == erreur.page), 1)
    lien = f"{reverse('dossiers:etape', args=[dossier.numero, rang])}#{make_id(erreur.chemin)}"
    return {"lien": lien, "libelle": erreur.libelle, "message": erreur.message}


@login_not_required
@require_POST
@identite_demandee
def deposer(request: HttpRequest, numero: int) -> HttpResponse:
    """Dépose la demande ou la correction ; deux clics ne font qu’un dépôt."""
    dossier, acces = get_dossier_et_acces(request, numero, find=partial(find_dossier, verrou=True))
    correction = not dossier.is_brouillon
    reception = build_reception(request, dossier)
    if reception is not None and reception.is_bound and not reception.is_valid():
        return show_refus(request, dossier, DateImpossible())
    recue_le = reception.cleaned_data["recue_le"] if reception and reception.is_bound else None
    try:
        file_ou_corrige(request, dossier, acces, recue_le)
    except DossierIncomplet as refus:
        return show_refus(request, dossier, refus, refus.erreurs)
    except (RobotPresume, DepotTropRapide, AccordSansAcces) as refus:
        return show_refus(request, dossier, refus)
    if dossier.saisi_par_id is not None:
        return tell_depot(request, dossier, correction=correction)
    return redirect("dossiers:suivi", numero)


def file_ou_corrige(
    request: HttpRequest, dossier: Dossier, acces: Acces, recue_le: date | None
) -> None:
    """Dépose la demande, ou la correction si elle l’est déjà."""
    maintenant = timezone.now()
    if not dossier.is_brouillon:
        submit_correction(
            numero=dossier.numero, acces=acces, recue_le=recue_le, maintenant=maintenant
        )
        return
    check_abus(request, dossier, acces)
    depot.file_dossier(
        numero=dossier.numero,
        acces=acces,
        accord_portail="accord_portail" in request.POST,
        recue_le=recue_le,
        verrouille=dossier,
        maintenant=maintenant,
    )


def check_abus(request: HttpRequest, dossier: Dossier, acces: Acces) -> None:
    """Ce que seul un invité doit passer : champ caché vide, et le temps d’avoir lu."""
    if acces.compte is None:
        abus.check_piege(request.POST)
        abus.check_delai(dossier=dossier, acces=acces, maintenant=timezone.now())


def show_refus(
    request: HttpRequest, dossier: Dossier, refus: ErreurMetier, erreurs: Any = ()
) -> HttpResponse:
    """Remontre la relecture avec la raison du refus ; rien n’est perdu, l’accord compris."""
    contexte = build_resume(dossier, erreurs)
    contexte |= {"refus": None if erreurs else refus, "accord": "accord_portail" in request.POST}
    contexte["reception"] = build_reception(request, dossier)
    reponse = render(request, "dossiers/usager/resume.html", contexte, status=refus.statut)
    if isinstance(refus, DepotTropRapide):
        reponse["Retry-After"] = str(refus.secondes)
    return reponse


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@identite_demandee
def supprimer(request: HttpRequest, numero: int) -> HttpResponse:
    """Supprime un brouillon, après confirmation."""
    dossier, acces = get_modifiable(request, numero)
    if request.method == "POST" and dossier.is_brouillon:
        demarche = dossier.demarche
        depot.delete_brouillon(dossier=dossier, acces=acces, maintenant=timezone.now())
        if dossier.saisi_par_id is not None:
            messages.success(request, "La saisie est supprimée.")
            return redirect("dossiers:guichet")
        return redirect("demarches:fiche", demarche.chemin)
    contexte = {"dossier": dossier} | describe_place(dossier)
    return render(request, "dossiers/usager/supprimer.html", contexte)


@login_not_required
@require_safe
def communes(request: HttpRequest) -> HttpResponse:
    """Propose des communes pendant la frappe (la liste vient de notre référentiel)."""
    texte = next((v for c, v in request.GET.items() if c != "csrfmiddlewaretoken"), "")
    contexte = {"communes": search_communes(texte[:100], limite=10) if len(texte) > 1 else []}
    return render(request, "formulaires_types/communes.html", contexte)
