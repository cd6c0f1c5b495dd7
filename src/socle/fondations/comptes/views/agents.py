"""Agents d’une collectivité : réservé à ses administrateurs."""

from datetime import timedelta
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from socle.fondations.commun.adresses import build_adresse
from socle.fondations.commun.frequence import check_frequence
from socle.fondations.comptes.adapters import AdaptateurComptes
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.forms import InvitationForm, RoleForm
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import role_requis
from socle.fondations.comptes.queries import list_adhesions, list_invitations, list_rattachements
from socle.fondations.comptes.services.agents import (
    add_role,
    cancel_invitation,
    invite_agent,
    remove_agent,
    remove_role,
)
from socle.fondations.comptes.services.rattachements import (
    accept_rattachement,
    refuse_rattachement,
)

ADMINISTRATEUR = role_requis(Role.ADMINISTRATEUR)


@ADMINISTRATEUR
@require_http_methods(["GET", "HEAD"])
def agents(request: HttpRequest) -> HttpResponse:
    """Agents, rôles par service, invitations sans réponse, demandes de rattachement."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    adhesions = groupby(list_adhesions(collectivite), key=lambda adhesion: adhesion.compte)
    contexte = {
        "agents": [(compte, list(roles)) for compte, roles in adhesions],
        "invitations": list(list_invitations(collectivite)),
        "rattachements": list(list_rattachements(collectivite)),
        "form": InvitationForm(collectivite=collectivite),
        "maintenant": timezone.now(),
    }
    return render(request, "comptes/agents.html", contexte)


@ADMINISTRATEUR
@require_POST
def inviter(request: HttpRequest) -> HttpResponse:
    """Envoie une invitation : un lien personnel, valable 48 heures, qui ne sert qu’une fois."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    formulaire = InvitationForm(request.POST, collectivite=collectivite)
    if not formulaire.is_valid():
        contexte = {"form": formulaire, "present": formulaire.present}
        return render(request, "comptes/inviter.html", contexte, status=422)
    donnees, maintenant = formulaire.cleaned_data, timezone.now()
    check_frequence(
        quoi="agent.invitation", qui=str(collectivite.pk), nombre=200, duree=timedelta(hours=1),
        maintenant=maintenant,
    )  # fmt: skip
    invitation, jeton = invite_agent(
        collectivite=collectivite,
        courriel=donnees["courriel"],
        role=Role(donnees["role"]),
        service=donnees["service"],
        par=request.user,  # type: ignore[arg-type]
        maintenant=maintenant,
    )
    adresse = build_adresse("comptes:invitation", collectivite, jeton)
    AdaptateurComptes(request).send_mail(
        "comptes/courriels/invitation",
        invitation.courriel,
        {"invitation": invitation, "adresse": adresse},
    )
    messages.success(request, f"L’invitation part à {invitation.courriel}.")
    return redirect("comptes:agents")


@ADMINISTRATEUR
@require_POST
def annuler_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    collectivite = request.collectivite  # type: ignore[attr-defined]
    invitation = get_object_or_404(list_invitations(collectivite), pk=pk)
    cancel_invitation(invitation=invitation, par=request.user, maintenant=timezone.now())  # type: ignore[arg-type]
    messages.success(request, "L’invitation est annulée.")
    return redirect("comptes:agents")


@ADMINISTRATEUR
@require_http_methods(["GET", "HEAD", "POST"])
def agent(request: HttpRequest, pk: int) -> HttpResponse:
    """Rôles d’un agent : en donner, en ôter, ou le retirer de la collectivité."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    roles = list(list_adhesions(collectivite).filter(compte_id=pk))
    compte = get_object_or_404(Compte, pk=roles[0].compte_id if roles else None)
    formulaire = RoleForm(request.POST or None, collectivite=collectivite)
    if request.method == "POST" and formulaire.is_valid():
        add_role(
            collectivite=collectivite,
            compte=compte,
            role=Role(formulaire.cleaned_data["role"]),
            service=formulaire.cleaned_data["service"],
            par=request.user,  # type: ignore[arg-type]
            maintenant=timezone.now(),
        )
        messages.success(request, "Le rôle est donné.")
        return redirect("comptes:agent", pk)
    contexte = {"agent": compte, "roles": roles, "form": formulaire}
    statut = 422 if formulaire.is_bound else 200
    return render(request, "comptes/agent.html", contexte, status=statut)


@ADMINISTRATEUR
@require_POST
def oter_role(request: HttpRequest, pk: int) -> HttpResponse:
    collectivite = request.collectivite  # type: ignore[attr-defined]
    adhesion = get_object_or_404(list_adhesions(collectivite), pk=pk)
    remove_role(adhesion=adhesion, par=request.user, maintenant=timezone.now())  # type: ignore[arg-type]
    messages.success(request, "Le rôle est ôté.")
    return redirect("comptes:agents")


@ADMINISTRATEUR
@require_POST
def retirer(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire un agent : ses sessions se ferment tout de suite."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    adhesion = list_adhesions(collectivite).filter(compte_id=pk).first()
    compte = get_object_or_404(Compte, pk=adhesion.compte_id if adhesion else None)
    remove_agent(
        collectivite=collectivite,
        compte=compte,
        par=request.user,  # type: ignore[arg-type]
        maintenant=timezone.now(),
    )
    messages.success(request, f"{compte.nom_affiche} n’a plus accès à la collectivité.")
    return redirect("comptes:agents")


@ADMINISTRATEUR
@require_POST
def rattachement(request: HttpRequest, pk: int) -> HttpResponse:
    """Accepte ou refuse un rattachement d’identité FranceConnect."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    demande = get_object_or_404(list_rattachements(collectivite), pk=pk)
    trancher = accept_rattachement if "accepter" in request.POST else refuse_rattachement
    trancher(demande=demande, agent=request.user, maintenant=timezone.now())  # type: ignore[arg-type]
    messages.success(request, "La réponse est enregistrée.")
    return redirect("comptes:agents")
