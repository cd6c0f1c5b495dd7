"""Pages de l’équipe du programme : la liste, une obligation, sa date, son annulation, l’import."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs
from socle.fondations.commun.presentation import Compteur
from socle.fondations.commun.verrou import show_revision
from socle.fondations.comptes.permissions import programme_requis
from socle.metiers.echeancier.enums import EtatObligation
from socle.metiers.echeancier.errors import ImportRefuse, ObligationModifieeAilleurs
from socle.metiers.echeancier.forms.equipe import (
    AnnulationForm,
    DateForm,
    FiltreEquipe,
    NouvelleForm,
    ObligationForm,
    read_fiche,
)
from socle.metiers.echeancier.forms.importation import ImportForm, read_obligations
from socle.metiers.echeancier.models import Obligation
from socle.metiers.echeancier.permissions import REDACTEURS
from socle.metiers.echeancier.queries import obligations as lectures
from socle.metiers.echeancier.queries.gestes import list_gestes
from socle.metiers.echeancier.queries.lignes import format_date
from socle.metiers.echeancier.services import obligations as services
from socle.metiers.echeancier.services.importation import LigneImportee, import_obligations
from socle.metiers.echeancier.views.public import describe_fiche

FORMULAIRE = ["GET", "HEAD", "POST"]


@programme_requis(*REDACTEURS)
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Toutes les obligations, les dernières changées d’abord."""
    filtre = FiltreEquipe(request.GET)
    lu = filtre.cleaned_data if filtre.is_valid() else {}
    texte, etat = lu.get("q", ""), lu.get("etat", "")
    page = lectures.list_pour_equipe(
        texte=texte, etat=etat, apres=request.GET.get("apres", ""),
        avant=request.GET.get("avant", ""),
    )  # fmt: skip
    adresse = reverse("echeancier:equipe")
    comptes = lectures.count_par_etat()
    contexte = {
        "filtre": filtre,
        "lignes": [(obligation, format_date(obligation)) for obligation in page.lignes],
        "compteurs": [
            Compteur(
                nombre=comptes.get(e.value, 0), libelle=f"{e.label}s", courant=etat == e.value,
                url=f"{adresse}?etat={e.value}",
            )
            for e in EtatObligation
        ],
        "suivante": _build_suite(texte, etat, "apres", page.suivante),
        "precedente": _build_suite(texte, etat, "avant", page.precedente),
    }  # fmt: skip
    return render(request, "echeancier/equipe/liste.html", contexte)


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Crée un brouillon."""
    initial = {"nature": "obligation", "surete": "connue"}
    form = NouvelleForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            obligation = services.create_obligation(
                slug=form.cleaned_data["slug"], echeance=form.echeance, publics=form.publics,
                acteur=_acteur(request), maintenant=timezone.now(), **form.fiche,
            )  # fmt: skip
        except ErreurMetier as refus:
            form.add_error("slug", f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "Brouillon créé. Relisez-le, puis publiez-le.")
            return redirect("echeancier:modifier", obligation.slug)
    return _show_form(request, "echeancier/equipe/nouvelle.html", form)


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def modifier(request: HttpRequest, slug: str) -> HttpResponse:
    """Corrige une obligation ; ses autres gestes sont à côté."""
    obligation = _get(slug)
    donnees = request.POST if request.method == "POST" else None
    form = ObligationForm(donnees, obligation=obligation)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_obligation(
                obligation=obligation, publics=form.publics, acteur=_acteur(request),
                maintenant=timezone.now(), revision=form.cleaned_data["revision"], **form.fiche,
            )  # fmt: skip
        except ObligationModifieeAilleurs as refus:
            obligation = _get(slug)
            show_revision(
                form, refus, objet=obligation, actuel=read_fiche(obligation), prendre=request.path
            )
        else:
            messages.success(request, "Échéance enregistrée.")
            return redirect("echeancier:modifier", slug)
    contexte = {**describe_fiche(obligation), "gestes": list_gestes(obligation)}
    return _show_form(request, "echeancier/equipe/modifier.html", form, **contexte)


@programme_requis(*REDACTEURS)
@require_safe
def apercu(request: HttpRequest, slug: str) -> HttpResponse:
    """La page publique, telle qu’elle serait publiée."""
    return render(request, "echeancier/equipe/apercu.html", describe_fiche(_get(slug)))


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def changer_date(request: HttpRequest, slug: str) -> HttpResponse:
    """Change la date, avec sa raison."""
    obligation = _get(slug)
    actuelle = {champ: getattr(obligation, champ) for champ in ("surete", "jour", "jour_texte")}
    form = DateForm(request.POST if request.method == "POST" else None, initial=actuelle)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_date(
                obligation=obligation, changement=form.changement, acteur=_acteur(request),
                maintenant=timezone.now(),
            )  # fmt: skip
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "Date changée ; l’ancienne reste dans son histoire.")
            return redirect("echeancier:modifier", slug)
    contexte = describe_fiche(obligation)
    return _show_form(request, "echeancier/equipe/date.html", form, **contexte)


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def annuler(request: HttpRequest, slug: str) -> HttpResponse:
    """Annule une obligation, avec sa raison."""
    obligation = _get(slug)
    form = AnnulationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.cancel_obligation(
            obligation=obligation, motif=form.cleaned_data["motif"], acteur=_acteur(request),
            maintenant=timezone.now(),
        )  # fmt: skip
        messages.success(request, "Échéance annulée. Vous pouvez la rétablir.")
        return redirect("echeancier:modifier", slug)
    return _show_form(request, "echeancier/equipe/annuler.html", form, obligation=obligation)


@programme_requis(*REDACTEURS)
@require_POST
def publier(request: HttpRequest, slug: str) -> HttpResponse:
    """Publie un brouillon."""
    acteur, maintenant = _acteur(request), timezone.now()
    try:
        services.publish_obligation(obligation=_get(slug), acteur=acteur, maintenant=maintenant)
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}")
    else:
        messages.success(request, "Échéance publiée.")
    return redirect("echeancier:modifier", slug)


@programme_requis(*REDACTEURS)
@require_POST
def retablir(request: HttpRequest, slug: str) -> HttpResponse:
    """Rétablit une obligation annulée, en brouillon."""
    acteur, maintenant = _acteur(request), timezone.now()
    services.restore_obligation(obligation=_get(slug), acteur=acteur, maintenant=maintenant)
    messages.success(request, "Échéance rétablie, en brouillon.")
    return redirect("echeancier:modifier", slug)


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def importer(request: HttpRequest) -> HttpResponse:
    """Importe un fichier CSV : tout est bon, ou rien n’est pris."""
    depose = request.method == "POST"
    form = ImportForm(request.POST if depose else None, request.FILES if depose else None)
    fautes: list[str] = []
    if depose and form.is_valid():
        try:
            nombre = _import(request, form.cleaned_data["fichier"])
        except ImportRefuse as refus:
            fautes = refus.fautes
        else:
            messages.success(request, f"{nombre} brouillons importés. Relisez-les un à un.")
            return redirect(f"{reverse('echeancier:equipe')}?etat=brouillon")
    return _show_form(request, "echeancier/equipe/importer.html", form, fautes=fautes)


def _import(request: HttpRequest, contenu: bytes) -> int:
    lignes = [
        LigneImportee(
            slug=forme.cleaned_data["slug"], echeance=forme.echeance, publics=forme.publics,
            fiche=forme.fiche,
        )
        for forme in read_obligations(contenu)
    ]  # fmt: skip
    return import_obligations(lignes=lignes, acteur=_acteur(request), maintenant=timezone.now())


def _get(slug: str) -> Obligation:
    obligation = lectures.find_obligation(slug, publiee=False)
    if obligation is None:
        raise Http404
    return obligation


def _show_form(request: HttpRequest, gabarit: str, form: Any, **contexte: Any) -> HttpResponse:
    statut = 422 if request.method == "POST" else 200
    statut = ModifieAilleurs.statut if getattr(form, "conflit", None) else statut
    return render(request, gabarit, {"form": form, **contexte}, status=statut)


def _acteur(request: HttpRequest) -> str:
    return f"agent:{request.user.pk}"


def _build_suite(texte: str, etat: str, sens: str, jeton: str) -> str:
    valeurs = {cle: v for cle, v in (("q", texte), ("etat", etat), (sens, jeton)) if v}
    return f"?{urlencode(valeurs)}" if jeton else ""
