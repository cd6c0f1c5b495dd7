"""Tenir le catalogue : les fiches, leur publication, leur feuille de route."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.verrou import show_revision
from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.permissions import programme_requis
from socle.metiers.catalogue.errors import FicheModifieeAilleurs
from socle.metiers.catalogue.exports.publiccode import list_anomalies
from socle.metiers.catalogue.forms.solution import (
    EtapeForm,
    NouvelleSolutionForm,
    PubliccodeForm,
    RetraitForm,
    SolutionForm,
    read_fiche,
)
from socle.metiers.catalogue.models import EtapeSolution, FicheDistante
from socle.metiers.catalogue.queries import deploiement, label
from socle.metiers.catalogue.queries import solutions as lectures
from socle.metiers.catalogue.services import solutions as services
from socle.metiers.catalogue.services.publiccode import read_champs
from socle.metiers.catalogue.views.commun import (
    act,
    get_solution,
    read_initial,
    reread,
    show_form,
    try_fiche,
    try_form,
)
from socle.normes.publiccode.lecture import TAILLE_MAX

EQUIPE = programme_requis(RoleProgramme.EQUIPE)
ECRIRE = require_http_methods(["GET", "HEAD", "POST"])


@EQUIPE
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Toutes les fiches, brouillons compris, et ce qui attend."""
    contexte = {
        "solutions": lectures.list_pour_equipe(),
        "demandes": deploiement.list_demandes().count(),
        "candidatures": label.list_candidatures().filter(
            etat__in=["declaree", "relue", "auditee", "recours"]
        ).count(),
        "fiches": FicheDistante.objects.filter(etat="a_examiner").count(),
    }  # fmt: skip
    return render(request, "catalogue/equipe/accueil.html", contexte)


@EQUIPE
@ECRIRE
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Commence une fiche par son nom."""
    formulaire = NouvelleSolutionForm(request.POST or None)
    if request.method == "POST":
        solution = try_form(
            formulaire, lambda: services.create_solution(
                nom=formulaire.cleaned_data["nom"], agent=request.user, maintenant=timezone.now()
            ),
        )  # fmt: skip
        if solution:
            return redirect("catalogue:modifier", solution.slug)
    return show_form(request, formulaire, titre="Nouvelle solution", bouton="Créer le brouillon",
                     retour=reverse("catalogue:equipe"))  # fmt: skip


@EQUIPE
@ECRIRE
def importer(request: HttpRequest) -> HttpResponse:
    """Commence une fiche par son publiccode.yml."""
    formulaire = PubliccodeForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        solution = try_form(formulaire, lambda: _create(request, formulaire))
        if solution:
            messages.success(request, "La fiche est lue. Complétez ce qu’elle ne dit pas.")
            return redirect("catalogue:modifier", solution.slug)
    return show_form(request, formulaire, titre="Importer un publiccode.yml", bouton="Lire",
                     retour=reverse("catalogue:equipe"))  # fmt: skip


def _create(request: HttpRequest, formulaire: PubliccodeForm) -> object:
    champs = read_champs(formulaire.cleaned_data["fichier"].read(TAILLE_MAX + 1))
    return services.create_solution(
        nom=champs.pop("nom"), agent=request.user, maintenant=timezone.now(), champs=champs
    )


@EQUIPE
@ECRIRE
def modifier(request: HttpRequest, slug: str) -> HttpResponse:
    """La fiche entière, ce qui manque pour publier, et la feuille de route."""
    solution = get_solution(slug)
    formulaire = SolutionForm(request.POST or None, initial=read_fiche(solution))
    revision, statut = solution.revision, 200
    if request.method == "POST":
        lue = request.POST.get("revision", "")
        revision, statut = (int(lue) if lue.isdecimal() and len(lue) < 10 else -1), 422
        try:
            fait = try_form(
                formulaire, lambda: services.save_solution(
                    solution=solution, champs=formulaire.cleaned_data, agent=request.user,
                    revision=revision, maintenant=timezone.now(),
                ),
            )  # fmt: skip
        except FicheModifieeAilleurs as refus:
            fait, solution, statut = None, get_solution(slug), refus.statut
            revision = solution.revision
            show_revision(
                formulaire, refus, objet=solution, actuel=read_fiche(solution),
                prendre=request.path,
            )  # fmt: skip
        if fait:
            messages.success(request, "La fiche est enregistrée.")
            return redirect("catalogue:modifier", slug)
    contexte = {
        "solution": solution,
        "revision": revision,
        "formulaire": formulaire,
        "manques": services.list_manques(solution),
        "anomalies": list_anomalies(solution),
        "retrait": RetraitForm(prefix="retrait"),
    }
    return render(request, "catalogue/equipe/solution.html", contexte, status=statut)


@EQUIPE
@require_POST
def publier(request: HttpRequest, slug: str) -> HttpResponse:
    """Publie la fiche, ou la republie."""
    return act(
        request, reverse("catalogue:modifier", args=[slug]), services.publish_solution,
        "La fiche est publiée.", solution=get_solution(slug), agent=request.user,
        maintenant=timezone.now(),
    )  # fmt: skip


@EQUIPE
@require_POST
def retirer(request: HttpRequest, slug: str) -> HttpResponse:
    """Retire la fiche ; elle reste lisible et dit pourquoi."""
    return act(
        request, reverse("catalogue:modifier", args=[slug]), services.withdraw_solution,
        "La fiche est retirée. Publiez-la à nouveau pour revenir en arrière.",
        solution=get_solution(slug), motif=request.POST.get("retrait-motif", "")[:300],
        agent=request.user, maintenant=timezone.now(),
    )  # fmt: skip


@EQUIPE
@ECRIRE
def etape(request: HttpRequest, slug: str, pk: int = 0) -> HttpResponse:
    """Ajoute ou change une étape de la feuille de route."""
    solution = get_solution(slug)
    ouverte = get_object_or_404(EtapeSolution, pk=pk, solution=solution) if pk else None
    retour = reverse("catalogue:modifier", args=[slug])
    formulaire = EtapeForm(request.POST or None, initial=read_initial(ouverte, EtapeForm))
    if request.method == "POST":
        fait = try_fiche(
            request, formulaire,
            partial(
                services.save_etape, solution=solution, etape=ouverte, agent=request.user,
                maintenant=timezone.now(),
            ),
            relire=lambda: read_initial(reread(ouverte), EtapeForm),
            trace={"objet": solution.cle, "actions": ["solution.etape"], "etape": pk},
        )  # fmt: skip
        if fait:
            messages.success(request, "L’étape est enregistrée.")
            return redirect(retour)
    return show_form(request, formulaire, titre=f"Étape, {solution.nom}", retour=retour)


@EQUIPE
@require_POST
def oter_etape(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ôte une étape saisie par erreur."""
    ouverte = get_object_or_404(EtapeSolution, pk=pk, solution=get_solution(slug))
    return act(
        request, reverse("catalogue:modifier", args=[slug]), services.remove_etape,
        "L’étape est ôtée.", etape=ouverte, agent=request.user, maintenant=timezone.now(),
    )  # fmt: skip
