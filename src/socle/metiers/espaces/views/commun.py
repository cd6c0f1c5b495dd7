"""Ce que partagent les vues d’un groupe : le trouver, vérifier le droit, dire un refus."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs
from socle.fondations.commun.verrou import show_conflit
from socle.fondations.comptes.queries import find_ecriture
from socle.metiers.espaces.models import GroupeDeTravail, Sujet
from socle.metiers.espaces.queries import groupes as lectures

FORMULAIRE = ["GET", "HEAD", "POST"]


def get_groupe(slug: str) -> GroupeDeTravail:
    groupe = lectures.find_groupe(slug)
    if groupe is None:
        raise Http404
    return groupe


def get_sujet(groupe: GroupeDeTravail, pk: int) -> Sujet:
    sujet = lectures.find_sujet(groupe, pk)
    if sujet is None:
        raise Http404
    return sujet


def say_refus(request: HttpRequest, refus: ErreurMetier) -> None:
    """Montre un refus sur la page suivante."""
    messages.error(request, f"{refus.message} {refus.suite}".strip())


def show_versions(
    request: HttpRequest,
    form: Form,
    refus: ModifieAilleurs,
    actuel: dict[str, Any],
    *,
    objet: str,
    actions: list[str],
) -> None:
    """Fait montrer au formulaire ce qui est enregistré, à côté de la saisie."""
    show_conflit(
        form, refus, actuel=actuel, marque={"empreinte": actuel["empreinte"]},
        prendre=request.path,
        ecriture=find_ecriture(
            objet=objet, actions=actions, lecteur=request.user, installation=True
        ),
    )  # fmt: skip


def show_form(request: HttpRequest, gabarit: str, form: Any, **contexte: Any) -> HttpResponse:
    """Montre un formulaire ; 422 s’il est refusé, 409 s’il montre deux versions."""
    statut = 422 if form.is_bound and form.errors else 200
    statut = ModifieAilleurs.statut if getattr(form, "conflit", None) else statut
    return render(request, gabarit, {"form": form, **contexte}, status=statut)
