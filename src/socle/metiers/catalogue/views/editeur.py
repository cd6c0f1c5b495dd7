"""Espace d’un éditeur : ses fiches, ses réponses, ses versions, ses essais, son label."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.permissions import programme_requis
from socle.metiers.catalogue.enums import Cote, Statut
from socle.metiers.catalogue.forms.label import AvisForm, RecoursForm
from socle.metiers.catalogue.forms.suivi import EssaiForm, TexteForm, VersionForm
from socle.metiers.catalogue.models import (
    CandidatureLabel,
    ReponseEditeur,
    Solution,
    VersionProduit,
)
from socle.metiers.catalogue.ports import bancs
from socle.metiers.catalogue.queries import deploiement, label
from socle.metiers.catalogue.queries import editeurs as lectures
from socle.metiers.catalogue.services import editeurs as services
from socle.metiers.catalogue.services import label as labels
from socle.metiers.catalogue.views.commun import (
    TRAVAIL,
    act,
    get_ou_404,
    get_solution,
    show_form,
    try_form,
)
from socle.metiers.catalogue.views.equipe import ECRIRE
from socle.metiers.catalogue.views.tenue import show_demande

EDITEUR = programme_requis(RoleProgramme.EDITEUR)


def _get(request: HttpRequest, slug: str) -> Solution:
    """Rend une solution que cette personne représente, ou une page introuvable."""
    return get_object_or_404(lectures.list_solutions_de(request.user), slug=slug)  # type: ignore[arg-type]


@EDITEUR
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Mes éditeurs, mes solutions, les demandes qui les concernent."""
    contexte = {
        "editeurs": lectures.list_editeurs_de(request.user),
        "solutions": lectures.list_solutions_de(request.user),
        "demandes": deploiement.list_demandes_des_produits(request.user)[:50],
    }
    return render(request, "catalogue/editeur/accueil.html", contexte)


@EDITEUR
@require_safe
def solution(request: HttpRequest, slug: str) -> HttpResponse:
    """Une de mes solutions : ce que le public en voit, et ce que je peux y faire."""
    _get(request, slug)
    fiche = get_solution(slug)
    contexte = {
        "solution": fiche,
        "reponse": TexteForm(),
        "refusee": next((c for c in fiche.labels_lus if c["etat"] == "refusee"), None),
        "en_cours": any(c["etat"] in {"declaree", "relue", "auditee", "recours"}
                        for c in fiche.labels_lus),
    }  # fmt: skip
    return render(request, "catalogue/editeur/solution.html", contexte)


@EDITEUR
@ECRIRE
def repondre(request: HttpRequest, slug: str) -> HttpResponse:
    """Publie une réponse sur la fiche."""
    mienne = _get(request, slug)
    formulaire = TexteForm(request.POST or None)
    retour = reverse("catalogue:editeur_solution", args=[slug])
    if request.method == "POST":
        fait = try_form(
            formulaire, lambda: services.answer_solution(
                solution=mienne, texte=formulaire.cleaned_data["texte"], agent=request.user,
                maintenant=timezone.now(),
            ),
        )  # fmt: skip
        if fait:
            messages.success(request, "Votre réponse est publiée.")
            return redirect(retour)
    return show_form(request, formulaire, titre=f"Répondre sur la fiche de {mienne.nom}",
                     bouton="Publier", retour=retour, base=TRAVAIL)  # fmt: skip


