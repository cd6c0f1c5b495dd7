"""Ouvrir un groupe, y entrer, l’animer, le quitter."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.commun.verrou import mark_valeurs, read_valeurs
from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.permissions import genre_requis, programme_requis
from socle.metiers.espaces.enums import SensEntree
from socle.metiers.espaces.errors import GroupeModifieAilleurs
from socle.metiers.espaces.forms.groupes import (
    EntreeForm,
    InvitationForm,
    NouveauGroupeForm,
    OrganisationForm,
    ReglageGroupeForm,
    RoleForm,
)
from socle.metiers.espaces.models import EntreeEnGroupe, GroupeDeTravail, MembreDeGroupe
from socle.metiers.espaces.permissions import FONDATEURS, check_animation, find_membre
from socle.metiers.espaces.queries import groupes as lectures
from socle.metiers.espaces.services import groupes as services
from socle.metiers.espaces.views.commun import (
    FORMULAIRE,
    get_groupe,
    say_refus,
    show_form,
    show_versions,
)

agent_requis = genre_requis(GenreCompte.AGENT)


@programme_requis(*FONDATEURS)
@require_http_methods(FORMULAIRE)
def ouvrir(request: HttpRequest) -> HttpResponse:
    """Ouvre un groupe et en devient l’animateur."""
    compte: Any = request.user
    initial = {"organisation": lectures.name_organisation(compte), "acces": "restreint"}
    form = NouveauGroupeForm(request.POST or None, initial=initial)
    if form.is_valid():
        fiche = {nom: form.cleaned_data[nom] for nom in ("nom", "but", "acces", "liens")}
        try:
            groupe = services.create_groupe(
                slug=form.slug, compte=compte, organisation=form.cleaned_data["organisation"],
                maintenant=timezone.now(), **fiche,
            )  # fmt: skip
        except ErreurMetier:
            form.add_error("nom", "Un groupe porte déjà ce nom : précisez-le.")
        else:
            messages.success(request, "Le groupe est ouvert. Invitez ses membres.")
            return redirect("espaces:membres", groupe.slug)
    return show_form(request, "espaces/groupes/ouvrir.html", form)


@agent_requis
@require_http_methods(FORMULAIRE)
def entrer(request: HttpRequest, slug: str) -> HttpResponse:
    """Accepte une invitation, ou demande à entrer."""
    groupe, compte = get_groupe(slug), _get_compte(request)
    if find_membre(groupe, compte):
        return redirect("espaces:groupe", slug)
    entree = lectures.find_entree(groupe, compte)
    invite = entree is not None and entree.sens == SensEntree.INVITATION
    forme = OrganisationForm if invite else EntreeForm
    form = forme(request.POST or None, initial={"organisation": lectures.name_organisation(compte)})
    if form.is_valid():
        try:
            _enter(request, groupe, entree if invite else None, form.cleaned_data)
        except ErreurMetier as refus:
            say_refus(request, refus)
        return redirect("espaces:groupe", slug)
    return show_form(
        request, "espaces/groupes/entrer.html", form, groupe=groupe, invite=invite, entree=entree
    )


def _enter(
    request: HttpRequest,
    groupe: GroupeDeTravail,
    invitation: EntreeEnGroupe | None,
    valeurs: dict[str, Any],
) -> None:
    compte, maintenant = _get_compte(request), timezone.now()
    if invitation is not None:
        services.accept_invitation(
            entree=invitation, compte=compte, organisation=valeurs["organisation"],
            maintenant=maintenant,
        )  # fmt: skip
        messages.success(request, "Bienvenue : vous êtes membre du groupe.")
        return
    services.ask_entree(
        groupe=groupe, compte=compte, organisation=valeurs["organisation"],
        message=valeurs["message"], maintenant=maintenant,
    )  # fmt: skip
    messages.success(request, "Votre demande est envoyée aux animateurs du groupe.")


@agent_requis
@require_http_methods(FORMULAIRE)
def quitter(request: HttpRequest, slug: str) -> HttpResponse:
    """Quitte le groupe ; ce que l’on a écrit y reste."""
    groupe, compte = get_groupe(slug), _get_compte(request)
    membre = find_membre(groupe, compte)
    if membre is None:
        raise Http404
    if request.method == "POST":
        try:
            services.end_membre(membre=membre, compte=compte, maintenant=timezone.now())
        except ErreurMetier as refus:
            say_refus(request, refus)
            return redirect("espaces:membres", slug)
        messages.success(request, f"Vous avez quitté « {groupe.nom} ».")
        return redirect("espaces:groupe", slug)
    return render(request, "espaces/groupes/quitter.html", {"groupe": groupe, "membre": membre})


@agent_requis
@require_http_methods(FORMULAIRE)
def membres(request: HttpRequest, slug: str) -> HttpResponse:
    """Les membres ; pour un animateur, inviter et répondre."""
    groupe, compte = get_groupe(slug), _get_compte(request)
    membre = find_membre(groupe, compte)
    if membre is None or (request.method == "POST" and not membre.is_animateur):
        check_animation(groupe, compte)
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        try:
            services.invite_membre(
                groupe=groupe, courriel=form.cleaned_data["courriel"], compte=compte,
                maintenant=timezone.now(),
            )  # fmt: skip
        except ErreurMetier as refus:
            form.add_error("courriel", f"{refus.message} {refus.suite}".strip())
        else:
            messages.success(request, "L’invitation est partie.")
            return redirect("espaces:membres", slug)
    animateur = membre is not None and membre.is_animateur
    contexte = {
        "groupe": groupe,
        "membre": membre,
        "membres": [
            (m, RoleForm(initial={"role": m.role}, prefix=f"m{m.pk}"))
            for m in lectures.list_membres(groupe)
        ],
        "entrees": lectures.list_entrees(groupe) if animateur else [],
        "animateur": animateur,
    }
    return show_form(request, "espaces/groupes/membres.html", form, **contexte)


@agent_requis
@require_POST
def role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Nomme un animateur, ou en fait un membre."""
    membre = _get_membre(request, slug, pk)
    form = RoleForm(request.POST, prefix=f"m{pk}")
    if form.is_valid():
        try:
            services.change_role(
                membre=membre, role=form.cleaned_data["role"], compte=_get_compte(request),
                maintenant=timezone.now(),
            )  # fmt: skip
            messages.success(request, "Le rôle est changé.")
        except ErreurMetier as refus:
            say_refus(request, refus)
    return redirect("espaces:membres", slug)


