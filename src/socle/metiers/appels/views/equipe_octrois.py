"""Pages de l’équipe : ce qui est accordé, versé, justifié, rendu."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.presentation import Compteur, Etat
from socle.fondations.commun.textes import format_euros
from socle.fondations.commun.verrou import show_conflit
from socle.fondations.comptes.permissions import programme_requis
from socle.fondations.comptes.queries import find_ecriture
from socle.metiers.appels.enums import EtatJustificatif, EtatOctroi, EtatVersement
from socle.metiers.appels.errors import OctroiModifieAilleurs
from socle.metiers.appels.forms import octrois as formes
from socle.metiers.appels.forms.appels import MotifForm
from socle.metiers.appels.forms.filtre import FiltreOctrois
from socle.metiers.appels.models import JustificatifOctroi, Octroi, VersementOctroi
from socle.metiers.appels.permissions import REDACTEURS
from socle.metiers.appels.queries import octrois as lectures
from socle.metiers.appels.queries.suivi import list_pieces_attendues, list_versements_echus
from socle.metiers.appels.services import octrois as services
from socle.metiers.appels.views.equipe import FORMULAIRE, build_suite, get_acteur, show_form
from socle.metiers.appels.views.octrois import describe_ligne

HORIZON = 30
MONTRES = 30
Agir = Callable[[HttpRequest, Octroi, int, dict[str, Any]], None]


@programme_requis(*REDACTEURS)
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Ce qui est à suivre d’abord, puis tous les octrois."""
    filtre = FiltreOctrois(request.GET)
    lu = filtre.cleaned_data if filtre.is_valid() else {}
    texte, etat = lu.get("q", "").replace("\x00", ""), lu.get("etat", "")
    page = lectures.paginate_equipe(
        texte=texte, etat=etat, apres=request.GET.get("apres", ""),
        avant=request.GET.get("avant", ""),
    )  # fmt: skip
    aujourdhui = timezone.localdate()
    adresse, comptes = reverse("appels:equipe_octrois"), lectures.count_par_etat()
    demande = {"q": texte, "etat": etat}
    contexte = {
        "filtre": filtre,
        "aujourdhui": aujourdhui,
        "lignes": [(describe_ligne(o), describe_etat(o)) for o in page.lignes],
        "pieces": list_pieces_attendues(aujourdhui=aujourdhui, horizon=HORIZON)[:MONTRES],
        "versements": [
            (v, format_euros(v.montant))
            for v in list_versements_echus(aujourdhui=aujourdhui)[:MONTRES]
        ],
        "compteurs": [
            Compteur(
                nombre=comptes.get(e.value, 0), libelle=e.label, courant=etat == e.value,
                url=f"{adresse}?etat={e.value}",
            )
            for e in EtatOctroi
        ],
        "suivante": build_suite(demande | {"apres": page.suivante}) if page.suivante else "",
        "precedente": build_suite(demande | {"avant": page.precedente}) if page.precedente else "",
    }  # fmt: skip
    return render(request, "appels/equipe/octrois.html", contexte)


def describe_etat(octroi: Octroi) -> Etat:
    """Rend la pastille d’un octroi."""
    etat = EtatOctroi(octroi.etat)
    return Etat(label=etat.label, couleur=etat.couleur)  # type: ignore[arg-type]


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def nouvel(request: HttpRequest) -> HttpResponse:
    """Note un octroi décidé ailleurs, ou après un appel relayé."""
    form = formes.NouvelOctroiForm(request.POST or None)
    if form.is_valid():
        lu = form.cleaned_data
        octroi = services.record_octroi(
            autorite=lu["autorite"].cle, titre=lu["titre"], montant=lu["montant"], origine="",
            acteur=get_acteur(request), maintenant=timezone.now(), **form.fiche,
        )  # fmt: skip
        messages.success(request, "L’octroi est noté. Prévoyez ses versements et ses pièces.")
        return redirect("appels:equipe_octroi", octroi.pk)
    return show_form(request, "appels/equipe/octroi_nouvel.html", form)


