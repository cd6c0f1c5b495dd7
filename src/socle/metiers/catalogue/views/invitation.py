"""Arrivée d’un représentant invité : un compte qu’il a déjà, ou un compte neuf."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from socle.fondations.comptes.adapters.arrivee import open_session
from socle.fondations.comptes.forms import ArriveeForm
from socle.metiers.catalogue.models import InvitationEditeur
from socle.metiers.catalogue.services import invitations

ACCUEIL = "catalogue:editeur_accueil"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, jeton: str) -> HttpResponseBase:
    """Ouvre le lien reçu : rien n’est accepté sans un bouton."""
    recue = invitations.find_invitation(jeton, timezone.now())
    compte: Any = request.user
    if compte.is_authenticated and compte.is_agent:
        if request.method == "POST":
            invitations.accept_invitation(
                invitation=recue, compte=compte, maintenant=timezone.now()
            )
            messages.success(request, f"Vous représentez {recue.editeur.nom}.")
            return redirect(ACCUEIL)
        return _show(request, recue)
    existe = invitations.has_compte(recue.courriel)
    formulaire = ArriveeForm(request.POST or None)
    if request.method == "POST" and not existe and formulaire.is_valid():
        nouveau = invitations.open_compte(
            invitation=recue, maintenant=timezone.now(), **formulaire.cleaned_data
        )
        return open_session(request, nouveau)
    return _show(request, recue, formulaire, existe=existe)


def _show(
    request: HttpRequest,
    recue: InvitationEditeur,
    formulaire: ArriveeForm | None = None,
    *,
    existe: bool = False,
) -> HttpResponse:
    contexte = {"invitation": recue, "form": formulaire, "existe": existe, "ici": request.path}
    statut = 422 if formulaire is not None and formulaire.is_bound else 200
    return render(request, "catalogue/editeur/invitation.html", contexte, status=statut)