@agent_requis
@require_POST
def retirer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Retire un membre ; ce qu’il a écrit reste."""
    membre = _get_membre(request, slug, pk)
    try:
        laissees = services.end_membre(
            membre=membre, compte=_get_compte(request), maintenant=timezone.now()
        )
    except ErreurMetier as refus:
        say_refus(request, refus)
    else:
        suite = f" Ses tâches ({laissees}) vous attendent." if laissees else ""
        messages.success(request, f"Cette personne n’est plus membre.{suite}")
    return redirect("espaces:membres", slug)


@agent_requis
@require_POST
def repondre(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Accepte ou refuse une demande ; reprend une invitation."""
    groupe, compte = get_groupe(slug), _get_compte(request)
    check_animation(groupe, compte)
    entree = get_object_or_404(EntreeEnGroupe, groupe=groupe, pk=pk)
    accepte = request.POST.get("choix") == "accepter"
    try:
        services.answer_demande(
            entree=entree, accepte=accepte, compte=compte, maintenant=timezone.now()
        )
    except ErreurMetier as refus:
        say_refus(request, refus)
    else:
        messages.success(request, "C’est noté.")
    return redirect("espaces:membres", slug)


@agent_requis
@require_http_methods(FORMULAIRE)
def reglages(request: HttpRequest, slug: str) -> HttpResponse:
    """Nom, but, accès ; archiver."""
    groupe, compte = get_groupe(slug), _get_compte(request)
    check_animation(groupe, compte)
    form = ReglageGroupeForm(request.POST or None, initial=_read_reglages(groupe))
    if form.is_valid():
        try:
            services.update_groupe(
                groupe=groupe, compte=compte, maintenant=timezone.now(), **form.cleaned_data
            )
        except GroupeModifieAilleurs as refus:
            groupe = get_groupe(slug)
            show_versions(
                request, form, refus, _read_reglages(groupe),
                objet=groupe.cle, actions=["groupe.modifie"],
            )  # fmt: skip
        else:
            messages.success(request, "Le groupe est réglé.")
            return redirect("espaces:groupe", slug)
    return show_form(request, "espaces/groupes/reglages.html", form, groupe=groupe)


def _read_reglages(groupe: GroupeDeTravail) -> dict[str, Any]:
    return mark_valeurs(read_valeurs(groupe, "nom", "but", "acces", "liens"))


@agent_requis
@require_POST
def archiver(request: HttpRequest, slug: str) -> HttpResponse:
    """Archive le groupe, ou le rouvre."""
    groupe, compte = get_groupe(slug), _get_compte(request)
    check_animation(groupe, compte)
    archive = not groupe.is_archive
    services.set_archive(groupe=groupe, archive=archive, compte=compte, maintenant=timezone.now())
    messages.success(request, "Le groupe est archivé." if archive else "Le groupe est rouvert.")
    return redirect("espaces:groupe", slug)


def _get_membre(request: HttpRequest, slug: str, pk: int) -> MembreDeGroupe:
    """Un membre présent de ce groupe, pour qui l’anime."""
    groupe = get_groupe(slug)
    check_animation(groupe, _get_compte(request))
    presents = MembreDeGroupe.objects.select_related("groupe", "compte")
    return get_object_or_404(presents, groupe=groupe, pk=pk, sorti_le__isnull=True)


def _get_compte(request: HttpRequest) -> Any:
    if not request.user.is_authenticated:
        raise AccesRefuse
    return request.user
