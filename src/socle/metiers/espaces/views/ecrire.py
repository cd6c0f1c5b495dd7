"""Écrire dans un groupe : sujets, commentaires, versions, réponse retenue, tâches."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.locataire import hors_transaction
from socle.fondations.commun.verrou import mark_valeurs
from socle.fondations.documents.services.programme import receive_fichier
from socle.metiers.espaces.enums import GenreSujet
from socle.metiers.espaces.errors import PasAnimateur, PasMembre, TacheModifieeAilleurs
from socle.metiers.espaces.forms.groupes import (
    FORMES,
    CommentaireForm,
    SuiviForm,
    TacheForm,
    VersionForm,
)
from socle.metiers.espaces.models import GroupeDeTravail, MembreDeGroupe, Sujet, Tache
from socle.metiers.espaces.permissions import check_ecriture, find_membre
from socle.metiers.espaces.queries import groupes as lectures
from socle.metiers.espaces.services import travaux
from socle.metiers.espaces.views.animer import agent_requis
from socle.metiers.espaces.views.commun import (
    FORMULAIRE,
    get_groupe,
    get_sujet,
    show_form,
    show_versions,
)
from socle.metiers.espaces.views.groupes import describe_sujet

TITRES = {
    GenreSujet.NOUVELLE: "Écrire une nouvelle",
    GenreSujet.QUESTION: "Poser une question",
    GenreSujet.DOCUMENT: "Déposer un document",
}


@hors_transaction
@agent_requis
@require_http_methods(FORMULAIRE)
def sujet(request: HttpRequest, slug: str) -> HttpResponse:
    """Écrit une nouvelle, une question, ou dépose un document (`?genre=`)."""
    groupe = get_groupe(slug)
    membre = check_ecriture(groupe, _get_compte(request))
    demande = request.GET.get("genre", "")
    genre = GenreSujet(demande) if demande in GenreSujet.values else GenreSujet.NOUVELLE
    form = FORMES[genre](request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            ecrit = _write(membre, genre, form.cleaned_data)
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}".strip())
        else:
            messages.success(request, "C’est écrit.")
            return redirect("espaces:sujet", slug, ecrit.pk)
    contexte = {"groupe": groupe, "titre": TITRES[genre], "fichier": "fichier" in form.fields}
    return show_form(request, "espaces/groupes/ecrire.html", form, **contexte)


def _write(membre: MembreDeGroupe, genre: GenreSujet, valeurs: dict[str, Any]) -> Sujet:
    """Les octets d’abord, hors transaction ; un fichier refusé ne laisse aucun sujet."""
    maintenant = timezone.now()
    document = None
    if genre == GenreSujet.DOCUMENT:
        document = _receive(membre, valeurs["fichier"])
    ecrit = travaux.write_sujet(
        membre=membre, genre=genre, titre=valeurs["titre"], texte=valeurs["texte"],
        maintenant=maintenant,
    )  # fmt: skip
    if document is not None:
        travaux.add_version(
            membre=membre, sujet=ecrit, document=document, note="", maintenant=maintenant
        )
    return ecrit


@agent_requis
@require_POST
def commenter(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Commente un sujet, ou répond à une question."""
    membre, lu = _open(request, slug, pk)
    form = CommentaireForm(request.POST)
    if form.is_valid():
        travaux.write_commentaire(
            membre=membre, sujet=lu, texte=form.cleaned_data["texte"], maintenant=timezone.now()
        )
        messages.success(request, "Votre message est ajouté.")
        return redirect("espaces:sujet", slug, pk)
    contexte = {**describe_sujet(lu, membre), "form": form}
    return render(request, "espaces/groupes/sujet.html", contexte, status=422)


