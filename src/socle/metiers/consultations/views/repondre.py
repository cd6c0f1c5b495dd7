"""Répondre à une campagne : commencer, page par page, relire, déposer. Sans JavaScript aussi."""

import secrets
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.frequence import check_frequences
from socle.fondations.commun.locataire import hors_transaction, locataire
from socle.fondations.commun.presentation import Conflit, Ecart
from socle.fondations.comptes.adapters.requete import read_ip
from socle.fondations.formulaires.moteur import ErreurDepot, Saisie, compare_reponses
from socle.fondations.formulaires.rendu import make_id
from socle.metiers.consultations.enums import EtatReponse, Moment
from socle.metiers.consultations.errors import (
    CampagneFermee,
    ModifieAilleurs,
    ReponseIncomplete,
    ReponseRefusee,
    RobotPresume,
)
from socle.metiers.consultations.forms.publics import InviteForm, TitreForm
from socle.metiers.consultations.models import Campagne, Reponse
from socle.metiers.consultations.permissions import can_write, list_titres, read_compte
from socle.metiers.consultations.queries.campagnes import present_campagne
from socle.metiers.consultations.queries.formulaires import get_formulaire
from socle.metiers.consultations.queries.reponses import find_reponse, list_de
from socle.metiers.consultations.services import reponses as services
from socle.metiers.consultations.services.abus import LIMITES, PIEGE
from socle.metiers.consultations.views.commun import (
    FORMULAIRE,
    get_reponse,
    get_visible,
    keep_jeton,
    read_acteur,
    read_revision,
    say_refus,
)
from socle.metiers.consultations.views.etapes import (
    Etape,
    build_navigation,
    build_url_fichier,
    find_etape,
    receive_pieces,
)

GABARIT = "consultations/etape.html"
VIDE = "sans réponse"


@login_not_required
@require_http_methods(FORMULAIRE)
def commencer(request: HttpRequest, slug: str) -> HttpResponse:
    """Dire au nom de qui l’on répond, puis ouvrir un brouillon, ou le reprendre."""
    campagne = get_visible(request, slug)
    compte = read_compte(request)
    titres = list_titres(campagne, compte) if compte else []
    demande = request.POST if request.method == "POST" else None
    form = TitreForm(demande, titres) if compte else None
    invite = InviteForm(demande) if compte is None and campagne.anonyme else None
    refus: ErreurMetier | None = None
    if demande is not None:
        try:
            if ouverte := _open(request, campagne, form, invite):
                return ouverte
        except ErreurMetier as cause:
            refus = cause
    contexte = {
        "campagne": campagne, "presentation": present_campagne(campagne), "refus": refus,
        "form": form if titres else None, "invite": invite, "connecte": compte is not None,
        "ouverte": campagne.find_moment(timezone.now()) == Moment.OUVERTE,
        "siennes": list_de(compte, campagne) if compte else [], "suite": request.path,
    }  # fmt: skip
    statut = refus.statut if refus else 422 if demande is not None else 200
    return render(request, "consultations/commencer.html", contexte, status=statut)


def _open(
    request: HttpRequest, campagne: Campagne, form: TitreForm | None, invite: InviteForm | None
) -> HttpResponse | None:
    """Ouvre la réponse et mène à sa première page ; None si la demande est à reprendre."""
    maintenant, compte = timezone.now(), read_compte(request)
    if compte is not None and form is not None and form.is_valid():
        reponse = services.start_reponse(
            campagne=campagne, compte=compte, titre=form.choisi, maintenant=maintenant
        )
        return redirect_reponse(reponse)
    if invite is None or not invite.is_valid():
        return None
    if request.POST.get(PIEGE, "").strip():
        raise RobotPresume
    check_frequences(
        quoi="consultations.commencer", qui=read_ip(request), limites=LIMITES,
        maintenant=maintenant,
    )  # fmt: skip
    reponse, jeton = services.start_invite(
        campagne=campagne, courriel=invite.cleaned_data["courriel"], maintenant=maintenant
    )
    keep_jeton(request, reponse.cle, jeton)
    return redirect_reponse(reponse)


def redirect_reponse(reponse: Reponse) -> HttpResponse:
    """Mène à la première page du brouillon, ou au reçu de ce qui est déposé."""
    if reponse.is_brouillon:
        return redirect("consultations:etape", reponse.cle, 1)
    return redirect("consultations:recu", reponse.cle)


