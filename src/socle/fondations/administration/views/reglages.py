"""Réglages d’une collectivité : sommaire, identité, apparence, services."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from socle.fondations.administration import queries, services
from socle.fondations.administration.forms import ApparenceForm, FicheForm, ServiceForm
from socle.fondations.administration.permissions import SOMMAIRE
from socle.fondations.collectivites.models import Collectivite, Service
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import list_roles, role_requis

ADMINISTRATEUR = role_requis(Role.ADMINISTRATEUR)
CHAMPS_FICHE = ("nom", "courriel", "telephone", "adresse", "site")
CHAMPS_SERVICE = ("nom", "courriel", "telephone", "adresse", "horaires", "actif")


def _read_collectivite(request: HttpRequest) -> Collectivite:
    """Relit la fiche : celle de la requête est partagée entre pages et peut avoir vieilli."""
    return Collectivite.objects.get(pk=request.collectivite.pk)  # type: ignore[attr-defined]


@role_requis(*SOMMAIRE)
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Sommaire des réglages : à chacun ses pages, une phrase chacune."""
    roles = list_roles(request.user, request.collectivite)  # type: ignore[arg-type,attr-defined]
    contexte = {"groupes": queries.group_pages(roles)}
    return render(request, "administration/reglages.html", contexte)


@ADMINISTRATEUR
@require_safe
def liste_services(request: HttpRequest) -> HttpResponse:
    """Services de la collectivité, les fermés à la fin."""
    lignes = Service.objects.filter(collectivite=request.collectivite)  # type: ignore[attr-defined]
    contexte = {"services": list(lignes.order_by("-actif", "nom"))}
    return render(request, "administration/services.html", contexte)


@ADMINISTRATEUR
@require_http_methods(["GET", "HEAD", "POST"])
def identite(request: HttpRequest) -> HttpResponse:
    """Nom et coordonnées."""
    collectivite = _read_collectivite(request)
    initial = {champ: getattr(collectivite, champ) for champ in CHAMPS_FICHE}
    form = FicheForm(request.POST or None, initial=initial)
    if form.is_valid():
        services.change_fiche(
            collectivite=collectivite,
            par=request.user,  # type: ignore[arg-type]
            maintenant=timezone.now(),
            **form.cleaned_data,
        )
        messages.success(request, "Les coordonnées sont enregistrées.")
        return redirect("administration:reglages")
    return render(request, "administration/identite.html", {"form": form})


@ADMINISTRATEUR
@require_http_methods(["GET", "HEAD", "POST"])
def apparence(request: HttpRequest) -> HttpResponse:
    """Logo et couleur ; une couleur corrigée est montrée et expliquée."""
    collectivite = _read_collectivite(request)
    form = ApparenceForm(
        request.POST or None, request.FILES or None, initial={"couleur": collectivite.couleur}
    )
    if form.is_valid():
        _save_apparence(request, collectivite, form)
        return redirect("administration:apparence")
    return render(request, "administration/apparence.html", {"form": form, "fiche": collectivite})


def _save_apparence(request: HttpRequest, collectivite: Collectivite, form: ApparenceForm) -> None:
    donnees = form.cleaned_data
    auteur: dict[str, Any] = {"par": request.user, "maintenant": timezone.now()}
    if donnees["logo"] or donnees["oter_logo"]:
        services.change_logo(collectivite=collectivite, contenu=donnees["logo"], **auteur)
    if donnees["couleur"] != collectivite.couleur:
        services.change_fiche(collectivite=collectivite, couleur=donnees["couleur"], **auteur)
    messages.success(request, "L’apparence est enregistrée.")
    if form.remarque:
        messages.warning(request, form.remarque)


@ADMINISTRATEUR
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Crée un service, ou change le sien."""
    collectivite = _read_collectivite(request)
    trouve = get_object_or_404(Service, collectivite=collectivite, pk=pk) if pk else None
    initial = {champ: getattr(trouve, champ) for champ in CHAMPS_SERVICE} if trouve else {}
    form = ServiceForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            garde = services.save_service(
                collectivite=collectivite,
                service=trouve,
                par=request.user,  # type: ignore[arg-type]
                maintenant=timezone.now(),
                **form.cleaned_data,
            )
        except ErreurMetier as refus:
            form.add_error("nom", f"{refus.message} {refus.suite}")
        else:
            messages.success(request, f"Le service « {garde.nom} » est enregistré.")
            return redirect("administration:services")
    return render(request, "administration/service.html", {"form": form, "service": trouve})
