"""L’équipe tient les demandes, les éditeurs, les clauses et les API."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from socle.metiers.catalogue.enums import Cote, EtatDemande
from socle.metiers.catalogue.forms.suivi import (
    ApiForm,
    CasForm,
    ClauseForm,
    EditeurForm,
    ReponseDemandeForm,
    RepresentantForm,
)
from socle.metiers.catalogue.models import (
    Api,
    Clause,
    DemandeDeploiement,
    Editeur,
    InvitationEditeur,
    Representant,
)
from socle.metiers.catalogue.queries import deploiement as lectures
from socle.metiers.catalogue.queries.api import find_cas, list_cas
from socle.metiers.catalogue.services import api as apis
from socle.metiers.catalogue.services import deploiement, editeurs, invitations
from socle.metiers.catalogue.views.commun import (
    act,
    get_ou_404,
    read_initial,
    reread,
    show_form,
    try_fiche,
    try_form,
)
from socle.metiers.catalogue.views.equipe import ECRIRE, EQUIPE

INSCRITE = "La personne représente cet éditeur."
INVITEE = "L’invitation est partie. Le lien sert une fois, pendant sept jours."


@EQUIPE
@require_safe
def demandes(request: HttpRequest) -> HttpResponse:
    """File des demandes d’accompagnement."""
    etat = request.GET.get("etat", "")
    etat = etat if etat in EtatDemande.values else ""
    contexte = {"demandes": lectures.list_demandes(etat), "etat": etat, "etats": EtatDemande}
    return render(request, "catalogue/equipe/demandes.html", contexte)


@EQUIPE
@ECRIRE
def demande(request: HttpRequest, pk: int) -> HttpResponse:
    """Une demande, son fil, et la réponse de l’équipe."""
    ouverte = get_ou_404(
        lectures.load_fil(DemandeDeploiement.objects.select_related("solution"), pk)
    )
    return show_demande(request, ouverte, Cote.EQUIPE, reverse("catalogue:demandes"))


def show_demande(
    request: HttpRequest, ouverte: DemandeDeploiement, cote: Cote, retour: str, base: str = ""
) -> HttpResponse:
    """Montre une demande d’un côté, et y répond."""
    permis = deploiement.PERMIS[cote] - {EtatDemande(ouverte.etat)}
    formulaire = ReponseDemandeForm(request.POST or None, permis=permis)
    if request.method == "POST":
        fait = try_form(
            formulaire, lambda: deploiement.answer_demande(
                demande=ouverte, cote=cote, auteur=request.user, maintenant=timezone.now(),
                **formulaire.cleaned_data,
            ),
        )  # fmt: skip
        if fait:
            messages.success(request, "C’est envoyé.")
            return redirect(request.path)
    contexte = {"demande": ouverte, "formulaire": formulaire, "cote": cote, "retour": retour,
                "base": base or "commun/base_equipe.html",
                # Une collectivité peut avoir son propre nom d’hôte : l’adresse est entière.
                "fiche": f"{settings.ADRESSE}/catalogue/{ouverte.solution.slug}/"}  # fmt: skip
    statut = 422 if formulaire.is_bound else 200
    return render(request, "catalogue/demande.html", contexte, status=statut)


@EQUIPE
@require_safe
def liste_editeurs(request: HttpRequest) -> HttpResponse:
    """Éditeurs et leurs représentants."""
    comptes = models.Count("representants")
    contexte = {"editeurs": Editeur.objects.annotate(nombre=comptes).order_by("nom_tri")}
    return render(request, "catalogue/equipe/editeurs.html", contexte)


@EQUIPE
@ECRIRE
def editeur(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Crée ou change un éditeur."""
    ouvert = get_object_or_404(Editeur, slug=slug) if slug else None
    geste = partial(
        editeurs.save_editeur, editeur=ouvert, agent=request.user, maintenant=timezone.now()
    )
    return _edit(
        request, ouvert, EditeurForm, geste, f"editeur:{slug}", "editeur.enregistre",
        titre=ouvert.nom if ouvert else "Nouvel éditeur", retour="catalogue:equipe_editeurs",
    )  # fmt: skip


@EQUIPE
@ECRIRE
def representants(request: HttpRequest, slug: str) -> HttpResponse:
    """Inscrit, invite et retire les représentants d’un éditeur."""
    ouvert = get_object_or_404(Editeur, slug=slug)
    formulaire = RepresentantForm(request.POST or None)
    if request.method == "POST":
        fait = try_form(
            formulaire, lambda: invitations.invite_representant(
                editeur=ouvert, courriel=formulaire.cleaned_data["courriel"], agent=request.user,
                maintenant=timezone.now(),
            ),
        )  # fmt: skip
        if fait:
            inscrite = isinstance(fait, Representant)
            messages.success(request, INSCRITE if inscrite else INVITEE)
            return redirect(request.path)
    contexte = {
        "editeur": ouvert,
        "formulaire": formulaire,
        "representants": ouvert.representants.select_related("compte").order_by("id"),
        "invitations": ouvert.invitations.filter(
            acceptee_le=None, annulee_le=None, expire_le__gt=timezone.now()
        ).order_by("-envoyee_le"),
    }
    statut = 422 if formulaire.is_bound else 200
    return render(request, "catalogue/equipe/representants.html", contexte, status=statut)