@login_not_required
@hors_transaction
@require_http_methods(FORMULAIRE)
def etape(request: HttpRequest, cle: UUID, rang: int) -> HttpResponse:
    """Une page du formulaire. Les fichiers sont rangés hors de la transaction des réponses."""
    with locataire(None):
        reponse = get_reponse(request, cle)
        if not is_modifiable(reponse):
            return redirect("consultations:recu", cle)
        page = find_etape(reponse, rang)
        if page is None:
            return redirect("consultations:relire", cle)
        if request.method != "POST":
            return render(request, GABARIT, build_contexte(page))
    return save_etape(request, page)


def is_modifiable(reponse: Reponse) -> bool:
    return reponse.is_brouillon or (reponse.is_deposee and reponse.correction is not None)


def save_etape(request: HttpRequest, page: Etape) -> HttpResponse:
    """Lit la page, range ses fichiers, enregistre, puis mène où la personne veut aller."""
    discret = bool({"auto", "zone"} & set(request.GET))
    saisie = page.read(request, exiger=not discret)
    receive_pieces(page, saisie, read_acteur(request, page.reponse))
    with locataire(None):
        conflit: ModifieAilleurs | None = None
        try:
            ligne = services.save_reponses(
                reponse=page.reponse, reponses=saisie.valeurs,
                revision=read_revision(request, page.reponse.revision),
                maintenant=page.maintenant,
                onglet=read_onglet(request),
                garde=discret,
            )  # fmt: skip
            page.reponse.revision = ligne.revision
        except ModifieAilleurs as cause:
            conflit = cause
            page.reponse.refresh_from_db(
                fields=["revision", "reponses", "correction", "modifie_le"]
            )
        contexte = build_contexte(page, saisie, conflit)
        if discret:
            contexte["zone"] = "zone" in request.GET
            return render(request, "consultations/_enregistre.html", contexte)
        if conflit:
            return render(request, GABARIT, contexte, status=409)
        if saisie.action.nom == "continuer" and not saisie.is_complete:
            return render(request, GABARIT, contexte, status=422)
    return redirect_suite(page, saisie)


def build_contexte(
    page: Etape, saisie: Saisie | None = None, conflit: ModifieAilleurs | None = None
) -> dict[str, Any]:
    return {
        "campagne": page.reponse.campagne,
        "reponse": page.reponse,
        "etape": page,
        "rendu": page.render(saisie),
        "etapes": build_navigation(page),
        "minutes": max(1, round(page.formulaire.duree_estimee(page.page_id) / 60)),
        "enregistre_le": page.maintenant if saisie and not conflit else None,
        "conflit": describe_conflit(page, saisie, conflit) if saisie and conflit else None,
        "onglet": secrets.token_hex(8),
    }


def describe_conflit(page: Etape, saisie: Saisie, refus: ModifieAilleurs) -> Conflit:
    """Rend les deux versions des réponses : celle enregistrée ailleurs, et celle de la page."""
    ecarts = compare_reponses(
        page.formulaire, page.reponse.saisie, saisie.valeurs, maintenant=page.maintenant
    )
    return Conflit(
        message=refus.message,
        prendre=reverse("consultations:etape", args=[page.reponse.cle, page.rang]),
        ecarts=[
            Ecart(libelle=e.libelle, enregistre=e.avant or VIDE, saisi=e.apres or VIDE)
            for e in ecarts
        ],
        le=page.reponse.modifie_le,
        nom="_action",
        valeur="continuer",
    )


def read_onglet(request: HttpRequest) -> str:
    """Rend le nom que la page s’est vu donner ; une page sans nom ne se suit pas elle-même."""
    lu = request.POST.get("onglet", "")
    return lu if lu.isalnum() and len(lu) <= 32 else ""


def redirect_suite(page: Etape, saisie: Saisie) -> HttpResponse:
    """Mène à la page suivante ou précédente, à la fiche, ou reste ici."""
    cle, action = page.reponse.cle, saisie.action
    if action.nom == "continuer":
        return redirect("consultations:etape", cle, page.rang + 1)
    if action.nom == "retour":
        return redirect("consultations:etape", cle, max(1, page.rang - 1))
    if action.nom == "enregistrer":
        return redirect("consultations:recu", cle)
    suite = redirect("consultations:etape", cle, page.rang)
    suite["Location"] += f"#champ-{action.champ}" if action.champ else ""
    return suite


