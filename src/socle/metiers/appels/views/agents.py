"""« Ce à quoi ma collectivité peut répondre », et ce qui lui a été accordé."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from socle.fondations.collectivites.queries import describe_collectivite, find_autorite_sure
from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.locataire import hors_transaction, locataire
from socle.fondations.commun.presentation import Ecriture
from socle.fondations.commun.verrou import mark_valeurs, show_conflit
from socle.fondations.comptes.permissions import role_requis
from socle.fondations.documents.ports import MO, Regles
from socle.fondations.documents.services import receive_document
from socle.fondations.referentiels.queries import load_territoires
from socle.metiers.appels.enums import FiltreDates
from socle.metiers.appels.errors import BilanModifieAilleurs
from socle.metiers.appels.forms.alertes import ChoixForm
from socle.metiers.appels.forms.octrois import BilanForm, DepotForm
from socle.metiers.appels.models import JustificatifOctroi, Octroi
from socle.metiers.appels.permissions import AGENTS
from socle.metiers.appels.queries.alertes import find_alerte
from socle.metiers.appels.queries.appels import Criteres, count_appels, paginate_appels
from socle.metiers.appels.queries.lignes import build_ligne
from socle.metiers.appels.queries.octrois import find_octroi, list_de_autorite
from socle.metiers.appels.services import alertes as services
from socle.metiers.appels.services.octrois import receive_justificatif, write_bilan
from socle.metiers.appels.views.equipe import FORMULAIRE, build_suite, get_acteur
from socle.metiers.appels.views.equipe_octrois import describe_etat, describe_octroi
from socle.metiers.appels.views.octrois import describe_ligne

REGLES = Regles(taille_max=20 * MO, nombre_max=60, total_max=500 * MO)


@role_requis(*AGENTS)
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Les appels ouverts, ou à venir, auxquels la collectivité peut répondre."""
    aujourdhui = timezone.localdate()
    tous = request.GET.get("tous") == "1"
    dates = "" if tous else FiltreDates.OUVERTS
    criteres = Criteres(dates=dates, profil=describe_collectivite(request.collectivite))
    page = paginate_appels(
        criteres, aujourdhui=aujourdhui, apres=request.GET.get("apres", ""),
        avant=request.GET.get("avant", ""),
    )  # fmt: skip
    noms = load_territoires() if any(appel.territoires for appel in page.lignes) else {}
    demande = {"tous": "1" if tous else ""}
    contexte = {
        "lignes": [build_ligne(appel, aujourdhui, noms) for appel in page.lignes],
        "total": count_appels(criteres, aujourdhui=aujourdhui),
        "tous": tous,
        "alerte": find_alerte(request.collectivite, request.user),
        "suivante": build_suite(demande | {"apres": page.suivante}) if page.suivante else "",
        "precedente": build_suite(demande | {"avant": page.precedente}) if page.precedente else "",
    }
    return render(request, "appels/agent/liste.html", contexte)


@role_requis(*AGENTS)
@require_http_methods(FORMULAIRE)
def alertes(request: HttpRequest) -> HttpResponse:
    """Recevoir ces appels, choisir les thèmes et le rythme, ou arrêter."""
    collectivite, agent = request.collectivite, request.user
    alerte = find_alerte(collectivite, agent)
    if request.method == "POST" and request.POST.get("geste") == "arreter":
        services.stop_alerte(collectivite=collectivite, compte=agent, maintenant=timezone.now())
        messages.success(request, "Vous ne recevrez plus d’alerte sur les appels.")
        return redirect("appels_ici:liste")
    initial = {"themes": alerte.themes, "cadence": alerte.cadence} if alerte else None
    form = ChoixForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.save_alerte(
            collectivite=collectivite, compte=agent, maintenant=timezone.now(), **form.cleaned_data
        )
        messages.success(request, "Vos alertes sont enregistrées.")
        return redirect("appels_ici:liste")
    statut = 422 if form.is_bound else 200
    contexte = {"form": form, "alerte": alerte}
    return render(request, "appels/agent/alertes.html", contexte, status=statut)