@hors_transaction
@agent_requis
@require_POST
def version(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ajoute une version à un document."""
    membre, lu = _open(request, slug, pk)
    form = VersionForm(request.POST, request.FILES)
    if lu.is_document and form.is_valid():
        try:
            travaux.add_version(
                membre=membre, sujet=lu, document=_receive(membre, form.cleaned_data["fichier"]),
                note=form.cleaned_data["note"], maintenant=timezone.now(),
            )  # fmt: skip
        except ErreurMetier as refus:
            form.add_error("fichier", f"{refus.message} {refus.suite}".strip())
        else:
            messages.success(request, "La nouvelle version est là ; les autres restent.")
            return redirect("espaces:sujet", slug, pk)
    contexte = {**describe_sujet(lu, membre), "form": CommentaireForm(), "version_form": form}
    return render(request, "espaces/groupes/sujet.html", contexte, status=422)


@agent_requis
@require_POST
def retenir(request: HttpRequest, slug: str, pk: int, commentaire: int) -> HttpResponse:
    """Retient une réponse ; la même encore une fois ne la retient plus."""
    membre, lu = _open(request, slug, pk)
    if lu.auteur_id != membre.pk and not membre.is_animateur:
        raise PasAnimateur(suite="Qui a posé la question, ou un animateur, retient la réponse.")
    choisi = get_object_or_404(lu.commentaires.all(), pk=commentaire)
    if lu.is_question:
        travaux.choose_reponse(
            membre=membre, sujet=lu, commentaire=None if lu.reponse_id == choisi.pk else choisi,
            maintenant=timezone.now(),
        )  # fmt: skip
    return redirect("espaces:sujet", slug, pk)


@agent_requis
@require_http_methods(FORMULAIRE)
def taches(request: HttpRequest, slug: str) -> HttpResponse:
    """Les tâches du groupe ; en ajouter une."""
    groupe = get_groupe(slug)
    compte = _get_compte(request)
    membre = find_membre(groupe, compte)
    if membre is None:
        raise PasMembre
    presents = lectures.list_membres(groupe)
    form = TacheForm(request.POST or None, membres=presents)
    if form.is_valid():
        travaux.create_tache(
            membre=check_ecriture(groupe, compte), titre=form.cleaned_data["titre"],
            responsable=form.membre_choisi, echeance=form.cleaned_data["echeance"],
            maintenant=timezone.now(),
        )  # fmt: skip
        messages.success(request, "La tâche est ajoutée.")
        return redirect("espaces:taches", slug)
    contexte = {
        "groupe": groupe,
        "ouvertes": lectures.list_taches(groupe, faites=False),
        "faites": lectures.list_taches(groupe, faites=True),
        "aujourdhui": timezone.localdate(),
    }
    return show_form(request, "espaces/groupes/taches.html", form, **contexte)


@agent_requis
@require_http_methods(FORMULAIRE)
def tache(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change l’état, le responsable ou le jour d’une tâche."""
    groupe = get_groupe(slug)
    membre = check_ecriture(groupe, _get_compte(request))
    lue = get_object_or_404(Tache, groupe=groupe, pk=pk)
    form = SuiviForm(
        request.POST or None,
        membres=lectures.list_membres(groupe),
        initial=mark_valeurs(travaux.describe_tache(lue)),
    )
    if form.is_valid():
        try:
            travaux.update_tache(
                membre=membre, tache=lue, etat=form.cleaned_data["etat"],
                responsable=form.membre_choisi, echeance=form.cleaned_data["echeance"],
                maintenant=timezone.now(), empreinte=form.cleaned_data["empreinte"],
            )  # fmt: skip
        except TacheModifieeAilleurs as refus:
            lue = get_object_or_404(Tache, groupe=groupe, pk=pk)
            show_versions(
                request, form, refus, mark_valeurs(travaux.describe_tache(lue)),
                objet=groupe.cle, actions=["groupe.tache_changee"],
            )  # fmt: skip
        else:
            messages.success(request, "La tâche est changée.")
            return redirect("espaces:taches", slug)
    return show_form(request, "espaces/groupes/tache.html", form, groupe=groupe, tache=lue)


def _open(request: HttpRequest, slug: str, pk: int) -> tuple[MembreDeGroupe, Sujet]:
    """Un sujet de ce groupe, pour un membre qui peut y écrire."""
    groupe = get_groupe(slug)
    return check_ecriture(groupe, _get_compte(request)), get_sujet(groupe, pk)


def _receive(membre: MembreDeGroupe, fichier: Any) -> Any:
    groupe: GroupeDeTravail = membre.groupe
    return receive_fichier(
        fichier=fichier, objet=groupe.cle, acteur=f"agent:{membre.compte_id}",
        maintenant=timezone.now(),
    )  # fmt: skip


def _get_compte(request: HttpRequest) -> Any:
    return request.user