@login_not_required
@require_safe
def relire(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Relire avant de déposer : chaque réponse, et un lien pour la changer."""
    reponse = get_reponse(request, cle)
    if not is_modifiable(reponse):
        return redirect("consultations:recu", cle)
    return render(request, "consultations/relire.html", build_relecture(reponse))


def build_relecture(reponse: Reponse, erreurs: Any = ()) -> dict[str, Any]:
    """Ce que montre la relecture : les réponses, et ce qui empêche de déposer."""
    return {
        "campagne": reponse.campagne,
        "reponse": reponse,
        "pages": list_resume(reponse, reponse.saisie),
        "erreurs": [describe_erreur(reponse, erreur) for erreur in erreurs],
        "refus": None,
        "ouverte": reponse.campagne.is_ouverte(timezone.now()),
    }


def list_resume(reponse: Reponse, valeurs: dict[str, Any]) -> list[dict[str, Any]]:
    """Rend chaque page résumée avec son rang, pour y revenir, et les liens de ses fichiers."""
    formulaire, maintenant = get_formulaire(reponse.campagne), timezone.now()
    pages = formulaire.list_pages(valeurs, maintenant=maintenant)
    rangs = {page.id: rang for rang, page in enumerate(pages, 1)}
    return [
        {
            "rang": rangs[resume.id],
            "id": resume.id,
            "titre": resume.titre or "Vos réponses",
            "lignes": [
                {"ligne": ligne, "pieces": [
                    {**piece, "url": build_url_fichier(str(piece["document"]))}
                    for piece in ligne.pieces
                ]}
                for ligne in resume.lignes
            ],
        }
        for resume in formulaire.lines_resume(valeurs, maintenant=maintenant)
    ]  # fmt: skip


def describe_erreur(reponse: Reponse, erreur: ErreurDepot) -> dict[str, str]:
    """Rend une erreur du dépôt avec un lien vers le champ, sur sa page."""
    formulaire = get_formulaire(reponse.campagne)
    pages = formulaire.list_pages(reponse.saisie, maintenant=timezone.now())
    rang = next((r for r, page in enumerate(pages, 1) if page.id == erreur.page), 1)
    lien = reverse("consultations:etape", args=[reponse.cle, rang])
    return {
        "lien": f"{lien}#{make_id(erreur.chemin)}", "libelle": erreur.libelle,
        "message": erreur.message,
    }  # fmt: skip


@login_not_required
@require_POST
def deposer(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Dépose la réponse ou sa correction ; deux clics ne font qu’un dépôt."""
    reponse, maintenant = get_reponse(request, cle), timezone.now()
    try:
        services.file_reponse(
            reponse=reponse,
            acteur=read_acteur(request, reponse),
            maintenant=maintenant,
            revision=read_revision(request, reponse.revision),
        )
    except ReponseIncomplete as refus:
        contexte = build_relecture(reponse, refus.erreurs)
        return render(request, "consultations/relire.html", contexte, status=refus.statut)
    except ErreurMetier as refus:
        if isinstance(refus, CampagneFermee):
            services.note_refus(reponse=reponse, maintenant=maintenant)
        if reponse.etat == EtatReponse.RETIREE:
            say_refus(request, refus)
            return redirect("consultations:recu", cle)
        contexte = build_relecture(reponse) | {"refus": refus}
        return render(request, "consultations/relire.html", contexte, status=refus.statut)
    return redirect("consultations:recu", cle)


@login_not_required
@require_safe
def reprendre(request: HttpRequest, cle: UUID, jeton: str) -> HttpResponse:
    """Rouvre une réponse sans compte dans un autre navigateur, par son lien secret."""
    reponse = find_reponse(cle)
    if reponse is None:
        raise Http404
    if not can_write(reponse, None, jeton[:100]):
        raise ReponseRefusee
    keep_jeton(request, cle, jeton[:100])
    messages.info(request, "Votre réponse est rouverte dans ce navigateur.")
    return redirect("consultations:recu", cle)