@programme_requis(*REDACTEURS)
@require_safe
def fiche(request: HttpRequest, pk: int) -> HttpResponse:
    """Un octroi et tout ce qui s’y rattache."""
    octroi = get_octroi(pk)
    return render(request, "appels/equipe/octroi.html", describe_octroi(octroi))


def describe_octroi(octroi: Octroi) -> dict[str, Any]:
    """Ce que montre la page d’un octroi, à l’équipe comme à la collectivité."""
    return {
        **describe_ligne(octroi),
        "etat": describe_etat(octroi),
        "reste": format_euros(octroi.montant - octroi.prevu) if octroi.prevu < octroi.montant
        else "",
        "versements": [
            (v, format_euros(v.montant), _pastille(EtatVersement(v.etat)))
            for v in octroi.versements.all()
        ],
        "pieces": [(p, _pastille(EtatJustificatif(p.etat))) for p in octroi.justificatifs.all()],
        "recuperations": [(r, format_euros(r.montant)) for r in octroi.recuperations.all()],
    }  # fmt: skip


def _pastille(etat: EtatVersement | EtatJustificatif) -> Etat:
    return Etat(label=etat.label, couleur=etat.couleur)  # type: ignore[arg-type]


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrige un octroi en cours."""
    octroi = get_octroi(pk)
    form = formes.FicheOctroiForm(request.POST or None, octroi=octroi)

    def act(request: HttpRequest, octroi: Octroi, rang: int, lu: dict[str, Any]) -> None:
        services.update_octroi(
            octroi=octroi, montant=lu["montant"], acteur=get_acteur(request),
            maintenant=timezone.now(), titre=lu["titre"], empreinte=lu["empreinte"], **form.fiche,
        )  # fmt: skip

    return _play(request, octroi, form, act, titre="Corriger l’octroi", bouton="Enregistrer")


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def versement(request: HttpRequest, pk: int) -> HttpResponse:
    """Prévoit un versement."""
    form = formes.VersementForm(request.POST or None)

    def act(request: HttpRequest, octroi: Octroi, rang: int, lu: dict[str, Any]) -> None:
        services.add_versement(
            octroi=octroi, acteur=get_acteur(request), maintenant=timezone.now(), **lu
        )

    return _play(request, get_octroi(pk), form, act, titre="Prévoir un versement", bouton="Prévoir")


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def versement_etat(request: HttpRequest, pk: int, rang: int) -> HttpResponse:
    """Dit un versement demandé, versé ou refusé."""
    octroi = get_octroi(pk)
    sien = _find(list(octroi.versements.all()), rang)
    initial = {"etat": sien.etat, "le": timezone.localdate()}
    form = formes.EtatVersementForm(request.POST or None, initial=initial)

    def act(request: HttpRequest, octroi: Octroi, rang: int, lu: dict[str, Any]) -> None:
        services.change_versement(
            versement=sien, etat=EtatVersement(lu["etat"]), le=lu["le"], motif=lu["motif"],
            acteur=get_acteur(request), maintenant=timezone.now(),
        )  # fmt: skip

    titre = f"Versement {rang} : {format_euros(sien.montant)}"
    return _play(request, octroi, form, act, titre=titre, bouton="Enregistrer", rang=rang)


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def piece(request: HttpRequest, pk: int) -> HttpResponse:
    """Demande une pièce à la collectivité."""
    form = formes.PieceForm(request.POST or None)

    def act(request: HttpRequest, octroi: Octroi, rang: int, lu: dict[str, Any]) -> None:
        services.ask_justificatif(
            octroi=octroi, acteur=get_acteur(request), maintenant=timezone.now(), **lu
        )

    return _play(request, get_octroi(pk), form, act, titre="Demander une pièce", bouton="Demander")


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def piece_juger(request: HttpRequest, pk: int, rang: int) -> HttpResponse:
    """Accepte une pièce reçue, ou la demande de nouveau."""
    octroi = get_octroi(pk)
    sienne = _find(list(octroi.justificatifs.all()), rang)
    form = formes.JugementForm(request.POST or None)

    def act(request: HttpRequest, octroi: Octroi, rang: int, lu: dict[str, Any]) -> None:
        services.judge_justificatif(
            piece=sienne, etat=EtatJustificatif(lu["etat"]), motif=lu["motif"],
            acteur=get_acteur(request), maintenant=timezone.now(),
        )  # fmt: skip

    titre = f"Pièce : {sienne.demande}"
    return _play(request, octroi, form, act, titre=titre, bouton="Enregistrer", rang=rang)


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def rendre(request: HttpRequest, pk: int) -> HttpResponse:
    """Note une part non employée, rendue."""
    form = formes.RetourForm(request.POST or None)

    def act(request: HttpRequest, octroi: Octroi, rang: int, lu: dict[str, Any]) -> None:
        services.recover(octroi=octroi, acteur=get_acteur(request), maintenant=timezone.now(), **lu)

    return _play(request, get_octroi(pk), form, act, titre="Noter une somme rendue", bouton="Noter")


@programme_requis(*REDACTEURS)
@require_POST
def solder(request: HttpRequest, pk: int) -> HttpResponse:
    """Solde un octroi : son bilan devient public."""
    return _change(request, pk, EtatOctroi.SOLDE, "L’octroi est soldé.")


@programme_requis(*REDACTEURS)
@require_POST
def rouvrir(request: HttpRequest, pk: int) -> HttpResponse:
    """Rouvre un octroi soldé ou annulé."""
    return _change(request, pk, EtatOctroi.EN_COURS, "L’octroi est rouvert.")


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def annuler(request: HttpRequest, pk: int) -> HttpResponse:
    """Annule un octroi, en disant pourquoi."""
    form = MotifForm(request.POST or None)

    def act(request: HttpRequest, octroi: Octroi, rang: int, lu: dict[str, Any]) -> None:
        services.change_etat(
            octroi=octroi, etat=EtatOctroi.ANNULE, motif=lu["motif"], acteur=get_acteur(request),
            maintenant=timezone.now(),
        )  # fmt: skip

    return _play(
        request, get_octroi(pk), form, act, titre="Annuler l’octroi", bouton="Annuler l’octroi"
    )


def _change(request: HttpRequest, pk: int, etat: EtatOctroi, fait: str) -> HttpResponse:
    services.change_etat(
        octroi=get_octroi(pk), etat=etat, acteur=get_acteur(request), maintenant=timezone.now()
    )
    messages.success(request, fait)
    return redirect("appels:equipe_octroi", pk)


def _play(
    request: HttpRequest,
    octroi: Octroi,
    form: Any,
    act: Agir,
    *,
    titre: str,
    bouton: str,
    rang: int = 0,
) -> HttpResponse:
    """Montre un formulaire court ; valable, agit et revient à l’octroi. Un refus s’y lit."""
    if form.is_valid():
        try:
            act(request, octroi, rang, form.cleaned_data)
        except OctroiModifieAilleurs as refus:
            actuel = formes.read_octroi(get_octroi(octroi.pk))
            show_conflit(
                form, refus, actuel=actuel, marque={"empreinte": actuel["empreinte"]},
                prendre=request.path,
                ecriture=find_ecriture(
                    objet=octroi.cle, actions=["octroi.modifie"], installation=True,
                    lecteur=request.user,  # type: ignore[arg-type]
                ),
            )  # fmt: skip
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}".strip())
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("appels:equipe_octroi", octroi.pk)
    contexte = {"octroi": octroi, "titre": titre, "bouton": bouton}
    return show_form(request, "appels/equipe/octroi_geste.html", form, **contexte)


def _find(lignes: list[Any], rang: int) -> VersementOctroi | JustificatifOctroi | Any:
    for ligne in lignes:
        if ligne.rang == rang:
            return ligne
    raise Http404


def get_octroi(pk: int) -> Octroi:
    """Rend un octroi, ou 404."""
    octroi = lectures.find_octroi(pk)
    if octroi is None:
        raise Http404
    return octroi
