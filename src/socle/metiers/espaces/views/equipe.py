"""L’équipe du programme : tenir la boîte à outils, relire les retours d’expérience."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs
from socle.fondations.commun.locataire import hors_transaction
from socle.fondations.commun.verrou import mark_valeurs, read_valeurs
from socle.fondations.comptes.permissions import programme_requis
from socle.fondations.documents.services.programme import receive_fichier
from socle.metiers.espaces.errors import LivrableModifieAilleurs
from socle.metiers.espaces.forms.boite import (
    FicheLivrableForm,
    LivrableForm,
    NouveauLivrableForm,
    RelectureForm,
    VersionForm,
)
from socle.metiers.espaces.models import Livrable, RetourDExperience
from socle.metiers.espaces.permissions import REDACTEURS
from socle.metiers.espaces.queries import boite as lectures
from socle.metiers.espaces.services import boite, retours
from socle.metiers.espaces.views.commun import FORMULAIRE, say_refus, show_form, show_versions
from socle.metiers.espaces.views.publiques import describe_livrable, describe_retour


@programme_requis(*REDACTEURS)
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Livrables, et retours à relire d’abord."""
    contexte = {
        "livrables": list(lectures.list_pour_equipe()),
        "retours": lectures.list_a_relire(),
    }
    return render(request, "espaces/equipe/accueil.html", contexte)


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def nouveau(request: HttpRequest) -> HttpResponse:
    """Crée un brouillon de livrable."""
    form = NouveauLivrableForm(request.POST or None, initial={"licence": "etalab-2.0"})
    if form.is_valid():
        try:
            livrable = boite.create_livrable(
                acteur=_acteur(request), maintenant=timezone.now(), **form.cleaned_data
            )
        except ErreurMetier as refus:
            form.add_error("slug", f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "Brouillon créé. Ajoutez un fichier ou un lien.")
            return redirect("espaces:modifier", livrable.slug)
    return show_form(request, "espaces/equipe/nouveau.html", form)


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def modifier(request: HttpRequest, slug: str) -> HttpResponse:
    """Corrige la fiche ; les versions et l’état sont à côté."""
    livrable = _get(slug)
    form = FicheLivrableForm(request.POST or None, initial=_read_fiche(livrable))
    if form.is_valid():
        try:
            boite.update_livrable(
                livrable=livrable, acteur=_acteur(request), maintenant=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except LivrableModifieAilleurs as refus:
            livrable = _get(slug)
            show_versions(
                request, form, refus, _read_fiche(livrable),
                objet=livrable.cle, actions=["livrable.modifie"],
            )  # fmt: skip
        else:
            messages.success(request, "Le livrable est enregistré.")
            return redirect("espaces:modifier", slug)
    return _show(request, livrable, form, VersionForm())


@programme_requis(*REDACTEURS)
@hors_transaction
@require_POST
def version(request: HttpRequest, slug: str) -> HttpResponse:
    """Ajoute une version : un fichier ou un lien."""
    livrable, acteur, maintenant = _get(slug), _acteur(request), timezone.now()
    form = VersionForm(request.POST, request.FILES)
    if form.is_valid():
        lu = form.cleaned_data
        try:
            document = lu["fichier"] and receive_fichier(
                fichier=lu["fichier"], objet=livrable.cle, acteur=acteur, maintenant=maintenant
            )
            boite.add_version(
                livrable=livrable, nom=lu["nom"], note=lu["note"], lien=lu["lien"],
                document=document or None, acteur=acteur, maintenant=maintenant,
            )  # fmt: skip
        except ErreurMetier as refus:
            form.add_error("fichier", f"{refus.message} {refus.suite}".strip())
        else:
            messages.success(request, "La version est ajoutée.")
            return redirect("espaces:modifier", slug)
    initial = {nom: getattr(livrable, nom) for nom in LivrableForm.base_fields}
    return _show(request, livrable, LivrableForm(initial=initial), form)


@programme_requis(*REDACTEURS)
@require_POST
def etat(request: HttpRequest, slug: str) -> HttpResponse:
    """Publie le livrable, ou le retire."""
    livrable, acteur, maintenant = _get(slug), _acteur(request), timezone.now()
    try:
        if livrable.is_publie:
            boite.withdraw_livrable(livrable=livrable, acteur=acteur, maintenant=maintenant)
            messages.success(request, "Le livrable est retiré. Rien n’est effacé.")
        else:
            boite.publish_livrable(livrable=livrable, acteur=acteur, maintenant=maintenant)
            messages.success(request, "Le livrable est publié.")
    except ErreurMetier as refus:
        say_refus(request, refus)
    return redirect("espaces:modifier", slug)


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def relire(request: HttpRequest, slug: str) -> HttpResponse:
    """Lit un retour proposé ; le publie ou le rend."""
    retour = _get_retour(slug)
    form = RelectureForm(request.POST or None)
    if form.is_valid():
        accepte = form.cleaned_data["avis"] == "publier"
        try:
            retours.review_retour(
                retour=retour, accepte=accepte, mot=form.cleaned_data["mot"],
                acteur=_acteur(request), maintenant=timezone.now(),
            )  # fmt: skip
            phrase = "publié" if accepte else "rendu à la collectivité"
            messages.success(request, f"Le retour est {phrase}.")
        except ErreurMetier as refus:
            say_refus(request, refus)
        return redirect("espaces:equipe")
    return show_form(request, "espaces/equipe/relire.html", form, **describe_retour(retour))


@programme_requis(*REDACTEURS)
@require_POST
def retirer_retour(request: HttpRequest, slug: str) -> HttpResponse:
    """Retire un retour publié ; la collectivité peut le reprendre."""
    retours.withdraw_retour(
        retour=_get_retour(slug), acteur=_acteur(request), maintenant=timezone.now()
    )
    messages.success(request, "Le retour n’est plus public.")
    return redirect("espaces:equipe")


def _show(
    request: HttpRequest, livrable: Livrable, form: LivrableForm, version_form: VersionForm
) -> HttpResponse:
    faux = (form.is_bound and form.errors) or (version_form.is_bound and version_form.errors)
    contexte = {**describe_livrable(livrable), "form": form, "version_form": version_form}
    statut = 422 if faux else 200
    statut = ModifieAilleurs.statut if getattr(form, "conflit", None) else statut
    return render(request, "espaces/equipe/modifier.html", contexte, status=statut)


def _read_fiche(livrable: Livrable) -> dict[str, Any]:
    return mark_valeurs(read_valeurs(livrable, *LivrableForm.base_fields))


def _get(slug: str) -> Livrable:
    livrable = lectures.find_livrable(slug, publie=False)
    if livrable is None:
        raise Http404
    return livrable


def _get_retour(slug: str) -> RetourDExperience:
    retour = lectures.find_retour(slug, publie=False)
    if retour is None or retour.etat == "brouillon":
        raise Http404
    return retour


def _acteur(request: HttpRequest) -> str:
    compte: Any = request.user
    return str(compte.acteur)
