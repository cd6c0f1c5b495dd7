"""Réglages d’une collectivité : sommaire, identité, apparence, services."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from socle.fondations.administration import queries, services
from socle.fondations.administration.errors import FicheModifieeAilleurs
from socle.fondations.administration.forms import ApparenceForm, FicheForm, ServiceForm
from socle.fondations.administration.permissions import SOMMAIRE
from socle.fondations.collectivites.models import Collectivite, Service
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.presentation import Ecart, Ecriture
from socle.fondations.commun.verrou import mark_valeurs, read_valeurs, show_conflit
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import has_role, list_roles, role_requis
from socle.fondations.comptes.queries import find_ecriture

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
    ici: tuple[Any, Any] = (request.user, request.collectivite)  # type: ignore[attr-defined]
    roles = {role for role in list_roles(*ici) if has_role(*ici, Role(role))}
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
    initial = read_initial(collectivite, CHAMPS_FICHE)
    form = FicheForm(request.POST or None, initial=initial)
    statut = 200
    if form.is_valid():
        try:
            services.change_fiche(
                collectivite=collectivite, **_read_auteur(request), **form.cleaned_data
            )
        except FicheModifieeAilleurs as refus:
            ecriture = _find_ecriture(request, "collectivite.fiche_changee")
            actuel = read_initial(_read_collectivite(request), CHAMPS_FICHE)
            show_versions(request, form, refus, actuel, ecriture)
            statut = refus.statut
        else:
            messages.success(request, "Les coordonnées sont enregistrées.")
            return redirect("administration:reglages")
    return render(request, "administration/identite.html", {"form": form}, status=statut)


@ADMINISTRATEUR
@require_http_methods(["GET", "HEAD", "POST"])
def apparence(request: HttpRequest) -> HttpResponse:
    """Logo et couleur ; une couleur corrigée est montrée et expliquée."""
    collectivite = _read_collectivite(request)
    initial = read_initial(collectivite, services.APPARENCE)
    form = ApparenceForm(request.POST or None, request.FILES or None, initial=initial)
    statut = 200
    if form.is_valid():
        try:
            services.change_apparence(
                collectivite=collectivite, **_read_auteur(request), **form.cleaned_data
            )
        except FicheModifieeAilleurs as refus:
            collectivite = _show_apparences(request, form, refus)
            statut = refus.statut
        else:
            messages.success(request, "L’apparence est enregistrée.")
            if form.remarque:
                messages.warning(request, form.remarque)
            return redirect("administration:apparence")
    contexte = {"form": form, "fiche": collectivite}
    return render(request, "administration/apparence.html", contexte, status=statut)


def _show_apparences(
    request: HttpRequest, form: ApparenceForm, refus: FicheModifieeAilleurs
) -> Collectivite:
    """Montre les deux apparences ; un fichier ne se renvoie pas seul, il est à choisir encore."""
    actuelle = _read_collectivite(request)
    autres = []
    if form.cleaned_data["logo"] or form.cleaned_data["oter_logo"]:
        fichier = request.FILES.get("logo")
        saisi = f"{fichier.name} : choisissez-le de nouveau" if fichier else "à ôter"
        enregistre = "celui montré sur cette page" if actuelle.logo_empreinte else "aucun"
        autres = [Ecart(libelle="Logo", enregistre=enregistre, saisi=saisi)]
    ecriture = _find_ecriture(request, "collectivite.fiche_changee", "collectivite.logo_change")
    actuel = read_initial(actuelle, services.APPARENCE)
    show_versions(request, form, refus, actuel, ecriture, autres)
    return actuelle


@ADMINISTRATEUR
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Crée un service, ou change le sien."""
    collectivite = _read_collectivite(request)
    trouve = get_object_or_404(Service, collectivite=collectivite, pk=pk) if pk else None
    initial = read_initial(trouve, CHAMPS_SERVICE) if trouve else {}
    form = ServiceForm(request.POST or None, initial=initial)
    statut = 200
    if form.is_valid():
        try:
            garde = services.save_service(
                collectivite=collectivite,
                service=trouve,
                **_read_auteur(request),
                **form.cleaned_data,
            )
        except FicheModifieeAilleurs as refus:
            ecriture = _find_ecriture(request, "service.change", service=pk)
            actuel = read_initial(Service.objects.get(pk=pk), CHAMPS_SERVICE)
            show_versions(request, form, refus, actuel, ecriture)
            statut = refus.statut
        except ErreurMetier as refus:
            form.add_error("nom", f"{refus.message} {refus.suite}")
        else:
            messages.success(request, f"Le service « {garde.nom} » est enregistré.")
            return redirect("administration:services")
    contexte = {"form": form, "service": trouve}
    return render(request, "administration/service.html", contexte, status=statut)


def read_initial(objet: Model, champs: Sequence[str]) -> dict[str, Any]:
    """Valeurs de départ d’un formulaire, avec leur empreinte."""
    return mark_valeurs(read_valeurs(objet, *champs))


def show_versions(
    request: HttpRequest,
    form: Form,
    refus: FicheModifieeAilleurs,
    actuel: Mapping[str, Any],
    ecriture: Ecriture | None,
    autres: Sequence[Ecart] = (),
) -> None:
    """Fait montrer au formulaire la version enregistrée, `actuel`, à côté de la saisie."""
    show_conflit(
        form,
        refus,
        actuel=actuel,
        marque={"empreinte": actuel["empreinte"]},
        prendre=request.path,
        ecriture=ecriture,
        autres=autres,
    )


def _find_ecriture(request: HttpRequest, *actions: str, **donnees: Any) -> Ecriture | None:
    objet = f"collectivite:{request.collectivite.pk}"  # type: ignore[attr-defined]
    lecteur: Any = request.user
    return find_ecriture(objet=objet, actions=actions, lecteur=lecteur, **donnees)


def _read_auteur(request: HttpRequest) -> dict[str, Any]:
    return {"par": request.user, "maintenant": timezone.now()}