@EQUIPE
@require_POST
def oter_representant(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Retire un représentant."""
    inscrit = get_object_or_404(Representant, pk=pk, editeur__slug=slug)
    return act(
        request, reverse("catalogue:representants", args=[slug]), editeurs.remove_representant,
        "La personne ne représente plus cet éditeur.", representant=inscrit, agent=request.user,
        maintenant=timezone.now(),
    )  # fmt: skip


@EQUIPE
@require_POST
def annuler_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Annule un lien resté sans réponse."""
    envoyee = get_object_or_404(
        InvitationEditeur.objects.select_related("editeur"), pk=pk, editeur__slug=slug
    )
    return act(
        request, reverse("catalogue:representants", args=[slug]), invitations.cancel_invitation,
        "L’invitation est annulée.", invitation=envoyee, agent=request.user,
        maintenant=timezone.now(),
    )  # fmt: skip


@EQUIPE
@require_safe
def liste_clauses(request: HttpRequest) -> HttpResponse:
    """Clauses, retirées comprises."""
    contexte = {"clauses": Clause.objects.order_by("theme", "titre", "id")}
    return render(request, "catalogue/equipe/clauses.html", contexte)


@EQUIPE
@ECRIRE
def clause(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Écrit une clause ; un texte changé fait une version."""
    ouverte = get_object_or_404(Clause, slug=slug) if slug else None

    def write(champs: dict[str, Any], empreinte: str | None) -> Clause:
        texte, changement = champs.pop("texte"), champs.pop("changement")
        return editeurs.save_clause(
            clause=ouverte, champs=champs, texte=texte, changement=changement, agent=request.user,
            maintenant=timezone.now(), empreinte=empreinte,
        )  # fmt: skip

    return _edit(
        request, ouverte, ClauseForm, write, f"clause:{slug}", "clause.enregistree",
        titre=ouverte.titre if ouverte else "Nouvelle clause", retour="catalogue:equipe_clauses",
        texte=editeurs.read_texte,
    )  # fmt: skip


@EQUIPE
@require_POST
def retirer_clause(request: HttpRequest, slug: str) -> HttpResponse:
    """Retire une clause, ou la remet."""
    return act(
        request, reverse("catalogue:equipe_clauses"), editeurs.switch_clause, "C’est fait.",
        clause=get_object_or_404(Clause, slug=slug), agent=request.user,
        maintenant=timezone.now(),
    )  # fmt: skip


@EQUIPE
@require_safe
def liste_apis(request: HttpRequest) -> HttpResponse:
    """API et leurs dates."""
    contexte = {"apis": Api.objects.order_by("nom_tri", "id"), "cas": list_cas()}
    return render(request, "catalogue/equipe/apis.html", contexte)


@EQUIPE
@ECRIRE
def api(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Crée ou change une API."""
    ouverte = get_object_or_404(Api, slug=slug) if slug else None
    geste = partial(apis.save_api, api=ouverte, agent=request.user, maintenant=timezone.now())
    return _edit(request, ouverte, ApiForm, geste, f"api:{slug}", "api.enregistree",
                 titre=ouverte.nom if ouverte else "Nouvelle API",
                 retour="catalogue:equipe_apis")  # fmt: skip


@EQUIPE
@ECRIRE
def cas(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Crée ou change un cas d’usage : la démarche, les API, ce que l’on ne demande plus."""
    ouvert = get_ou_404(find_cas(slug)) if slug else None
    geste = partial(apis.save_cas, cas=ouvert, agent=request.user, maintenant=timezone.now())
    return _edit(request, ouvert, CasForm, geste, ouvert.cle if ouvert else "", "cas.enregistre",
                 titre=ouvert.titre if ouvert else "Nouveau cas d’usage",
                 retour="catalogue:equipe_apis", usages=apis.describe_usages)  # fmt: skip


@EQUIPE
@require_POST
def compter(request: HttpRequest) -> HttpResponse:
    """Compte tout de suite qui se sert des API, sans attendre la nuit."""
    return act(request, reverse("catalogue:equipe_apis"), apis.count_emplois,
               "Les emplois sont comptés.", maintenant=timezone.now())  # fmt: skip


def _edit(
    request: HttpRequest, objet: Any, sorte: type[forms.Form], geste: Callable[..., Any],
    cle: str, action: str, *, titre: str, retour: str, **autres: Callable[[Any], Any],
) -> HttpResponse:  # fmt: skip
    """Ouvre un objet dans son formulaire, et l’enregistre.

    Args:
        cle, action: ce que le journal dit de l’objet enregistré.
        autres: ce que le formulaire montre et qui n’est pas un champ de l’objet.
    """
    formulaire = sorte(request.POST or None, initial=read_initial(objet, sorte, **autres))
    if request.method == "POST":
        fait = try_fiche(
            request, formulaire, geste,
            relire=lambda: read_initial(reread(objet), sorte, **autres),
            trace={"objet": cle, "actions": [action]},
        )  # fmt: skip
        if fait:
            messages.success(request, "C’est enregistré.")
            return redirect(retour)
    return show_form(request, formulaire, titre=titre, retour=reverse(retour))