@role_requis(*AGENTS)
@require_safe
def octrois(request: HttpRequest) -> HttpResponse:
    """Ce qui a été accordé à la collectivité, et ce qu’il reste à déposer."""
    autorite = find_autorite_sure(request.collectivite)
    siens = list_de_autorite(autorite.cle) if autorite else []
    lignes = [
        (describe_ligne(o), describe_etat(o), sum(p.est_a_deposer for p in o.justificatifs.all()))
        for o in siens
    ]
    return render(request, "appels/agent/octrois.html", {"lignes": lignes})


@hors_transaction
@require_http_methods(FORMULAIRE)
def octroi(request: HttpRequest, octroi: int) -> HttpResponse:
    """Un octroi de la collectivité : déposer une pièce, écrire le bilan.

    Hors transaction : les octets d’une pièce passent avant.
    """
    with locataire(request.collectivite.pk):
        sien = _get_sien(request, octroi)
    depot, bilan = DepotForm(), BilanForm(initial=mark_valeurs({"bilan": sien.bilan}))
    if request.method == "POST" and "bilan" in request.POST:
        bilan = BilanForm(request.POST)
        if _write_bilan(request, sien, bilan):
            return redirect("appels_ici:octroi", sien.pk)
    elif request.method == "POST":
        depot = DepotForm(request.POST, request.FILES)
        if _deposit(request, sien, depot):
            return redirect("appels_ici:octroi", sien.pk)
    contexte = describe_octroi(sien) | {"depot": depot, "form": bilan}
    contexte["visee"] = str(depot.data.get("piece", "")) if depot.is_bound else ""
    statut = 422 if request.method == "POST" else 200
    statut = BilanModifieAilleurs.statut if getattr(bilan, "conflit", None) else statut
    with locataire(request.collectivite.pk):
        return render(request, "appels/agent/octroi.html", contexte, status=statut)


octroi.roles = AGENTS  # type: ignore[attr-defined]  # voir `_get_sien`


@role_requis(*AGENTS)
def _get_sien(request: HttpRequest, pk: int) -> Any:
    """Vérifie le rôle, puis que l’octroi est bien celui de cette collectivité."""
    autorite = find_autorite_sure(request.collectivite)
    sien = find_octroi(pk, autorite=autorite.cle) if autorite else None
    if sien is None:
        raise Http404
    return sien


def _deposit(request: HttpRequest, sien: Octroi, form: DepotForm) -> bool:
    """Range le fichier dans l’entrepôt du programme, puis la pièce ; dit ce qui est refusé."""
    if not form.is_valid():
        return False
    piece = _find_piece(sien, form.cleaned_data["piece"])
    fichier, maintenant, acteur = form.cleaned_data["fichier"], timezone.now(), get_acteur(request)
    try:
        document = receive_document(
            collectivite=get_programme(), fichier=fichier, nom=fichier.name or "", objet=sien.cle,
            depose_par=acteur, maintenant=maintenant, regles=REGLES,
        )  # fmt: skip
        receive_justificatif(piece=piece, document=document, acteur=acteur, maintenant=maintenant)
    except ErreurMetier as refus:
        form.add_error("fichier", f"{refus.message} {refus.suite}".strip())
        return False
    messages.success(
        request, f"« {piece.demande} » est déposée : l’équipe du programme la vérifie."
    )
    return True


def _find_piece(sien: Octroi, rang: int) -> JustificatifOctroi:
    for piece in sien.justificatifs.all():
        if piece.rang == rang and piece.est_a_deposer:
            return piece
    raise Http404


def _write_bilan(request: HttpRequest, sien: Octroi, form: BilanForm) -> bool:
    if not form.is_valid():
        return False
    try:
        write_bilan(
            octroi=sien, bilan=form.cleaned_data["bilan"], acteur=get_acteur(request),
            maintenant=timezone.now(), empreinte=form.cleaned_data["empreinte"],
        )  # fmt: skip
    except BilanModifieAilleurs as refus:
        sien.refresh_from_db(fields=["bilan", "bilan_le", "modifie_le"])
        actuel = mark_valeurs({"bilan": sien.bilan})
        show_conflit(
            form,
            refus,
            actuel=actuel,
            marque={"empreinte": actuel["empreinte"]},
            prendre=request.path,
            ecriture=Ecriture(le=sien.modifie_le),
        )
        return False
    except ErreurMetier as refus:
        form.add_error(None, f"{refus.message} {refus.suite}".strip())
        return False
    messages.success(request, "Le bilan est enregistré.")
    return True