@EDITEUR
@require_POST
def retirer_reponse(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Retire une réponse de la fiche."""
    reponse = get_object_or_404(ReponseEditeur, pk=pk, solution=_get(request, slug))
    return act(
        request, reverse("catalogue:editeur_solution", args=[slug]), services.withdraw_reponse,
        "Votre réponse n’est plus montrée.", reponse=reponse, agent=request.user,
        maintenant=timezone.now(),
    )  # fmt: skip


@EDITEUR
@ECRIRE
def version(request: HttpRequest, slug: str) -> HttpResponse:
    """Déclare une version."""
    mienne = _get(request, slug)
    formulaire = VersionForm(request.POST or None)
    retour = reverse("catalogue:editeur_solution", args=[slug])
    if request.method == "POST":
        fait = try_form(
            formulaire, lambda: services.add_version(
                solution=mienne, agent=request.user, maintenant=timezone.now(),
                **formulaire.cleaned_data,
            ),
        )  # fmt: skip
        if fait:
            messages.success(request, "La version est déclarée. Faites-la passer aux bancs.")
            return redirect(retour)
    return show_form(request, formulaire, titre=f"Nouvelle version, {mienne.nom}",
                     bouton="Déclarer", retour=retour, base=TRAVAIL)  # fmt: skip


@EDITEUR
@ECRIRE
def essayer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Joue un banc sur une version ; le résultat est public."""
    essayee = get_object_or_404(
        VersionProduit.objects.select_related("solution"), pk=pk, solution=_get(request, slug)
    )
    formulaire = EssaiForm(request.POST or None, request.FILES or None)
    retour = reverse("catalogue:editeur_solution", args=[slug])
    if request.method == "POST":
        essai = try_form(formulaire, lambda: _run(request, essayee, formulaire))
        if essai:
            annonce = messages.warning if essai.statut == Statut.NON_CONFORME else messages.success
            annonce(request, f"{essai.resume}.")
            return redirect(retour)
    return show_form(request, formulaire, titre=f"Essayer {essayee.solution.nom} {essayee.numero}",
                     bouton="Jouer l’essai", retour=retour, base=TRAVAIL)  # fmt: skip


def _run(request: HttpRequest, essayee: VersionProduit, formulaire: EssaiForm) -> object:
    code, fichier = formulaire.cleaned_data["banc"], formulaire.cleaned_data["fichier"]
    octets = fichier.read(bancs[code.partition(":")[0]].taille_max + 1)
    return services.run_essai(
        version=essayee, banc=code, octets=octets,
        nom_fichier=fichier.name, agent=request.user, maintenant=timezone.now(),
    )  # fmt: skip


@EDITEUR
@ECRIRE
def candidater(request: HttpRequest, slug: str) -> HttpResponse:
    """Se déclare sur chaque critère du label."""
    mienne = _get(request, slug)
    referentiel = label.get_referentiel()
    criteres = list(referentiel.criteres.all()) if referentiel else []
    formulaire = AvisForm(request.POST or None, criteres=criteres)
    retour = reverse("catalogue:editeur_solution", args=[slug])
    if request.method == "POST":
        fait = try_form(
            formulaire, lambda: labels.declare(
                solution=mienne, avis=formulaire.reponses, agent=request.user,
                maintenant=timezone.now(),
            ),
        )  # fmt: skip
        if fait:
            messages.success(request, "Votre candidature est déposée. Un pair va la relire.")
            return redirect(retour)
    return show_form(request, formulaire, titre=f"Demander le label, {mienne.nom}",
                     bouton="Déposer la candidature", retour=retour, base=TRAVAIL,
                     aide="Vos réponses et vos preuves seront publiques.")  # fmt: skip


@EDITEUR
@ECRIRE
def contester(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Conteste un refus."""
    suivie = get_object_or_404(CandidatureLabel, pk=pk, solution=_get(request, slug))
    formulaire = RecoursForm(request.POST or None)
    retour = reverse("catalogue:editeur_solution", args=[slug])
    if request.method == "POST":
        fait = try_form(
            formulaire, lambda: labels.appeal(
                candidature=suivie, motif=formulaire.cleaned_data["motif"], agent=request.user,
                maintenant=timezone.now(),
            ),
        )  # fmt: skip
        if fait:
            messages.success(request, "Votre recours est déposé. Une autre personne tranchera.")
            return redirect(retour)
    return show_form(request, formulaire, titre="Contester le refus", bouton="Déposer le recours",
                     retour=retour, base=TRAVAIL)  # fmt: skip


@EDITEUR
@ECRIRE
def demande(request: HttpRequest, pk: int) -> HttpResponse:
    """Une demande d’accompagnement qui porte sur une de mes solutions."""
    miennes = deploiement.list_demandes_des_produits(request.user)
    ouverte = get_ou_404(deploiement.load_fil(miennes, pk))
    return show_demande(
        request, ouverte, Cote.EDITEUR, reverse("catalogue:editeur_accueil"), TRAVAIL
    )
